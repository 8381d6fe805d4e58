// An official's card is asked to open its share for the recovery of a terminal that is dead: the protocol is the
// terminal's own (firmware/access), the word that it is closed the authority's.

import { readCertificate } from "../../firmware/access/certificate.js";
import { signRecovery } from "../../firmware/access/closed-statement.js";
import { openShare, provePin, readOfficial } from "../../firmware/access/official.js";
import type { Card } from "../../firmware/access/reader.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { type LoadingStatement, shareOf } from "../../firmware/device/loading.js";
import type { StationElection } from "../../firmware/election/types.js";
import type { Terminal } from "../device/enrol.js";
import type { OpenedShare } from "./recover.js";

export interface Recovery {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly terminal: Terminal;
  readonly loading: LoadingStatement;
  /** Drawn for this recovery. */
  readonly fresh: BoxKeyPair;
  /** Signed by the authority: see recoveryStatement. */
  readonly statement: Uint8Array;
}

export function recoveryStatement(
  crypto: Crypto,
  { id }: StationElection,
  terminal: Terminal,
  fresh: BoxKeyPair,
  authoritySecretKey: Uint8Array,
): Uint8Array {
  const said = { election: id, terminal: terminal.id, freshKey: fresh.publicKey };
  return signRecovery(crypto, said, authoritySecretKey);
}

/** Its share, or why there is none, in words. */
export async function askCard(recovery: Recovery, card: Card, pin: string): Promise<OpenedShare | string> {
  const { crypto, election, terminal, loading, fresh, statement } = recovery;
  const read = await readOfficial(card, (signed) => readCertificate(crypto, signed, election));
  if (!read.ok) return read.error.kind === "certificate" ? read.error.error.what : read.error.kind;
  const { publicKey, boxKey, role } = read.value;
  const own = shareOf(loading, boxKey);
  if (own === undefined) return `this ${role}'s card has no share of terminal ${terminal.id}`;
  const proved = await provePin(card, pin, publicKey, crypto);
  if (!proved.ok)
    return proved.error.kind === "wrong-pin" ? `wrong PIN, ${proved.error.triesLeft} tries left` : proved.error.kind;
  const given = await openShare(card, terminal.assignment.signed, own.sealed, statement);
  if (!given.ok) return `it opens no share (${given.error.kind})`;
  const share = crypto.sealOpen(given.value, fresh);
  return share === undefined ? "what it gives does not open" : { role: own.role, share };
}
