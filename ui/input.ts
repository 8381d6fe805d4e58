// Touches and keys -> acts. A touch counts when it begins and ends in the same target with no second finger on the
// glass; whatever is held does nothing more.

import type { Intent, View } from "../firmware/session/view.js";
import type { Act, Target } from "./place.js";
import type { Sheet } from "./sheet.js";

export interface TouchInput {
  readonly contact: number;
  readonly phase: "down" | "move" | "up";
  readonly x: number;
  readonly y: number;
}

export type KeyName =
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | "white"
  | "correction"
  | "green"
  | "up"
  | "down"
  | "previous"
  | "next"
  | "select"
  | "back";

export interface KeyInput {
  readonly key: KeyName;
  readonly pressed: boolean;
}

export type TouchResult =
  | { readonly kind: "nothing" }
  /** A finger is on this target; undefined: no more. */
  | { readonly kind: "pressed"; readonly target: string | undefined }
  | { readonly kind: "act"; readonly act: Act; readonly target: string | undefined };

export class TouchTracker {
  /** Contacts on the glass. */
  readonly #down = new Set<number>();
  #first: { readonly contact: number; readonly target: string | undefined; readonly epoch: number } | undefined;
  /** Another screen has come under the finger: what began on the old one cannot end on the new. */
  #epoch = 0;

  screenChanged(): void {
    this.#epoch++;
  }

  touch(input: TouchInput, sheet: Pick<Sheet, "targetAt">): TouchResult {
    if (input.phase === "down") {
      this.#down.add(input.contact);
      if (this.#down.size > 1) {
        // a palm or a second person: nothing counts until the glass is free again
        const had = this.#first !== undefined;
        this.#first = undefined;
        return had ? { kind: "pressed", target: undefined } : { kind: "nothing" };
      }
      const target = sheet.targetAt(input.x, input.y)?.id;
      this.#first = { contact: input.contact, target, epoch: this.#epoch };
      return target === undefined ? { kind: "nothing" } : { kind: "pressed", target };
    }
    if (input.phase === "move") return { kind: "nothing" };
    const known = this.#down.delete(input.contact);
    const first = this.#first;
    if (!known || first === undefined || first.contact !== input.contact) return { kind: "nothing" };
    this.#first = undefined;
    const target = sheet.targetAt(input.x, input.y);
    if (first.target === undefined || first.epoch !== this.#epoch || target === undefined || target.id !== first.target)
      return { kind: "act", act: { do: "here" }, target: undefined };
    return { kind: "act", act: target.act, target: target.id };
  }
}

/** What a key of the keypad asks for on this screen. Keys that move the focus are the screen's own. */
export function keyIntent(key: KeyName, view: View): Intent {
  const here: Intent = { do: "here" };
  const digit = key.length === 1 ? Number(key) : undefined;
  switch (view.screen) {
    case "voting":
      if (digit !== undefined) return { do: "digit", digit };
      if (key === "white") return { do: "blank" };
      if (key === "correction") return { do: "correct" };
      if (key === "green") return view.typed === "" ? { do: "next" } : { do: "enter" };
      return key === "back" ? { do: "back" } : here;
    case "review":
    case "confirm":
      if (key === "green") return { do: "confirm" };
      return key === "correction" || key === "back" ? { do: "back" } : here;
    case "slip":
      return key === "correction" && view.mayReject ? { do: "reject" } : here;
    case "official-pin":
      if (digit !== undefined) return { do: "digit", digit };
      if (key === "correction") return { do: "correct" };
      if (key === "green") return { do: "confirm" };
      return key === "back" ? { do: "back" } : here;
    case "official-menu":
    case "official-second":
      return key === "back" || key === "correction" ? { do: "back" } : here;
    case "official-result":
    case "official-service":
      return key === "green" ? { do: "next" } : key === "back" ? { do: "back" } : here;
    default:
      return here;
  }
}

/** The target that the focus moves to. Previous and next follow the order of the screen, up and down its geometry. */
export function moveFocus(
  targets: readonly Target[],
  from: string | undefined,
  key: "up" | "down" | "previous" | "next",
): string | undefined {
  const at = targets.findIndex((target) => target.id === from);
  if (at < 0) return targets[0]?.id;
  if (key === "next") return targets[(at + 1) % targets.length]!.id;
  if (key === "previous") return targets[(at + targets.length - 1) % targets.length]!.id;
  const here = targets[at]!;
  const middle = here.x + here.width / 2;
  let best: Target | undefined;
  let bestDistance = Infinity;
  for (const target of targets) {
    const away = key === "down" ? target.y - here.y : here.y - target.y;
    if (away <= 0) continue;
    const distance = away * 4 + Math.abs(target.x + target.width / 2 - middle);
    if (distance < bestDistance) {
      best = target;
      bestDistance = distance;
    }
  }
  return (best ?? here).id;
}
