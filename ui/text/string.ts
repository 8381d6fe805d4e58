// What one text of a role's own is: its words in both languages, what it is set in, and where its lines break.

import type { PaperFace, Role } from "./faces.js";

export interface UiString {
  readonly fa: string;
  readonly en: string;
  /** What it is for; the first on the screen, and the first on paper, decides where lines break. */
  readonly faces: readonly (Role | PaperFace)[];
  /** Pixels or dots at which lines break, in every size. */
  readonly wrap?: number;
  /** Each character is set alone: as a piece of a line, or as a line. */
  readonly apart?: "pieces" | "lines";
}

export type Faces = UiString["faces"];
