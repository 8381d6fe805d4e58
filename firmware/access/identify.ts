// Which of our cards lies on the reader, if any.

import { type Result, ok } from "../result.js";
import { exchange } from "./channel.js";
import { ACTIVATION_AID, OFFICIAL_AID, SW_OK, commandApdu } from "./protocol.js";
import { type Card, type CardFault, QUICK_MS } from "./reader.js";

export type CardKind = "activation" | "official" | "foreign";

/** How often an application is selected when the answer was garbled; of a silent card, in all. */
const TRIES_MAX = 3;
const SILENT_MAX = 2;

/**
 * A card whose answers stay garbled is no card of ours: "foreign". One that stays silent is not read, within a second.
 */
export async function identify(
  card: Card,
): Promise<Result<CardKind, { readonly kind: "card"; readonly fault: CardFault }>> {
  let silent = 0;
  for (const [kind, aid] of [
    ["activation", ACTIVATION_AID],
    ["official", OFFICIAL_AID],
  ] as const) {
    for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
      const answer = await exchange(card, commandApdu(0x00, 0xa4, 0x04, 0x00, aid, undefined), QUICK_MS);
      if (answer.ok && answer.value.word === SW_OK) return ok(kind);
      if (answer.ok) break;
      const { fault } = answer.error;
      if (fault === "removed" || fault === "several" || (fault === "silent" && ++silent === SILENT_MAX)) return answer;
    }
  }
  return ok("foreign");
}
