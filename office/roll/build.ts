// Voters + keys -> signed electoral roll (firmware/roll/FORMAT.md). Same input, same bytes.

import { writeU32 } from "../../firmware/bytes.js";
import { pageLength } from "../../firmware/election/layout.js";
import { electionKinds } from "../../firmware/election/shapes.js";
import type { ElectionKind } from "../../firmware/election/types.js";
import {
  areaBits,
  areasMax,
  countBits,
  indexEntryLength,
  keyBits,
  riceBitsMax,
  rollMagic,
  rollVersion,
  treePages,
  voterPageLength,
  voterPageMax,
  voterPagesMax,
  votersAt,
} from "../../firmware/roll/layout.js";
import { keysEnd } from "../../firmware/roll/national-id.js";
import type { ElectionKeys } from "../package/keys.js";
import { DoesNotFit, fields, signedTree } from "../package/tree.js";

export interface RollVoter {
  /** Of the national number: its first nine digits. */
  readonly key: number;
  /** Which of the roll's styles, from 0. */
  readonly area: number;
}

export interface RollDefinition {
  readonly kind: ElectionKind;
  readonly station: number;
  /** The ballot style of each area. */
  readonly styles: readonly number[];
  readonly capacity: number;
  /** Id of the election whose ballots its voters get, 16 bytes. */
  readonly election: Uint8Array;
  /** Ascending keys, each once. */
  readonly voters: readonly RollVoter[];
}

/** Bits, the highest of each byte first, in one page. */
class PageWriter {
  readonly bytes = new Uint8Array(voterPageLength);
  #at = 0;

  get room(): number {
    return voterPageLength * 8 - this.#at;
  }

  put(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      if (Math.floor(value / 2 ** bit) % 2 === 1) this.bytes[this.#at >> 3]! |= 0x80 >> (this.#at & 7);
      this.#at++;
    }
  }

  /** The bits between the key and the areas, once they are known. */
  setCount(count: number): void {
    const at = this.#at;
    this.#at = keyBits;
    this.put(count - 1, countBits);
    this.#at = at;
  }
}

/** Pages of voters and the first key of each, as many voters in a page as there is room for. */
export function codePages(
  voters: readonly RollVoter[],
  riceBits: number,
  bitsOfArea: number,
): { readonly pages: Uint8Array[]; readonly firsts: number[] } {
  const pages: Uint8Array[] = [];
  const firsts: number[] = [];
  let page: PageWriter | undefined;
  let count = 0;
  let before = -1;
  for (const { key, area } of voters) {
    if (key <= before || key >= keysEnd)
      throw new RangeError(`keys ascend and are below ${keysEnd}: ${key} after ${before}`);
    const distance = key - before - 1;
    const high = Math.floor(distance / 2 ** riceBits);
    if (page === undefined || count === voterPageMax || high + 1 + riceBits + bitsOfArea > page.room) {
      page?.setCount(count);
      page = new PageWriter();
      pages.push(page.bytes);
      firsts.push(key);
      page.put(key, keyBits);
      page.put(0, countBits);
      count = 0;
    } else {
      for (let one = 0; one < high; one++) page.put(1, 1);
      page.put(0, 1);
      page.put(distance % 2 ** riceBits, riceBits);
    }
    page.put(area, bitsOfArea);
    count++;
    before = key;
  }
  page?.setCount(count);
  return { pages, firsts };
}

/** The low bits with which the roll is smallest. */
function bestRiceBits(voters: readonly RollVoter[]): number {
  const totals = Array.from({ length: riceBitsMax + 1 }, (_, bits) => {
    let total = 0;
    for (let i = 1; i < voters.length; i++)
      total += Math.floor((voters[i]!.key - voters[i - 1]!.key - 1) / 2 ** bits) + 1 + bits;
    return total;
  });
  return totals.indexOf(Math.min(...totals));
}

/** Index, pages of voters and padding: the hash tree's data. */
export function layData(pages: readonly Uint8Array[], firsts: readonly number[]): Uint8Array {
  const data = new Uint8Array(treePages(pages.length) * pageLength);
  firsts.forEach((first, i) => writeU32(data, i * indexEntryLength, first));
  pages.forEach((page, i) => data.set(page, votersAt(pages.length) + i * voterPageLength));
  return data;
}

/** Throws DoesNotFit for a roll beyond a desk's limits. */
export function buildRoll(definition: RollDefinition, keys: Pick<ElectionKeys, "authority" | "cards">): Uint8Array {
  const { voters, styles } = definition;
  if (voters.length === 0) throw new DoesNotFit("there are no voters");
  if (styles.length < 1 || styles.length > areasMax)
    throw new DoesNotFit(`${styles.length} areas; 1 to ${areasMax} fit`);
  if (voters.some(({ area }) => area < 0 || area >= styles.length))
    throw new RangeError("a voter's area is one of the styles");
  const riceBits = bestRiceBits(voters);
  const { pages, firsts } = codePages(voters, riceBits, areaBits(styles.length));
  if (pages.length > voterPagesMax)
    throw new DoesNotFit(`the roll takes ${pages.length} pages; at most ${voterPagesMax} fit`);
  const data = layData(pages, firsts);
  return sealRoll(data, { ...definition, voterPages: pages.length, voters: voters.length, riceBits }, keys);
}

export interface RollFacts extends Omit<RollDefinition, "voters"> {
  readonly voterPages: number;
  readonly voters: number;
  readonly riceBits: number;
}

/** Exported for the tests, which sign what the tool itself would not. */
export function sealRoll(
  data: Uint8Array,
  facts: RollFacts,
  keys: Pick<ElectionKeys, "authority" | "cards">,
): Uint8Array {
  const { kind, station, voterPages, voters, riceBits, styles, capacity, election } = facts;
  return signedTree(data, keys, {
    kind: "sandogh/roll",
    magic: rollMagic,
    version: rollVersion,
    head: (root) =>
      fields(
        1,
        election,
        electionKinds.indexOf(kind),
        station,
        data.length / pageLength,
        root,
        voterPages,
        voters,
        riceBits,
        styles,
        fields(keys.cards.issuerKey, keys.cards.epoch, keys.cards.revoked),
        capacity,
      ),
  });
}
