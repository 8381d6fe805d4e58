// Every cell of an image of a medium: erased, or a part of something that firmware/vault/FORMAT.md knows, written as
// the terminal writes it. The terminal forgives a weak cell and mends it; an auditor is told of each. Written from the
// format, not from the vault's own readers, whose mistakes it would share.

import {
  concat,
  countZeroBits,
  equalBytes,
  isFilledWith,
  readU16,
  readU32,
  utf8,
  writeU32,
} from "../../firmware/bytes.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import type { AuditKeys } from "../../firmware/device/keys.js";
import { type DayState, dayStates } from "../../firmware/journal/journal.js";
import {
  type Layout,
  checkLength,
  commitLength,
  entryLength,
  spentLength,
  tickLength,
} from "../../firmware/vault/layout.js";
import type { Region } from "../../firmware/storage/media.js";

export interface CellsOf {
  readonly crypto: Crypto;
  readonly image: Uint8Array;
  readonly layout: Layout;
  /** 16 bytes */
  readonly election: Uint8Array;
  /** Root hash of the package, 32 bytes. */
  readonly root: Uint8Array;
  readonly terminal: number;
  /** The signed loading statement; undefined when there is none that is whole. */
  readonly loading: Uint8Array | undefined;
  /** Slots whose record's signature is right, and that record. */
  readonly records: ReadonlyMap<number, Uint8Array>;
  readonly voided: number;
  /** Bytes of the signed results and of the signed list; undefined when there are none that are whole. */
  readonly results: readonly [number, number] | undefined;
  /** What the journal has decided; undefined when it cannot be read. */
  readonly states: ReadonlySet<DayState> | undefined;
  readonly audit: AuditKeys | undefined;
}

export interface Cells {
  readonly problems: readonly string[];
  /** What could not be judged without the audit keys. */
  readonly unchecked: readonly string[];
}

const words = { address: 256, length: 16, count: 64 } as const;
/** How often the media that count have changed: an odd number is one that was gone on with alone. */
export function wordsOf(image: Uint8Array): number {
  let count = 0;
  while (
    count < words.count &&
    countZeroBits(image, words.address + count * words.length, words.length) > words.length * 4
  )
    count++;
  return count;
}

const erasingWord = { address: 2048, length: 16 } as const;
/** Behind it, one for each state of the day. */
const stateWords = { address: 2064, length: 16 } as const;
const superblockBody = 48;
const journal = { cell: 128, chain: 16, check: 16 } as const;
const loadingForm = { body: 256, magic: 0x53_4e_44_4c } as const;
const results = { header: 16, body: 256, magic: 0x53_4e_44_52 } as const;
const mark = 8;
/** Images are compared in chunks: most of them are equal. */
const chunkLength = 65_536;
const erasedChunk = new Uint8Array(chunkLength).fill(0xff);

export function checkCells(of: CellsOf): Cells {
  const problems: string[] = [];
  const unchecked: string[] = [];
  superblock(of, problems, unchecked);
  loadingStatement(of, problems);
  const end = journalCells(of, problems, unchecked);
  journalHead(of, end, problems, unchecked);
  transactions(of, problems);
  head(of, problems, unchecked);
  ticks(of, problems);
  spentMarks(of, problems, unchecked);
  slots(of, problems, unchecked);
  behind(of, problems);
  return { problems, unchecked };
}

/** Cells of this range that are not erased, as one problem. */
function erased({ image }: CellsOf, from: number, to: number, what: string, problems: string[]): void {
  let first: number | undefined;
  let count = 0;
  for (let start = from; start < to; start += chunkLength) {
    const chunk = image.subarray(start, Math.min(start + chunkLength, to));
    if (Buffer.compare(chunk, erasedChunk.subarray(0, chunk.length)) === 0) continue;
    for (const [offset, byte] of chunk.entries()) {
      if (byte === 0xff) continue;
      first ??= start + offset;
      count++;
    }
  }
  if (first !== undefined) problems.push(`${what}: ${count} bytes from ${hex(first)} are not erased`);
}

function exact(image: Uint8Array, from: number, expected: Uint8Array, what: string, problems: string[]): void {
  if (!equalBytes(image.subarray(from, from + expected.length), expected))
    problems.push(`${what}: is not what the terminal writes there`);
}

function superblock(of: CellsOf, problems: string[], unchecked: string[]): void {
  const { image, layout, root, terminal, crypto, audit } = of;
  const body = new Uint8Array(superblockBody);
  body.set(utf8("SND2"));
  body.set(root, 4);
  writeU32(body, 36, terminal);
  writeU32(body, 40, layout.slots);
  writeU32(body, 44, layout.slotLength);
  exact(image, 0, body, "superblock", problems);
  if (audit === undefined) unchecked.push("the superblock's check");
  else exact(image, superblockBody, crypto.check(body, audit.head), "superblock's check", problems);
  erased(of, superblockBody + checkLength, words.address, "superblock", problems);
  for (let word = 0; word < words.count; word++) {
    const at = words.address + word * words.length;
    const cleared = countZeroBits(image, at, words.length);
    if (cleared !== 0 && cleared !== words.length * 8)
      problems.push(`superblock: ${cleared} of 128 bits of word ${word} are cleared`);
    if (cleared === 0 && !isFilledWith(image.subarray(at, words.address + words.count * words.length), 0xff)) {
      erased(of, at, words.address + words.count * words.length, `superblock: words behind word ${word}`, problems);
      break;
    }
  }
  erased(of, words.address + words.count * words.length, erasingWord.address, "superblock", problems);
  if (!isFilledWith(image.subarray(erasingWord.address, erasingWord.address + erasingWord.length), 0xff))
    problems.push("the erasing word is there: the terminal has begun to erase the election, or somebody wants it to");
  states(of, problems, unchecked);
  const end = stateWords.address + dayStates.length * stateWords.length;
  erased(of, end, layout.superblock.length, "superblock", problems);
}

/** Header and statement, and nothing else. */
function loadingStatement({ image, layout, loading }: CellsOf, problems: string[]): void {
  // without one there is nothing to compare with: that is named elsewhere
  if (loading === undefined) return;
  const { address, length } = layout.loading;
  const expected = new Uint8Array(length).fill(0xff);
  writeU32(expected, 0, loadingForm.magic);
  writeU32(expected, 4, loading.length);
  expected.set(loading, loadingForm.body);
  exact(image, address, expected, "loading statement", problems);
}

/** A word for each state that the journal has decided, and no other. */
function states(
  { image, states: decided, crypto, election, terminal, audit }: CellsOf,
  problems: string[],
  unchecked: string[],
): void {
  const number = new Uint8Array(4);
  writeU32(number, 0, terminal);
  for (const [i, state] of dayStates.entries()) {
    const at = stateWords.address + i * stateWords.length;
    const word = image.subarray(at, at + stateWords.length);
    const isThere = !isFilledWith(word, 0xff);
    if (decided !== undefined && isThere !== decided.has(state))
      problems.push(
        isThere
          ? `superblock: the word "${state}" is there, and the journal does not say so`
          : `superblock: the word "${state}" is missing, and the journal says so`,
      );
    if (!isThere) continue;
    if (audit === undefined) unchecked.push("the words of the day's state");
    else if (!equalBytes(word, crypto.check(concat(utf8(state), election, number), audit.state)))
      problems.push(`superblock: the word "${state}" is not what the terminal writes there`);
  }
}

/** Cells up to the last entry, and the chain behind it. */
interface JournalEnd {
  readonly cells: number;
  readonly chain: Uint8Array;
}

/**
 * The chain, cell by cell, over entries alone, and the keyed check over it; a cell that a cut has torn is 0. What the
 * entries say, and the signatures: journal.ts.
 */
function journalCells(of: CellsOf, problems: string[], unchecked: string[]): JournalEnd {
  const { image, layout, crypto, election, terminal, audit } = of;
  const number = new Uint8Array(4);
  writeU32(number, 0, terminal);
  let chain = crypto.sha256(concat(utf8("sandogh journal"), election, number)).slice(0, journal.chain);
  const { address, length } = layout.journal;
  let zeroed = 0;
  let last = 0;
  for (let index = 0; index < length / journal.cell; index++) {
    const at = address + index * journal.cell;
    const cell = image.subarray(at, at + journal.cell);
    if (isFilledWith(cell, 0)) {
      zeroed++;
      continue;
    }
    if (isFilledWith(cell, 0xff)) {
      // a start zeroes a cell and writes its first entry behind it
      if (zeroed > 0) problems.push(`journal: ${zeroed} zeroed cells at its end, before cell ${index}`);
      erased(of, at, address + length, `journal behind its end at cell ${index}`, problems);
      break;
    }
    zeroed = 0;
    const end = 1 + cell[0]!;
    const next = crypto.sha256(concat(chain, cell.subarray(1, end))).slice(0, journal.chain);
    const padded = journal.cell - journal.check;
    const isRight = audit === undefined || equalBytes(cell.subarray(padded), crypto.check(next, audit.journal));
    if (end > padded || !isRight) {
      problems.push(`journal cell ${index}: no entry that continues the chain`);
      continue;
    }
    if (!isFilledWith(cell.subarray(end, padded), 0xff))
      problems.push(`journal cell ${index}: bytes behind its entry are not erased`);
    chain = next;
    last = index + 1;
  }
  if (audit === undefined && last > 0) unchecked.push("the checks of the journal's cells");
  return { cells: last, chain };
}

/** How long the journal is, as the terminal has written behind its last entry. */
function journalHead(of: CellsOf, end: JournalEnd, problems: string[], unchecked: string[]): void {
  const { image, layout, crypto, audit } = of;
  const places = placesOf(of, layout.journalHead);
  const [place] = places;
  if (places.length > 1) problems.push(`journal's head: ${places.length} entries, at ${places.join(", ")}`);
  if (place === undefined) {
    if (end.cells > 0) problems.push(`journal's head: empty, with ${end.cells} cells of the journal`);
    return;
  }
  const at = layout.journalHead.address + place * entryLength;
  const entry = image.subarray(at, at + entryLength);
  const what = `journal's head, place ${place}`;
  const cells = readU32(entry, 4);
  if (cells !== end.cells) problems.push(`${what}: says ${cells} cells, the journal has ${end.cells}`);
  else if (!equalBytes(entry.subarray(8, 8 + journal.chain), end.chain))
    problems.push(`${what}: its chain is not the journal's`);
  if (!isFilledWith(entry.subarray(8 + journal.chain, entryLength - checkLength), 0))
    problems.push(`${what}: its padding is not 0`);
  if (audit === undefined) {
    unchecked.push("the number and check of the journal's head");
    return;
  }
  const where = new Uint8Array(4);
  writeU32(where, 0, place);
  const own = crypto.check(concat(entry.subarray(0, entryLength - checkLength), where), audit.journal);
  if (!equalBytes(own, entry.subarray(entryLength - checkLength))) problems.push(`${what}: its check is wrong`);
}

/** Places of a log that are neither erased nor blanked. */
function placesOf({ image }: CellsOf, { address, length }: Region): readonly number[] {
  return Array.from({ length: length / entryLength }, (_, place) => place).filter((place) => {
    const bytes = image.subarray(address + place * entryLength, address + (place + 1) * entryLength);
    return !isFilledWith(bytes, 0xff) && !isFilledWith(bytes, 0);
  });
}

function transactions(of: CellsOf, problems: string[]): void {
  for (const place of placesOf(of, of.layout.transaction))
    problems.push(`transaction log, place ${place}: an open transaction, or harm: no start has settled it`);
}

function head(of: CellsOf, problems: string[], unchecked: string[]): void {
  const { image, layout, crypto, audit, records, voided } = of;
  const places = placesOf(of, layout.head);
  const [place] = places;
  if (places.length > 1) problems.push(`head log: ${places.length} entries, at ${places.join(", ")}`);
  if (place === undefined) {
    if (records.size > 0) problems.push(`head log: empty, with ${records.size} ballots stored`);
    return;
  }
  const at = layout.head.address + place * entryLength;
  const entry = image.subarray(at, at + entryLength);
  const [number, epoch, ballots, voids] = [0, 4, 8, 12].map((offset) => readU32(entry, offset)) as [
    number,
    number,
    number,
    number,
  ];
  const what = `head, place ${place}`;
  if (ballots !== records.size) problems.push(`${what}: says ${ballots} ballots, ${records.size} are good`);
  if (voids > voided) problems.push(`${what}: says ${voids} voids, ${voided} slots are voided`);
  if (epoch < ballots || number < epoch) problems.push(`${what}: is number ${number}, epoch ${epoch}`);
  if (!isFilledWith(entry.subarray(32, entryLength - checkLength), 0)) problems.push(`${what}: its padding is not 0`);
  if (audit === undefined) {
    unchecked.push("the head's number, epoch, set and check");
    return;
  }
  const where = new Uint8Array(4);
  writeU32(where, 0, place);
  const own = crypto.check(concat(entry.subarray(0, entryLength - checkLength), where), audit.head);
  if (!equalBytes(own, entry.subarray(entryLength - checkLength))) problems.push(`${what}: its check is wrong`);
  const sum = new Uint8Array(checkLength);
  for (const [slot] of records) {
    const check = image.subarray(
      slotEnd(layout, slot) - commitLength - checkLength,
      slotEnd(layout, slot) - commitLength,
    );
    crypto.check(check, audit.set).forEach((byte, i) => (sum[i]! ^= byte));
  }
  const count = new Uint8Array(4);
  writeU32(count, 0, ballots);
  if (!equalBytes(crypto.check(concat(sum, count), audit.set), entry.subarray(16, 32)))
    problems.push(`${what}: the set is not that of the ballots`);
}

function ticks(of: CellsOf, problems: string[]): void {
  const { image, layout, records } = of;
  const { address, length } = layout.counter;
  for (let tick = 0; tick < layout.ticks; tick++) {
    const cleared = countZeroBits(image, address + tick * tickLength, tickLength);
    if (cleared !== (tick < records.size ? tickLength * 8 : 0))
      problems.push(`counter: ${cleared} of 64 bits of tick ${tick} are cleared, with ${records.size} good ballots`);
  }
  erased(of, address + layout.ticks * tickLength, address + length, "behind the counter", problems);
}

function spentMarks(of: CellsOf, problems: string[], unchecked: string[]): void {
  const { image, layout, crypto, audit, records } = of;
  const { address, length } = layout.spent;
  let marks = 0;
  for (let place = 0; place < layout.spentEntries; place++) {
    const bytes = image.subarray(address + place * spentLength, address + (place + 1) * spentLength);
    if (isFilledWith(bytes, 0xff) || isFilledWith(bytes, 0)) continue;
    marks++;
    if (audit === undefined) continue;
    const check = crypto.check(bytes.subarray(0, mark), audit.token).subarray(0, spentLength - mark);
    if (!equalBytes(check, bytes.subarray(mark))) problems.push(`spent mark ${place}: its check is wrong`);
  }
  if (marks !== records.size) problems.push(`${marks} spent marks for ${records.size} good ballots`);
  if (audit === undefined && marks > 0) unchecked.push(`${marks} spent marks`);
  erased(of, address + layout.spentEntries * spentLength, address + length, "behind the spent marks", problems);
}

function slotEnd({ store, slotLength }: Layout, slot: number): number {
  return store.address + (slot + 1) * slotLength;
}

/** Of slots whose record is good: the others are named with what is wrong with them. */
function slots(of: CellsOf, problems: string[], unchecked: string[]): void {
  const { image, layout, crypto, audit, records } = of;
  for (const [slot, record] of records) {
    const end = slotEnd(layout, slot);
    const start = end - layout.slotLength;
    const checkAt = end - commitLength - checkLength;
    if (readU16(image, start) !== record.length) problems.push(`slot ${slot}: its length is not its record's`);
    erased(of, start + 2 + record.length, checkAt, `slot ${slot} behind its record`, problems);
    const missing = commitLength * 8 - countZeroBits(image, end - commitLength, commitLength);
    if (missing > 0) problems.push(`slot ${slot}: ${missing} of 128 bits of its commit word are not cleared`);
    if (audit === undefined) continue;
    const number = new Uint8Array(4);
    writeU32(number, 0, slot);
    const check = crypto.check(concat(image.subarray(start, checkAt), number), audit.slot);
    exact(image, checkAt, check, `slot ${slot}'s check`, problems);
  }
  if (audit === undefined && records.size > 0) unchecked.push(`${records.size} slots' checks`);
  const { address, length } = layout.store;
  erased(of, address + layout.slots * layout.slotLength, address + length, "behind the slots", problems);
}

/** Results, and nothing behind them. */
function behind(of: CellsOf, problems: string[]): void {
  const { image, layout, results: lengths } = of;
  const address = layout.store.address + layout.store.length;
  if (lengths === undefined)
    return erased(of, address, image.length, "behind the store, where no results are", problems);
  const header = new Uint8Array(results.header);
  writeU32(header, 0, results.magic);
  writeU32(header, 4, lengths[0]);
  writeU32(header, 8, lengths[1]);
  exact(image, address, header, "results' header", problems);
  erased(of, address + results.header, address + results.body, "behind the results' header", problems);
  erased(of, address + results.body + lengths[0] + lengths[1], image.length, "behind the results", problems);
}

/** What lies at an address, in words. */
export function placeAt(layout: Layout, address: number): string {
  const within = ({ address: from, length }: Region): boolean => address >= from && address < from + length;
  const item = ({ address: from }: Region, length: number): number => Math.floor((address - from) / length);
  if (within(layout.superblock)) return "superblock";
  if (within(layout.loading)) return "loading statement";
  if (within(layout.journal)) return `journal cell ${item(layout.journal, journal.cell)}`;
  if (within(layout.journalHead)) return `journal's head, place ${item(layout.journalHead, entryLength)}`;
  if (within(layout.transaction)) return `transaction log, place ${item(layout.transaction, entryLength)}`;
  if (within(layout.head)) return `head log, place ${item(layout.head, entryLength)}`;
  if (within(layout.counter)) return `tick ${item(layout.counter, tickLength)}`;
  if (within(layout.spent)) return `spent mark ${item(layout.spent, spentLength)}`;
  if (within(layout.store)) return `slot ${item(layout.store, layout.slotLength)}`;
  return "behind the store";
}

/** Where two media that hold the same do not: each place once, with how many bytes of it. */
export function differences(layout: Layout, a: Uint8Array, b: Uint8Array): string[] {
  const places = new Map<string, { first: number; bytes: number }>();
  if (a.length !== b.length) return [`the images have ${a.length} and ${b.length} bytes`];
  for (let from = 0; from < a.length; from += chunkLength) {
    const to = Math.min(from + chunkLength, a.length);
    if (Buffer.compare(a.subarray(from, to), b.subarray(from, to)) === 0) continue;
    for (let at = from; at < to; at++) {
      if (a[at] === b[at]) continue;
      const place = placeAt(layout, at);
      const seen = places.get(place);
      if (seen === undefined) places.set(place, { first: at, bytes: 1 });
      else seen.bytes++;
    }
  }
  return [...places].map(
    ([place, { first, bytes }]) => `${place}: the media differ in ${bytes} bytes from ${hex(first)}`,
  );
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(6, "0")}`;
}
