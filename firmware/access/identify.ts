// Which of our cards lies on the reader, if any.

import { type Result, ok } from "../result.js";
import { exchange } from "./channel.js";
import { ACTIVATION_AID, OFFICIAL_AID, SW_OK, commandApdu } from "./protocol.js";
import type { Card, CardFault } from "./reader.js";

export type CardKind = "activation" | "official" | "foreign";

const TRIES_MAX = 3;

/** A card that stays silent or garbled is no card of ours: "foreign". */
export async function identify(
  card: Card,
): Promise<Result<CardKind, { readonly kind: "card"; readonly fault: CardFault }>> {
  for (const [kind, aid] of [
    ["activation", ACTIVATION_AID],
    ["official", OFFICIAL_AID],
  ] as const) {
    for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
      const answer = await exchange(card, commandApdu(0x00, 0xa4, 0x04, 0x00, aid, undefined));
      if (answer.ok && answer.value.word === SW_OK) return ok(kind);
      if (answer.ok) break;
      if (answer.error.fault === "removed" || answer.error.fault === "several") return answer;
    }
  }
  return ok("foreign");
}
