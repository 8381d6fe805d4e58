// Measures of the screen, and what is said of a place on it: what stands there, what touching it asks for.

import type { Intent } from "../firmware/session/view.js";
import type { Rectangle } from "./render/dirty.js";
import type { IconName, Radius } from "./render/icons.js";
import type { Role } from "./text/faces.js";
import type { Run } from "./text/typesetter.js";

export const screenWidth = 1024;
export const screenHeight = 600;
/** 12.96 mm and 2.6 mm at 4.63 px/mm (VVSG 7.2-H, -I: at least 12.7 and 2.54 mm). */
export const targetLeast = 60;
export const targetGap = 12;
/** More of these on one screen are a bug. */
export const targetsMax = 64;

/** What a touch asks for: an intent for the session, or something of the screen's own. */
export type Act = Intent | LocalAct;

export type LocalAct =
  | { readonly do: "local-page"; readonly page: number }
  /** What a contest asks has been read. */
  | { readonly do: "local-start" }
  /** Help, settings, search by name; undefined leaves them. */
  | { readonly do: "local-panel"; readonly panel: "help" | "settings" | "search" | undefined }
  /** A letter of the on-screen keyboard; "" takes the last one back. */
  | { readonly do: "local-letter"; readonly letter: string };

export interface Target extends Rectangle {
  readonly id: string;
  readonly act: Act;
}

export type Align = "start" | "center" | "end";

export interface Place {
  /** From the leading edge. */
  readonly x: number;
  readonly width: number;
  readonly align?: Align;
  /** Baseline, from the top. */
  readonly y: number;
  readonly color?: number;
}

export interface BoxLook {
  readonly fill: number;
  readonly border?: number;
  readonly borderColor?: number;
  readonly radius?: Radius | 0;
}

export type ButtonLook = "plain" | "confirm" | "destroy" | "strong";

/** What stands on a button. */
export interface ButtonContent {
  readonly label?: Run;
  /** The label's; "frame-bold" when absent. */
  readonly role?: Role;
  readonly icon?: IconName;
  readonly look?: ButtonLook;
  readonly arrow?: "forward" | "backward" | undefined;
  /** The colour around the button. */
  readonly behind?: number;
}
