// What the envelope and the definition of a package look like in CBOR (package.cddl).

import { type Shape, array, bool, bytes, literal, map, tuple, uint } from "../cbor/shape.js";
import type { Root } from "../platform.js";
import { type CardRules, cardRulesShape } from "./card-rules.js";
import type { ElectionKind, PaperNeeds } from "./types.js";
import { sharesMax } from "../crypto/tally-key.js";
import {
  ballotLengthMax,
  ballotLengthStep,
  capacityMax,
  contestsMax,
  dataPagesMax,
  noText,
  optionsPerContestMax,
  searchEntriesPerOptionMax,
  sectionNames,
  stylesMax,
  votesAllowedMax,
} from "./layout.js";

export interface Envelope {
  readonly format: 1;
  readonly pages: number;
  readonly root: Uint8Array;
  /** [section number, offset in the data, length], in the order of the section numbers, without gaps */
  readonly sections: readonly (readonly [number, number, number])[];
}

export const envelopeShape: Shape<Envelope> = map<Envelope>({
  format: { key: 1, shape: literal(1) },
  pages: { key: 2, shape: uint(dataPagesMax, 1) },
  root: { key: 3, shape: bytes(32) },
  sections: {
    key: 4,
    shape: array(tuple(uint(255), uint(0xffff_ffff), uint(0xffff_ffff)), sectionNames.length, sectionNames.length),
  },
});

export interface DefinitionContest {
  readonly id: number;
  /** 0 n-of-m, 1 list, 2 question, 3 open-list */
  readonly kind: number;
  readonly title: number;
  readonly votesAllowed: number;
  readonly options: number;
  readonly blankAllowed: boolean;
  readonly heading: number;
  readonly twoLines: number;
  readonly affiliations: boolean;
  readonly searchEntries: number;
  readonly photos: boolean;
}

export const electionKinds = ["real", "rehearsal", "test"] as const satisfies readonly ElectionKind[];

/**
 * Whether an image with this root takes an election of this kind: under the test root, whose secret everybody has, none
 * that counts or could be taken for one that is prepared; under a product's no test.
 */
export function isKindOf(kind: ElectionKind, { isTest }: Pick<Root, "isTest">): boolean {
  return isTest === (kind === "test");
}

export interface Definition {
  /** See electionKinds. */
  readonly kind: number;
  readonly title: number;
  readonly station: number;
  readonly stationName: number;
  readonly contests: readonly DefinitionContest[];
  readonly styles: readonly { readonly id: number; readonly contests: readonly number[] }[];
  readonly policy: DefinitionPolicy;
  readonly collectorKey: Uint8Array;
  readonly cardRules: CardRules;
  readonly ballotLength: number;
  readonly paper: PaperNeeds;
  readonly escrowKey: Uint8Array;
  readonly auditKey: Uint8Array;
  readonly cards: readonly { readonly office: 1 | 2; readonly boxKey: Uint8Array }[];
  /** Of the executive, of the supervision. */
  readonly needed: readonly [number, number];
}

export interface DefinitionPolicy {
  readonly capacity: number;
  readonly inactivity_s: number;
  readonly alert_s: number;
  readonly parked_s: number;
  readonly slip_s: number;
  readonly slipAttempts: number;
  readonly k: number;
}

export const contestKinds = ["n-of-m", "list", "question", "open-list"] as const;

const text = uint(noText - 1);

/** Limits of the policy: [least, most], the packager's and the reader's. */
export const policyLimits = {
  capacity: [1, capacityMax],
  inactivity_s: [120, 300],
  alert_s: [20, 45],
  parked_s: [30, 900],
  slip_s: [5, 30],
  slipAttempts: [1, 5],
  k: [1, 100],
} as const satisfies Record<string, readonly [number, number]>;

function limited(name: keyof typeof policyLimits): Shape<number> {
  const [least, most] = policyLimits[name];
  return uint(most, least);
}

export const definitionShape: Shape<Definition> = map<Definition>({
  kind: { key: 1, shape: uint(electionKinds.length - 1) },
  title: { key: 2, shape: text },
  station: { key: 3, shape: uint(999_999, 1) },
  stationName: { key: 4, shape: text },
  contests: {
    key: 5,
    shape: array(
      map<DefinitionContest>({
        id: { key: 1, shape: uint(0xffff, 1) },
        kind: { key: 2, shape: uint(contestKinds.length - 1) },
        title: { key: 3, shape: text },
        votesAllowed: { key: 4, shape: uint(votesAllowedMax, 1) },
        options: { key: 5, shape: uint(optionsPerContestMax, 1) },
        blankAllowed: { key: 6, shape: bool() },
        heading: { key: 7, shape: text },
        twoLines: { key: 8, shape: uint(15) },
        affiliations: { key: 9, shape: bool() },
        searchEntries: { key: 10, shape: uint(optionsPerContestMax * searchEntriesPerOptionMax) },
        photos: { key: 11, shape: bool() },
      }),
      contestsMax,
      1,
    ),
  },
  styles: {
    key: 6,
    shape: array(
      map<Definition["styles"][number]>({
        id: { key: 1, shape: uint(0xffff, 1) },
        contests: { key: 2, shape: array(uint(0xffff, 1), contestsMax, 1) },
      }),
      stylesMax,
      1,
    ),
  },
  policy: {
    key: 7,
    shape: map<DefinitionPolicy>({
      capacity: { key: 1, shape: limited("capacity") },
      inactivity_s: { key: 2, shape: limited("inactivity_s") },
      alert_s: { key: 3, shape: limited("alert_s") },
      parked_s: { key: 4, shape: limited("parked_s") },
      slip_s: { key: 5, shape: limited("slip_s") },
      slipAttempts: { key: 6, shape: limited("slipAttempts") },
      k: { key: 7, shape: limited("k") },
    }),
  },
  collectorKey: { key: 8, shape: bytes(32) },
  cardRules: { key: 9, shape: cardRulesShape },
  ballotLength: { key: 10, shape: uint(ballotLengthMax, ballotLengthStep) },
  paper: {
    key: 11,
    shape: map<PaperNeeds>({
      slipRows: { key: 1, shape: uint(0xffff_ffff) },
      slipWords: { key: 2, shape: uint(0xffff_ffff) },
      reportRows: { key: 3, shape: uint(0xffff_ffff) },
    }),
  },
  escrowKey: { key: 12, shape: bytes(32) },
  auditKey: { key: 13, shape: bytes(32) },
  cards: {
    key: 14,
    shape: array(
      map<Definition["cards"][number]>({
        office: { key: 1, shape: literal(1, 2) },
        boxKey: { key: 2, shape: bytes(32) },
      }),
      2 * sharesMax,
      2,
    ),
  },
  needed: { key: 15, shape: tuple(uint(sharesMax, 1), uint(sharesMax, 1)) },
});
