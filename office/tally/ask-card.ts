// An official's card is asked to open its share for the recovery of a terminal that is dead: the protocol is the
// terminal's own (firmware/access), the word that it is closed the authority's.

import { Sessions } from "../../firmware/access/channel.js";
import { signRecovery } from "../../firmware/access/closed-statement.js";
import { certificateOf } from "../../firmware/access/identify-official.js";
import { openShare, provePin } from "../../firmware/access/official.js";
import type { Card } from "../../firmware/access/reader.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { signAssignment } from "../../firmware/device/assignment.js";
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
  /** Of the office's reader, which stands for the terminal: see recoveryAssignment. */
  readonly box: BoxKeyPair;
  readonly assignment: Uint8Array;
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

/** What the office's reader shows cards: the dead terminal's place, with the reader's own key. */
export function recoveryAssignment(
  crypto: Crypto,
  { cards }: StationElection,
  { assignment }: Terminal,
  box: BoxKeyPair,
  authoritySecretKey: Uint8Array,
): Uint8Array {
  const { signed: _, ...place } = assignment;
  return signAssignment(
    crypto,
    { ...place, role: "recovery", boxKey: box.publicKey, epoch: cards.epoch, stationKey: new Uint8Array(0) },
    authoritySecretKey,
  );
}

/** Its share, or why there is none, in words. */
export async function askCard(recovery: Recovery, card: Card, pin: string): Promise<OpenedShare | string> {
  const { crypto, election, terminal, loading, fresh, statement, box, assignment } = recovery;
  const sessions = new Sessions({ crypto, box, assignment, rules: election.cards });
  const read = await certificateOf(card, sessions);
  if (!read.ok) return read.error.kind === "refused" ? "it is of another election or station" : read.error.kind;
  const { key, kind } = read.value;
  const own = shareOf(loading, key);
  if (own === undefined) return `this ${kind}'s card has no share of terminal ${terminal.id}`;
  const proved = await provePin(card, pin, sessions);
  if (!proved.ok)
    return proved.error.kind === "wrong-pin" ? `wrong PIN, ${proved.error.triesLeft} tries left` : proved.error.kind;
  const given = await openShare(card, own.sealed, statement, sessions);
  sessions.end();
  if (!given.ok) return `it opens no share (${given.error.kind})`;
  const share = crypto.sealOpen(given.value, fresh);
  return share === undefined ? "what it gives does not open" : { role: own.role, share };
}
