// Everything that bounds an election and can only be told of a whole one: each limit alone is easily kept, and their
// products were not. What the packager prints and refuses by, and what a terminal asks before it serves anybody.

import { head } from "../cbor/cbor.js";
import { payloadMax, signedLength } from "../cose/sign1.js";
import { sealOverhead } from "../crypto/crypto.js";
import { ballotLengthMax as longestBallot } from "../election/ballot.js";
import { ballotLengthMax, pictureWordsMax, reportRowsMax, slipRowsMax } from "../election/layout.js";
import type { StationElection } from "../election/types.js";
import { keeps } from "../journal/events.js";
import { cellLength } from "../journal/journal.js";
import { inventoryPartMax, inventoryPartsMax } from "../sync/messages.js";
import { messageLengthMax } from "../sync/mqtt-packet.js";
import { nameLength, resultsMax } from "../tally/results.js";
import { listMax, resultsLengthMin } from "../tally/results-store.js";
import { type Layout, checkLength, commitLength, layOut } from "../vault/layout.js";
import { recordLengthMax } from "../vault/record.js";
import { versionMax } from "../version.js";

/** What of an election decides about its limits. */
export type Measured = Pick<StationElection, "contests" | "styles" | "policy" | "ballotLength" | "paper">;

/** A storage medium, in bytes. */
export interface MediumSize {
  readonly size: number;
  readonly blockLength: number;
}

/** The chips of the reference terminal: two of 16 MB. A terminal asks its own. */
export const referenceMedium: MediumSize = { size: 16 * 1024 * 1024, blockLength: 4096 };

export const limitNames = [
  "ballot",
  "slot",
  "medium",
  "results",
  "recordList",
  "inventory",
  "journal",
  "slipRows",
  "slipWords",
  "reportRows",
] as const;
export type LimitName = (typeof limitNames)[number];

export interface Limit {
  readonly name: LimitName;
  /** What the election takes of it, at its worst. */
  readonly taken: number;
  readonly most: number;
  readonly unit: "bytes" | "parts" | "cells" | "rows" | "words";
}

/** In the order of limitNames. */
export function limitsOf(election: Measured, medium: MediumSize): readonly Limit[] {
  const { policy, ballotLength, paper } = election;
  const { capacity } = policy;
  const boxLength = ballotLength + sealOverhead;
  const record = recordLengthMax(boxLength);
  const layout = layoutOf(capacity, boxLength, medium.blockLength);
  const { slotLength, store, journal } = layout;
  return [
    { name: "ballot", taken: Math.max(ballotLength, longestBallot(election)), most: ballotLengthMax, unit: "bytes" },
    // a slot's length follows from the ballot's: it is here so that a record which outgrows it is noticed
    { name: "slot", taken: 2 + record + checkLength + commitLength, most: slotLength, unit: "bytes" },
    {
      name: "medium",
      taken: store.address + store.length + resultsLengthMin(layout),
      most: medium.size,
      unit: "bytes",
    },
    { name: "results", taken: resultsLength(election), most: Math.min(resultsMax, messageLengthMax), unit: "bytes" },
    {
      name: "recordList",
      taken: listLength(capacity),
      most: Math.min(listMax(layout), signedLength(payloadMax)),
      unit: "bytes",
    },
    { name: "inventory", taken: Math.ceil(capacity / inventoryPartMax), most: inventoryPartsMax, unit: "parts" },
    { name: "journal", taken: keeps.world, most: journal.length / cellLength, unit: "cells" },
    { name: "slipRows", taken: paper.slipRows, most: slipRowsMax, unit: "rows" },
    { name: "slipWords", taken: paper.slipWords, most: pictureWordsMax, unit: "words" },
    { name: "reportRows", taken: paper.reportRows, most: reportRowsMax, unit: "rows" },
  ];
}

/** The first limit that the election exceeds. */
export function exceeded(limits: readonly Limit[]): Limit | undefined {
  return limits.find(({ taken, most }) => taken > most);
}

/** Of a medium that is large enough. */
function layoutOf(capacity: number, boxLength: number, blockLength: number): Layout {
  const laid = layOut({ capacity, boxLength, size: Number.MAX_SAFE_INTEGER, blockLength });
  if (!laid.ok) throw new Error("a medium without end is too small");
  return laid.value;
}

/**
 * A map's or an array's head, a key, and what is said once: election, terminal, time, counts, a hash, a version,
 * a kind (results.cddl).
 */
const resultsOnce = 1 + (1 + 17) + 3 * (1 + 5) + (1 + 5) + (1 + 34) + 2 + (1 + 2) + (1 + 3) + (1 + 2 + versionMax) + 2;
/** An array of two with the contest's number, one of four with three counts, and the head of its votes. */
const resultsOfContest = 1 + 3 + 1 + 3 * 5 + 3;

/** Bytes of the signed results when every count is as large as it can be. */
export function resultsLength({ contests, policy }: Pick<Measured, "contests" | "policy">): number {
  const vote = head(0, policy.capacity).length;
  const options = contests.reduce((sum, contest) => sum + contest.options, 0);
  return signedLength(resultsOnce + contests.length * resultsOfContest + options * vote);
}

/** Bytes of the signed list of as many records as there can be. */
export function listLength(capacity: number): number {
  return signedLength(1 + (1 + 17) + (1 + 5) + 1 + head(0x40, capacity * nameLength).length + capacity * nameLength);
}
