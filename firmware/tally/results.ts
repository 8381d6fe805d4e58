// What the tally at the close leaves: the results and the list of the records that they were counted from, each signed
// by the terminal. See results.cddl.

import {
  array,
  bytes,
  decodeAs,
  describe,
  encodeAs,
  literal,
  map,
  nullable,
  text,
  tuple,
  uint,
} from "../cbor/shape.js";
import { equalBytes } from "../bytes.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { contestsMax, electionIdLength, optionsPerContestMax } from "../election/layout.js";
import { electionKinds } from "../election/shapes.js";
import type { ContestId, ElectionKind } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { versionMax } from "../version.js";
import type { ContestResult } from "./tally.js";

/** A record is named by the first 16 bytes of its SHA-256, as in sync. */
export const nameLength = 16;
/** Bytes of the results, signed: they leave as one message. */
export const resultsMax = 60_000;

export interface Results {
  /** Of the package whose ballots were counted: its root hash, 32 bytes, which begins with the election's id. */
  readonly root: Uint8Array;
  readonly terminal: number;
  /** Seconds since 1970 UTC, as the terminal's clock had it. */
  readonly generatedAt: number;
  readonly ballots: number;
  readonly voids: number;
  /** SHA-256 over the list's names: what was counted. */
  readonly records: Uint8Array;
  /** Media that were compared. */
  readonly media: 1 | 2;
  /** Contests of fewer ballots than this are merged upwards. */
  readonly k: number;
  readonly contests: readonly ContestResult[];
  /** Of the software that counted, see firmware/version.ts. */
  readonly version: string;
  /** Of the election: those of a rehearsal or a test say so. */
  readonly kind: ElectionKind;
}

type Counts = readonly [ballots: number, blank: number, undervotes: number, votes: readonly number[]];

const resultsShape = map<
  Omit<Results, "contests" | "kind"> & {
    readonly kind: number;
    readonly contests: readonly (readonly [number, Counts | null])[];
  }
>({
  root: { key: 1, shape: bytes(32) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  generatedAt: { key: 3, shape: uint(0xffff_ffff) },
  ballots: { key: 4, shape: uint(0xffff) },
  voids: { key: 5, shape: uint(0xffff) },
  records: { key: 6, shape: bytes(32) },
  media: { key: 7, shape: literal(1, 2) },
  k: { key: 8, shape: uint(100, 1) },
  contests: {
    key: 9,
    shape: array(
      tuple<[number, Counts | null]>(
        uint(0xffff, 1),
        nullable(
          tuple<[number, number, number, number[]]>(
            uint(0xffff),
            uint(0xffff),
            uint(0x3f_ffff),
            array(uint(0xffff), optionsPerContestMax),
          ),
        ),
      ),
      contestsMax,
    ),
  },
  version: { key: 10, shape: text(versionMax) },
  kind: { key: 11, shape: uint(electionKinds.length - 1) },
});

export function signResults(crypto: Crypto, results: Results, secretKey: Uint8Array): Uint8Array {
  const contests = results.contests.map((each): readonly [number, Counts | null] => [
    each.contest,
    each.votes === undefined ? null : [each.ballots, each.blank, each.undervotes, each.votes],
  ]);
  return sign1(
    crypto,
    "sandogh/results",
    encodeAs({ ...results, kind: electionKinds.indexOf(results.kind), contests }, resultsShape),
    secretKey,
  );
}

export function readResults(
  crypto: Crypto,
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<Results, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/results", signed, publicKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, resultsShape);
  if (!read.ok) return err({ what: describe(read.error) });
  const contests = read.value.contests.map(([id, counts]): ContestResult => {
    const contest = id as ContestId;
    if (counts === null) return { contest, votes: undefined };
    const [ballots, blank, undervotes, votes] = counts;
    return { contest, ballots, blank, undervotes, votes };
  });
  return ok({ ...read.value, kind: electionKinds[read.value.kind]!, contests });
}

export interface RecordList {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  /** Names of nameLength bytes one behind the other, ascending. */
  readonly names: Uint8Array;
}

const listShape = map<RecordList>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  names: { key: 3, shape: bytes({ min: 0, max: 0xffff * nameLength }) },
});

export function signRecordList(crypto: Crypto, list: RecordList, secretKey: Uint8Array): Uint8Array {
  return sign1(crypto, "sandogh/record-list", encodeAs(list, listShape), secretKey);
}

export function readRecordList(
  crypto: Crypto,
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<RecordList, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/record-list", signed, publicKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, listShape);
  if (!read.ok) return err({ what: describe(read.error) });
  return read.value.names.length % nameLength === 0 ? ok(read.value) : err({ what: "a name is cut short" });
}

/** Whether the list is the one that the results were counted from. */
export function belongTogether(crypto: Crypto, results: Results, list: RecordList): boolean {
  return (
    equalBytes(results.root.subarray(0, electionIdLength), list.election) &&
    results.terminal === list.terminal &&
    results.ballots * nameLength === list.names.length &&
    equalBytes(crypto.sha256(list.names), results.records)
  );
}

/**
 * Four numbers of four digits that stand on the printed report: whoever has the signed results can see that it is
 * theirs.
 */
export function verificationCode(crypto: Crypto, signed: Uint8Array): readonly string[] {
  const hash = crypto.sha256(signed);
  return [0, 1, 2, 3].map((i) => String(10_000 + (((hash[2 * i]! << 8) | hash[2 * i + 1]!) % 10_000)).slice(1));
}
