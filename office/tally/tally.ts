// Opens ballots with terminals' tally keys, where they were recovered (recover.ts), and counts. Totals come from the
// records alone, each verified, never from a stored counter; the identity votes + blank + undervotes = ballots x votes
// allowed is checked for every contest.

import { equalBytes, toHex } from "../../firmware/bytes.js";
import { codeBook, decodeBallot } from "../../firmware/election/ballot.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import type { Ballot, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import type { Terminal } from "../device/enrol.js";
import { type ContestTally as Counts, Tally as Counting } from "../../firmware/tally/tally.js";
import { readRecord } from "../../firmware/vault/record.js";
import { mergePlaces } from "./merge.js";

export interface ContestTally {
  readonly contest: number;
  readonly ballots: number;
  readonly blank: number;
  readonly undervotes: number;
  /** By code, ascending, every option of the contest. */
  readonly votes: readonly { readonly code: number; readonly votes: number }[];
}

export interface Tally {
  readonly election: string;
  readonly ballots: number;
  readonly contests: readonly ContestTally[];
}

/** Something that must not be counted. */
export interface Rejected {
  /** Which record, in the order given. */
  readonly index: number;
  readonly why: string;
}

export interface Opened {
  readonly ballots: readonly Ballot[];
  readonly rejected: readonly Rejected[];
}

/** A terminal's tally key; undefined for one that was not recovered. */
export type KeyOf = (terminal: number) => BoxKeyPair | undefined;

/** Verifies and opens; a record that stands there twice is counted once and named. */
export function openBallots(
  crypto: Crypto,
  pack: ElectionPackage,
  terminals: readonly Terminal[],
  records: readonly Uint8Array[],
  keyOf: KeyOf,
): Opened {
  const ballots: Ballot[] = [];
  const rejected: Rejected[] = [];
  const slots = new Set<string>();
  records.forEach((record, index) => {
    const opened = openBallot(crypto, pack, terminals, record, keyOf, slots);
    if (typeof opened === "string") rejected.push({ index, why: opened });
    else ballots.push(opened);
  });
  return { ballots, rejected };
}

function openBallot(
  crypto: Crypto,
  pack: ElectionPackage,
  terminals: readonly Terminal[],
  record: Uint8Array,
  keyOf: KeyOf,
  slots: Set<string>,
): Ballot | string {
  const { election } = pack;
  for (const terminal of terminals) {
    const read = readRecord(crypto, record, terminal.publicKey);
    if (!read.ok) continue;
    if (!equalBytes(read.value.election, election.id)) return "of another election";
    if (read.value.terminal !== terminal.id) return "signed by another terminal than it names";
    const place = `${terminal.id}/${read.value.slot}`;
    if (slots.has(place)) return `a second record for terminal ${terminal.id}, slot ${read.value.slot}`;
    const key = keyOf(terminal.id);
    if (key === undefined) return `the tally key of terminal ${terminal.id} was not recovered`;
    const plain = crypto.sealOpen(read.value.box, key);
    if (plain === undefined) return "does not open with this tally key";
    const ballot = decodeBallot(crypto, plain, election, codeBook(pack));
    plain.fill(0);
    if (!ballot.ok) return ballot.error.kind === "padding" ? "padding" : ballot.error.what;
    slots.add(place);
    return ballot.value;
  }
  return "no terminal of this election signed it";
}

/** Throws when a contest's numbers do not add up: then this program is wrong, since every ballot was checked. */
export function tally(pack: ElectionPackage, ballots: readonly Ballot[]): Tally {
  const contests = countsOf(pack, ballots).map((counts) => byCode(pack, counts));
  return { election: toHex(pack.election.id), ballots: ballots.length, contests };
}

/** What of a contest everybody may see (merge.ts). */
export interface PublicTally {
  readonly contest: number;
  readonly total: ContestTally;
  /** Terminals whose ballots are shown as one sum. */
  readonly groups: readonly { readonly terminals: readonly number[]; readonly ballots: number }[];
  /** Terminals whose ballots are in no number that is shown. */
  readonly left: readonly number[];
}

/** By contest, in the package's order. */
export function publicTally(
  pack: ElectionPackage,
  byTerminal: ReadonlyMap<number, readonly Ballot[]>,
): readonly PublicTally[] {
  const places = [...byTerminal].map(([place, ballots]) => ({ place, counts: countsOf(pack, ballots) }));
  return pack.election.contests.map(({ id }, i) => {
    const { shown, total, left } = mergePlaces(
      places.map(({ place, counts }) => ({ place, tally: counts[i]! })),
      pack.election.policy.k,
    );
    const groups = shown.map((each) => ({ terminals: each.places, ballots: each.tally.ballots }));
    return { contest: id, total: byCode(pack, total), groups, left };
  });
}

function countsOf(pack: ElectionPackage, ballots: readonly Ballot[]): readonly Counts[] {
  const counting = new Counting(pack);
  for (const ballot of ballots) counting.add(ballot);
  return counting.contests;
}

function byCode(pack: ElectionPackage, { contest, ballots, blank, undervotes, votes }: Counts): ContestTally {
  return {
    contest,
    ballots,
    blank,
    undervotes,
    votes: votes.map((count, option) => ({ code: pack.option(contest, option as OptionIndex).code, votes: count })),
  };
}
