// Opens ballots with the test election's tally key and counts. Totals come from the records alone, each verified, never from a
// stored counter; the identity votes + blank + undervotes = ballots x votes allowed is checked for every contest.

import { equalBytes, toHex } from "../../firmware/bytes.js";
import { decodeBallot, undervotes } from "../../firmware/cast/ballot.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import type { Ballot, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import { readRecord } from "../../firmware/vault/record.js";

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

/** Verifies and opens; a record that stands there twice is counted once and named. */
export function openBallots(crypto: Crypto, pack: ElectionPackage, records: readonly Uint8Array[], tallyKey: BoxKeyPair): Opened {
  const ballots: Ballot[] = [];
  const rejected: Rejected[] = [];
  const slots = new Set<string>();
  records.forEach((record, index) => {
    const opened = openBallot(crypto, pack, record, tallyKey, slots);
    if (typeof opened === "string") rejected.push({ index, why: opened });
    else ballots.push(opened);
  });
  return { ballots, rejected };
}

function openBallot(crypto: Crypto, pack: ElectionPackage, record: Uint8Array, tallyKey: BoxKeyPair, slots: Set<string>): Ballot | string {
  const { election } = pack;
  for (const terminal of election.terminals) {
    const read = readRecord(crypto, record, terminal.publicKey);
    if (!read.ok) continue;
    if (!equalBytes(read.value.election, election.id)) return "of another election";
    if (read.value.terminal !== terminal.id) return "signed by another terminal than it names";
    const place = `${terminal.id}/${read.value.slot}`;
    if (slots.has(place)) return `a second record for terminal ${terminal.id}, slot ${read.value.slot}`;
    const plain = crypto.sealOpen(read.value.box, tallyKey);
    if (plain === undefined) return "does not open with this tally key";
    const ballot = decodeBallot(plain, election, (contest, code) => pack.findCode(contest, code) !== undefined);
    plain.fill(0);
    if (!ballot.ok) return ballot.error.kind === "padding" ? "padding" : ballot.error.what;
    slots.add(place);
    return ballot.value;
  }
  return "no terminal of this election signed it";
}

/** Throws when a contest's numbers do not add up: then this program is wrong, since every ballot was checked. */
export function tally(pack: ElectionPackage, ballots: readonly Ballot[]): Tally {
  const { election } = pack;
  const contests = election.contests.map((contest): ContestTally => {
    const votes = new Map<number, number>();
    for (let index = 0; index < contest.options; index++) votes.set(pack.option(contest.id, index as OptionIndex).code, 0);
    let cast = 0;
    let blank = 0;
    let under = 0;
    for (const ballot of ballots) {
      const mark = ballot.marks.find((each) => each.contest === contest.id);
      if (mark === undefined) continue;
      cast++;
      if (mark.blank) blank++;
      under += undervotes(contest, mark);
      for (const code of mark.choices) votes.set(code, votes.get(code)! + 1);
    }
    const counted = [...votes.values()].reduce((sum, each) => sum + each, 0);
    // a blank vote leaves all of a contest's votes unused
    if (counted + blank * contest.votesAllowed + under !== cast * contest.votesAllowed) throw new Error(`contest ${contest.id}: votes do not add up`);
    return {
      contest: contest.id, ballots: cast, blank, undervotes: under,
      votes: [...votes].sort(([a], [b]) => a - b).map(([code, count]) => ({ code, votes: count })),
    };
  });
  return { election: toHex(election.id), ballots: ballots.length, contests };
}
