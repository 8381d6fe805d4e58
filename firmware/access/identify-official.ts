// Whose official's card lies on the reader, and whether the PIN is right: the same at a ballot terminal and at a desk.

import type { OfficialRole } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import type { CardCertificate } from "./certificate.js";
import type { ChannelFault, Sessions } from "./channel.js";
import { type OfficialFault, provePin } from "./official.js";
import type { CardTrouble, PinAnswer } from "./present.js";
import type { Card } from "./reader.js";

/** `authenticate` is bound to this card and dies with its removal. */
export interface Official {
  readonly role: OfficialRole;
  /** X25519: the card's key. */
  readonly boxKey: Uint8Array;
  readonly authenticate: (pin: string) => Promise<Result<PinAnswer, CardTrouble>>;
}

/** Undefined for the card of a voter, or of an official of another station. */
export function officialOf(
  card: Card,
  { kind, key, station: serves }: CardCertificate,
  station: number,
  sessions: Sessions,
): Official | undefined {
  if (kind === "voter" || serves !== station) return undefined;
  return {
    role: kind,
    boxKey: key.slice(),
    authenticate: async (pin) => {
      const proved = await provePin(card, pin, sessions);
      return proved.ok ? ok("ok") : pinAnswer(proved.error);
    },
  };
}

/** Which of our cards lies there. */
export function certificateOf(card: Card, sessions: Sessions): Promise<Result<CardCertificate, ChannelFault>> {
  return sessions.in(card, (channel) => Promise.resolve(ok(channel.certificate)));
}

export function trouble(fault: { readonly kind: string; readonly fault?: string }): CardTrouble {
  if (fault.kind !== "card") return "unreadable";
  return fault.fault === "removed" || fault.fault === "several" ? fault.fault : "unreadable";
}

function pinAnswer(fault: OfficialFault): Result<PinAnswer, CardTrouble> {
  switch (fault.kind) {
    case "wrong-pin":
      return ok("wrong");
    case "dead":
      return ok("blocked");
    case "card":
      return err(trouble(fault));
    default:
      return ok("refused");
  }
}
