// What happens to a session, as the table names it: a card, an act of the person in front of it, an answer that was
// waited for.

import type { Card } from "../access/reader.js";
import type { EventName } from "./table.js";
import type { Intent } from "./view.js";

export interface Event {
  readonly name: EventName;
  readonly card?: Card;
  readonly intent?: Intent;
  readonly value?: unknown;
}

const edits: ReadonlySet<Intent["do"]> = new Set(["toggle", "mode", "digit", "correct", "blank", "enter"]);

export function intentEvent(intent: Intent): Event {
  if (edits.has(intent.do)) return { name: "edit", intent };
  switch (intent.do) {
    case "next":
    case "back":
    case "jump":
    case "confirm":
    case "reject":
    case "settings":
    case "here":
      return { name: intent.do, intent };
    case "official":
      return { name: "act", intent };
    default:
      return { name: "here", intent };
  }
}
