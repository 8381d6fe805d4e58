// What the signed head of a roll looks like in CBOR (roll.cddl).

import { type Shape, array, bytes, literal, map, uint } from "../cbor/shape.js";
import { type CardRules, cardRulesShape } from "../election/card-rules.js";
import { dataPagesMax } from "../election/layout.js";
import { electionKinds } from "../election/shapes.js";
import { areasMax, checkInsMax, riceBitsMax, voterPageMax, voterPagesMax } from "./layout.js";

/** What the desks of a station are told of an election: nothing of what is voted on. */
export interface RollHead {
  readonly format: 1;
  /** 16 bytes */
  readonly election: Uint8Array;
  /** Marked on every screen: see electionKinds. */
  readonly kind: number;
  readonly station: number;
  /** Of the hash tree's data. */
  readonly pages: number;
  readonly root: Uint8Array;
  readonly voterPages: number;
  readonly voters: number;
  readonly riceBits: number;
  /** The ballot style of each area. */
  readonly styles: readonly number[];
  /** Which cards count. */
  readonly cards: CardRules;
  /** Check-ins that a desk takes. */
  readonly capacity: number;
}

export const headShape: Shape<RollHead> = map<RollHead>({
  format: { key: 1, shape: literal(1) },
  election: { key: 2, shape: bytes(16) },
  kind: { key: 3, shape: uint(electionKinds.length - 1) },
  station: { key: 4, shape: uint(999_999, 1) },
  pages: { key: 5, shape: uint(dataPagesMax, 1) },
  root: { key: 6, shape: bytes(32) },
  voterPages: { key: 7, shape: uint(voterPagesMax, 1) },
  voters: { key: 8, shape: uint(voterPagesMax * voterPageMax, 1) },
  riceBits: { key: 9, shape: uint(riceBitsMax) },
  styles: { key: 10, shape: array(uint(0xffff, 1), areasMax, 1) },
  cards: { key: 11, shape: cardRulesShape },
  capacity: { key: 12, shape: uint(checkInsMax, 1) },
});
