// Whose official's card lies on the reader, and whether the PIN is right: the same at a ballot terminal and at a desk.

import type { Crypto } from "../crypto/crypto.js";
import type { StationElection } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import type { OfficialRole } from "../election/types.js";
import { readCertificate } from "./certificate.js";
import { type OfficialFault, provePin, readOfficial } from "./official.js";
import type { CardTrouble, PinAnswer } from "./present.js";
import type { Card } from "./reader.js";

/** `authenticate` is bound to this card and dies with its removal. */
export interface Official {
  readonly role: OfficialRole;
  /** See Certificate. */
  readonly boxKey: Uint8Array;
  readonly authenticate: (pin: string) => Promise<Result<PinAnswer, CardTrouble>>;
}

/** Undefined: an official's card, but not of this election and station. */
export async function identifyOfficial(
  card: Card,
  crypto: Crypto,
  election: Pick<StationElection, "id" | "station" | "authorityKey">,
): Promise<Result<Official | undefined, CardTrouble>> {
  const read = await readOfficial(card, (signed) => readCertificate(crypto, signed, election));
  if (!read.ok)
    return read.error.kind === "certificate" || read.error.kind === "certificate-length"
      ? ok(undefined)
      : err(trouble(read.error));
  const { role, publicKey, boxKey } = read.value;
  return ok({
    role,
    boxKey,
    authenticate: async (pin) => {
      const proved = await provePin(card, pin, publicKey, crypto);
      return proved.ok ? ok("ok") : pinAnswer(proved.error);
    },
  });
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
