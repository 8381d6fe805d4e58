// The names of all texts, of the roles' own and of those made at build time: what code of the screens and slips says
// instead of words.

import type { DeskMessageCode } from "../../firmware/checkin/messages.js";
import type { MessageCode } from "../../firmware/messages.js";
import type { deskStrings } from "../desk/strings.js";
import type { strings } from "../strings.js";

/**
 * A message of firmware/messages.ts has three texts: its title, its text, and the small line with the code and the
 * English title.
 */
export type MessageTextKey = `message.${MessageCode | DeskMessageCode}.${"title" | "text" | "note"}`;
/**
 * A letter of the keyboard (its number in `alphabet`) by itself, before, between and after others; lam with alef has
 * two forms.
 */
export type LetterKey = `letter.${number}.${0 | 1 | 2 | 3}` | `letter.lam-alef.${0 | 3}`;
/**
 * Of either role: each image's bundle has its own (tools/build/ui-bundle.ts), and asking for one that it lacks throws.
 */
export type TextKey = keyof typeof strings | keyof typeof deskStrings | MessageTextKey | LetterKey;
