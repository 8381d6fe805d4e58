// The tally key of a terminal that is dead: its own part by the escrow, the offices' parts by their cards' shares. Only
// for as long as a tool runs; the terminal itself puts its key together in C.

import { equalBytes } from "../../firmware/bytes.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { shareLength } from "../../firmware/crypto/tally-key.js";
import { type LoadingStatement, shareOf } from "../../firmware/device/loading.js";
import type { ElectionKeys, TestCard } from "../package/keys.js";
import { combineShares } from "./shares.js";

/** A share that its card has opened. */
export interface OpenedShare {
  readonly role: OfficialRole;
  /** 32 bytes and its index. */
  readonly share: Uint8Array;
}

const basePoint = new Uint8Array(32);
basePoint[0] = 9;

/** What is missing, or does not fit, in words. */
export type Recovered = { readonly ok: true; readonly key: BoxKeyPair } | { readonly ok: false; readonly why: string };

export function recoverKey(
  crypto: Crypto,
  loading: LoadingStatement,
  escrow: BoxKeyPair,
  shares: readonly OpenedShare[],
): Recovered {
  const secretKey = crypto.sealOpen(loading.escrowPart, escrow);
  if (secretKey === undefined) return { ok: false, why: "the terminal's own part does not open with this escrow key" };
  for (const role of ["executive", "supervision"] as const) {
    const given = new Map(
      shares.filter((each) => each.role === role).map(({ share }) => [share[shareLength - 1], share]),
    );
    const needed = loading.needed[role];
    if (given.size < needed) return { ok: false, why: `${given.size} of ${needed} shares of the ${role} office` };
    combineShares([...given.values()]).forEach((byte, i) => (secretKey[i]! ^= byte));
  }
  const publicKey = crypto.x25519(secretKey, basePoint);
  return publicKey !== undefined && equalBytes(publicKey, loading.tallyKey)
    ? { ok: true, key: { publicKey, secretKey } }
    : { ok: false, why: "the shares do not make the terminal's key" };
}

/** In a test election: its escrow and its officials' cards follow from the seed of its keys. */
export function recoverWithTestKeys(crypto: Crypto, loading: LoadingStatement, keys: ElectionKeys): Recovered {
  return recoverKey(crypto, loading, keys.escrow, sharesOfTestCards(crypto, loading, Object.values(keys.officials)));
}

/** What these cards open; a card that has no share opens nothing. */
export function sharesOfTestCards(
  crypto: Crypto,
  loading: LoadingStatement,
  cards: readonly TestCard[],
): readonly OpenedShare[] {
  return cards.flatMap(({ box }) => {
    const own = shareOf(loading, box.publicKey);
    const opened = own === undefined ? undefined : crypto.sealOpen(own.sealed, box);
    return own === undefined || opened === undefined ? [] : [{ role: own.role, share: opened.slice(0, shareLength) }];
  });
}
