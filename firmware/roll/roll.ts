// The electoral roll of a constituency on flash (FORMAT.md): who may vote, exactly, by the key of the national number.
// A look-up reads one page of the tree and trusts nothing that the signed root does not vouch for.

import { readU16, readU32 } from "../bytes.js";
import { decodeAs } from "../cbor/shape.js";
import { verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { problemOfRevoked } from "../election/card-rules.js";
import { envelopeMax, envelopePages, headerLength, packageLength, pageLength } from "../election/layout.js";
import { Pages } from "../election/pages.js";
import type { StyleId } from "../election/types.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { type RollError, badFormat, ofTree } from "./error.js";
import {
  areaBits,
  indexEntryLength,
  rollMagic,
  rollVersion,
  treePages,
  voterPageLength,
  voterPageMax,
  votersAt,
} from "./layout.js";
import { keysEnd } from "./national-id.js";
import { type RollHead, headShape } from "./shapes.js";
import { type Coding, type PageContents, readVoterPage } from "./voter-page.js";

/**
 * Where a voter stands in the roll: page times voterPageMax plus the place in the page. Says nothing without the roll.
 */
export type RollPosition = number & { readonly brand: "RollPosition" };

export interface Voter {
  readonly position: RollPosition;
  /** From 1, as people count. */
  readonly area: number;
  readonly style: StyleId;
}

/** No key: a page is read for its order alone. */
const noKey = -1;

/** `address`: a multiple of 4096 bytes. Never throws for what is on the flash. */
export function openRoll(
  flash: Flash,
  address: number,
  crypto: Crypto,
  authorityKey: Uint8Array,
): Result<Roll, RollError> {
  const size = flash.status()?.size;
  if (size === undefined) return err({ kind: "no-answer", address });
  const opened = readHead(flash, address, size, crypto, authorityKey);
  if (!opened.ok) return opened;
  const { length, head, identity } = opened.value;
  if (address + packageLength(length, head.pages) > size) return err({ kind: "absent" });
  if (head.pages !== treePages(head.voterPages)) return err(badFormat("pages", String(treePages(head.voterPages))));
  const revoked = problemOfRevoked(head.cards);
  if (revoked !== undefined) return err(badFormat("cards.revoked", revoked));
  if (head.styles.some((style, i) => head.styles.indexOf(style) !== i))
    return err(badFormat("styles", "a style named once"));
  const pages = new Pages({
    flash,
    crypto,
    address: address + envelopePages(length) * pageLength,
    pages: head.pages,
    root: head.root,
  });
  const index = readIndex(pages, head.voterPages);
  return index.ok ? ok(new Roll(head, identity, pages, index.value)) : index;
}

function readHead(
  flash: Flash,
  address: number,
  size: number,
  crypto: Crypto,
  authorityKey: Uint8Array,
): Result<{ readonly length: number; readonly head: RollHead; readonly identity: Uint8Array }, RollError> {
  if (address + headerLength > size) return err({ kind: "absent" });
  const header = flash.read(headerLength, address);
  if (header === undefined) return err({ kind: "no-answer", address });
  if (rollMagic.some((byte, i) => header[i] !== byte)) return err({ kind: "absent" });
  if (readU16(header, 4) !== rollVersion) return err(badFormat("version", String(rollVersion)));
  const length = readU32(header, 6);
  if (length < 1 || length > envelopeMax) return err(badFormat("length", `1..${envelopeMax}`));
  const whole = envelopePages(length) * pageLength;
  if (address + whole > size) return err({ kind: "absent" });
  const bytes = flash.read(whole, address);
  if (bytes === undefined) return err({ kind: "no-answer", address });
  const end = headerLength + length;
  const payload = verify1(crypto, "sandogh/roll", bytes.subarray(headerLength, end), authorityKey);
  if (!payload.ok)
    return err(payload.error.code === "signature" ? { kind: "signature" } : badFormat("envelope", payload.error.what));
  if (!crypto.isFilled(bytes, 0, end))
    return err(badFormat(`byte ${crypto.firstUnlike(bytes, end, whole, 0)}`, "zero padding"));
  const head = decodeAs(payload.value, headShape);
  if (head.ok) return ok({ length, head: head.value, identity: crypto.sha256(payload.value) });
  const { error } = head;
  return err(
    error.kind === "cbor"
      ? badFormat(`head byte ${error.error.at}`, error.error.code)
      : badFormat(error.error.path, error.error.expected),
  );
}

/** The first key of every page, kept in RAM: 12 KB for half a million voters. */
function readIndex(pages: Pages, voterPages: number): Result<Uint32Array, RollError> {
  const index = new Uint32Array(voterPages);
  const perRead = pageLength / indexEntryLength;
  for (let from = 0; from < voterPages; from += perRead) {
    const count = Math.min(perRead, voterPages - from);
    const bytes = pages.read(from * indexEntryLength, count * indexEntryLength);
    if (!bytes.ok) return err(ofTree(bytes.error));
    for (let i = 0; i < count; i++) index[from + i] = readU32(bytes.value, i * indexEntryLength);
  }
  for (let page = 0; page < voterPages; page++)
    if (index[page]! >= keysEnd || (page > 0 && index[page]! <= index[page - 1]!))
      return err(badFormat(`index[${page}]`, `ascending keys below ${keysEnd}`));
  return ok(index);
}

export class Roll {
  readonly head: RollHead;
  /** SHA-256 of the signed head, which holds the root of the pages: no two editions share it. */
  readonly root: Uint8Array;
  readonly #pages: Pages;
  readonly #index: Uint32Array;
  readonly #coding: Coding;

  /** From openRoll. */
  constructor(head: RollHead, root: Uint8Array, pages: Pages, index: Uint32Array) {
    this.head = head;
    this.root = root;
    this.#pages = pages;
    this.#index = index;
    this.#coding = { riceBits: head.riceBits, areaBits: areaBits(head.styles.length), areas: head.styles.length };
  }

  /** key: of a national number (national-id.ts). Undefined when nobody of the roll has it. */
  find(key: number): Result<Voter | undefined, RollError> {
    assert(Number.isInteger(key) && key >= 0 && key < keysEnd, "key of a national number");
    const page = this.#pageOf(key);
    if (page < 0) return ok(undefined);
    const read = this.#read(page, key);
    if (!read.ok) return read;
    const { found } = read.value;
    if (found === undefined) return ok(undefined);
    return ok({
      position: (page * voterPageMax + found.index) as RollPosition,
      area: found.area + 1,
      style: this.head.styles[found.area]! as StyleId,
    });
  }

  /** Reads and checks every page. */
  verify(): Result<void, RollError> {
    const intact = this.#pages.verifyAll();
    if (!intact.ok) return err(ofTree(intact.error));
    let voters = 0;
    for (let page = 0; page < this.#index.length; page++) {
      const read = this.#read(page, noKey);
      if (!read.ok) return read;
      voters += read.value.count;
      const next = this.#index[page + 1];
      if (next !== undefined && read.value.last >= next)
        return err(badFormat(`page ${page}`, `keys below ${next}, where the next page begins`));
    }
    if (voters !== this.head.voters) return err(badFormat("voters", String(voters)));
    return this.#gapsAreZero();
  }

  /** Between the index and the voters, and behind them: one roll, one encoding. */
  #gapsAreZero(): Result<void, RollError> {
    const start = votersAt(this.#index.length);
    for (const [from, to] of [
      [this.#index.length * indexEntryLength, start],
      [start + this.#index.length * voterPageLength, this.#pages.count * pageLength],
    ] as const) {
      if (from === to) continue;
      const bytes = this.#pages.read(from, to - from);
      if (!bytes.ok) return err(ofTree(bytes.error));
      const at = bytes.value.findIndex((byte) => byte !== 0);
      if (at >= 0) return err(badFormat(`data byte ${from + at}`, "zero padding"));
    }
    return ok();
  }

  /** The last page that begins at the key or before it; -1 when all begin behind it. */
  #pageOf(key: number): number {
    let low = 0;
    let high = this.#index.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#index[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #read(page: number, key: number): Result<PageContents, RollError> {
    const offset = votersAt(this.#index.length) + page * voterPageLength;
    // a read can be disturbed once without harm to what is stored
    let bytes = this.#pages.read(offset, voterPageLength);
    if (!bytes.ok) bytes = this.#pages.read(offset, voterPageLength);
    if (!bytes.ok) return err(ofTree(bytes.error));
    const contents = readVoterPage(bytes.value, page, this.#coding, key);
    if (contents.ok && contents.value.first !== this.#index[page])
      return err(badFormat(`page ${page} voter 0`, `${this.#index[page]}, its entry in the index`));
    return contents;
  }
}
