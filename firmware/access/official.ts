// An official's card: a PIN that the card itself checks and counts, and its key, which opens the card's share of a tally
// key only after the PIN and for a terminal whose polls are closed. The card holds no share itself. Whether it is an
// official's, and of which office, its certificate has said before the PIN goes to it (channel.ts).

import { concat, utf8 } from "../bytes.js";
import { sealedShareLength } from "../crypto/tally-key.js";
import { type Result, assert, err, ok } from "../result.js";
import type { ChannelFault, Sessions } from "./channel.js";
import {
  INS_OPEN_SHARE,
  INS_VERIFY,
  PIN_DIGITS_MAX,
  PIN_DIGITS_MIN,
  SW_BLOCKED,
  SW_OK,
  encodePin,
} from "./protocol.js";
import type { Card } from "./reader.js";

export type OfficialFault =
  | ChannelFault
  /** No official's card. */
  | { readonly kind: "other-kind" }
  | { readonly kind: "wrong-pin"; readonly triesLeft: number }
  | { readonly kind: "dead" };

/**
 * Gives the card the PIN (digits, PIN_DIGITS_MIN..PIN_DIGITS_MAX). Not repeated in another session: an answer that was
 * lost may have cost a try, which the person has to hear.
 */
export function provePin(card: Card, pin: string, sessions: Sessions): Promise<Result<void, OfficialFault>> {
  assert(
    pin.length >= PIN_DIGITS_MIN && pin.length <= PIN_DIGITS_MAX && /^[0-9]+$/.test(pin),
    "a PIN is 4 to 12 digits",
  );
  return sessions.in<void, OfficialFault>(
    card,
    async (channel) => {
      if (channel.certificate.kind === "voter") return err({ kind: "other-kind" });
      const data = encodePin(utf8(pin));
      const answer = await channel.command(INS_VERIFY, data);
      data.fill(0);
      if (!answer.ok) return answer;
      const { word } = answer.value;
      if (word === SW_OK) return ok();
      if (word === SW_BLOCKED || word === 0x63c0) return err({ kind: "dead" });
      return err((word & 0xfff0) === 0x63c0 ? { kind: "wrong-pin", triesLeft: word & 15 } : { kind: "status", word });
    },
    1,
  );
}

/**
 * Has a card that has taken its PIN in this session open its share. `sealed`: as the loading statement has it;
 * `statement`: see closed-statement.ts.
 */
export function openShare(
  card: Card,
  sealed: Uint8Array,
  statement: Uint8Array,
  sessions: Sessions,
): Promise<Result<Uint8Array, OfficialFault>> {
  return sessions.in<Uint8Array, OfficialFault>(
    card,
    async (channel) => {
      const answer = await channel.command(INS_OPEN_SHARE, concat(sealed, statement));
      if (!answer.ok) return answer;
      const { word, data } = answer.value;
      return word === SW_OK && data.length === sealedShareLength ? ok(data) : err({ kind: "status", word });
    },
    1,
  );
}
