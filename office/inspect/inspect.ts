// What an image of one storage medium, or of both, holds: for a recount, or a terminal that is dead. Needs the package:
// every record is judged by its signature, the journal by its chain and signatures, every other cell by the format
// (cells.ts), and both media against each other. What only the terminal's own keys can judge is judged with the audit
// keys, and named without them.

import {
  compareBytes,
  concat,
  countZeroBits,
  equalBytes,
  isFilledWith,
  readU16,
  readU32,
  toHex,
} from "../../firmware/bytes.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import type { AuditKeys } from "../../firmware/device/keys.js";
import type { LoadingStatement } from "../../firmware/device/loading.js";
import type { AssignedElection, Terminal } from "../device/enrol.js";
import { type Layout, commitLength, entryLength, spentLength, tickLength } from "../../firmware/vault/layout.js";
import { countTicks } from "../../firmware/tally/raw-store.js";
import type { StoredResults } from "../../firmware/tally/results-store.js";
import { readRecord, recordHash } from "../../firmware/vault/record.js";
import { layoutOfImage, loadingInImage, resultsInImage } from "../tally/image.js";
import { entryLine, readJournal } from "../journal/journal.js";
import { type DayState, type JournalEntry, dayStates } from "../../firmware/journal/journal.js";
import { checkCells, differences, wordsOf } from "./cells.js";

export interface MediumView {
  readonly name: "a" | "b";
  readonly terminal: number | undefined;
  readonly committed: ReadonlyMap<number, Uint8Array>;
  readonly voided: number;
  readonly free: number;
  /** Slots that hold something undecided: the power went in the middle of a cast. */
  readonly undecided: readonly number[];
  readonly ticks: number;
  readonly spent: number;
  readonly openTransactions: number;
  readonly layout: Layout;
  readonly problems: readonly string[];
}

export interface Inspection {
  readonly media: readonly MediumView[];
  /** Records that are good, by slot: from whichever medium has them whole. */
  readonly records: ReadonlyMap<number, Uint8Array>;
  readonly journal: readonly string[];
  /** What the terminal counted at the close and signed; checked against the records that are good. */
  readonly results: StoredResults | undefined;
  /** What the terminal drew when it was loaded. */
  readonly loading: LoadingStatement | undefined;
  /** What is wrong, in words; nothing of it is passed over in silence. */
  readonly problems: readonly string[];
  /** What was not judged, since there are no audit keys, or since nothing signed stands behind it. */
  readonly unchecked: readonly string[];
}

export interface Images {
  readonly a?: Uint8Array;
  readonly b?: Uint8Array;
}

/** Throws ImageTooSmall. */
export function inspect(crypto: Crypto, election: AssignedElection, images: Images, audit?: AuditKeys): Inspection {
  const media: MediumView[] = [];
  for (const name of ["a", "b"] as const) {
    const image = images[name];
    if (image !== undefined) media.push(lookAt(crypto, election, name, image));
  }
  const problems = media.flatMap((medium) => medium.problems.map((what) => `medium ${medium.name}: ${what}`));
  const records = new Map<number, Uint8Array>();
  for (const medium of media)
    for (const [slot, record] of medium.committed) if (!records.has(slot)) records.set(slot, record);
  const [a, b] = media;
  if (a !== undefined && b !== undefined) problems.push(...compare(a, b));
  for (const medium of media) {
    if (medium.ticks !== records.size)
      problems.push(`medium ${medium.name}: the counter has ${medium.ticks} ticks for ${records.size} good records`);
  }
  const journal = journalOf(crypto, election, images, media, audit, problems);
  const loading = loadingOf(crypto, election, images, media, problems);
  const results = resultsOf(crypto, election, images, media, records, problems);
  problems.push(...disagreements(journal ?? [], records.size, results));
  problems.push(
    ...pairing(
      journal ?? [],
      media.map(({ name }) => wordsOf(images[name]!)),
    ),
  );
  const states = journal === undefined ? undefined : statesOf(journal);
  const unchecked = new Set<string>();
  for (const medium of media) {
    if (medium.terminal === undefined) continue;
    const image = images[medium.name]!;
    const { layout } = medium;
    const cells = checkCells({
      crypto,
      image,
      layout,
      election: election.id,
      root: election.root,
      terminal: medium.terminal,
      loading: loading?.signed,
      records: medium.committed,
      voided: medium.voided,
      results: results === undefined ? undefined : [results.signedResults.length, results.signedList.length],
      states,
      audit,
    });
    problems.push(...cells.problems.map((what) => `medium ${medium.name}: ${what}`));
    for (const what of cells.unchecked) unchecked.add(what);
  }
  if (images.a !== undefined && images.b !== undefined && a !== undefined)
    problems.push(...differences(a.layout, images.a, images.b));
  const unsigned = journal === undefined ? 0 : journal.length - 1 - journal.findLastIndex((entry) => isSigned(entry));
  if (unsigned > 0 && audit === undefined) unchecked.add(`${unsigned} journal entries behind the last signed one`);
  return {
    media,
    records,
    journal: (journal ?? []).map(entryLine),
    results,
    loading: loading?.statement,
    problems,
    unchecked: [...unchecked],
  };
}

function statesOf(journal: readonly JournalEntry[]): ReadonlySet<DayState> {
  return new Set(dayStates.filter((state) => journal.some(({ event }) => event === state)));
}

function isSigned({ event }: JournalEntry): boolean {
  return event === "checkpoint";
}

/** Words that say which media count, against the decisions that the journal knows. */
function pairing(journal: readonly JournalEntry[], words: readonly number[]): string[] {
  const problems: string[] = [];
  const decided = journal.filter(({ event }) => event === "oneMedium").length;
  const most = Math.max(0, ...words);
  if (Math.ceil(most / 2) > decided)
    problems.push(`${most} pairing words, and the journal has gone on with one medium ${decided} times`);
  if (words.length > 1 && words.every((count) => count % 2 === 1))
    problems.push("both media say that they were gone on with alone");
  return problems;
}

/** Between what the journal says was done and what is there. */
function disagreements(
  journal: readonly JournalEntry[],
  ballots: number,
  results: StoredResults | undefined,
): string[] {
  const problems: string[] = [];
  const last = (event: JournalEntry["event"]): JournalEntry | undefined =>
    journal.findLast((entry) => entry.event === event);
  const [opened, closed, counted] = [last("opened"), last("closed"), last("counted")];
  if (opened === undefined && ballots > 0)
    problems.push(`${ballots} ballots, and the journal has not opened the polls`);
  if (closed !== undefined && closed.detail !== ballots)
    problems.push(`the polls were closed with ${closed.detail} ballots, ${ballots} are good`);
  if (counted !== undefined && results === undefined) problems.push("the journal says counted: there are no results");
  if (results !== undefined) {
    if (closed === undefined || counted === undefined)
      problems.push(
        `there are results, and the journal has not ${closed === undefined ? "closed the polls" : "counted"}`,
      );
    else if (counted.detail !== results.results.ballots)
      problems.push(`the journal counted ${counted.detail} ballots, the results ${results.results.ballots}`);
  }
  // each state comes once, behind the one before, and is signed
  let from = 0;
  for (const [i, state] of dayStates.entries()) {
    const at = journal.findIndex(({ event }) => event === state);
    if (at < 0) continue;
    const before = dayStates[i - 1];
    if (at < from || (before !== undefined && !journal.some(({ event }) => event === before)))
      problems.push(`the journal says "${state}" and not "${before}" before it`);
    if (journal.findLastIndex(({ event }) => event === state) !== at)
      problems.push(`the journal says "${state}" more than once`);
    const next = journal[at + 1];
    if (next === undefined || !isSigned(next)) problems.push(`the journal's "${state}" was not signed`);
    from = at;
  }
  return problems;
}

function lookAt(crypto: Crypto, election: AssignedElection, name: "a" | "b", image: Uint8Array): MediumView {
  const layout = layoutOfImage(image, election);
  const problems: string[] = [];
  const terminal = terminalOf(election, image, layout, problems);
  const committed = new Map<number, Uint8Array>();
  const seen = new Map<string, number>();
  const undecided: number[] = [];
  let voided = 0;
  let free = 0;
  for (let slot = 0; slot < layout.slots; slot++) {
    const at = layout.store.address + slot * layout.slotLength;
    const bytes = image.subarray(at, at + layout.slotLength);
    if (isFilledWith(bytes, 0xff)) free++;
    else if (isFilledWith(bytes, 0)) voided++;
    else if (countZeroBits(bytes, layout.slotLength - commitLength, commitLength) <= commitLength * 4)
      undecided.push(slot);
    else {
      const record = bytes.slice(2, 2 + readU16(bytes, 0));
      const wrong =
        terminal === undefined
          ? "no terminal to check it against"
          : wrongWith(crypto, election, terminal, slot, record, seen);
      if (wrong === undefined) committed.set(slot, record);
      else problems.push(`slot ${slot}: ${wrong}`);
    }
  }
  if (undecided.length > 0)
    problems.push(
      `${undecided.length} slots are undecided (${undecided.slice(0, 8).join(", ")}): the terminal was not started again after a power cut`,
    );
  const ticks = countTicks(
    crypto,
    image.subarray(layout.counter.address, layout.counter.address + layout.ticks * tickLength),
  );
  for (let later = ticks + 1; later < layout.ticks; later++) {
    if (countZeroBits(image, layout.counter.address + later * tickLength, tickLength) > tickLength * 4)
      problems.push(`the counter has a tick at ${later} behind a gap at ${ticks}`);
  }
  return {
    name,
    terminal: terminal?.id,
    committed,
    voided,
    free,
    undecided,
    ticks,
    layout,
    problems,
    spent: countFilled(image, layout.spent.address, layout.spentEntries, spentLength),
    openTransactions: countFilled(
      image,
      layout.transaction.address,
      layout.transaction.length / entryLength,
      entryLength,
    ),
  };
}

/** Places that hold something: neither erased nor blanked. */
function countFilled(image: Uint8Array, address: number, places: number, length: number): number {
  let count = 0;
  for (let place = 0; place < places; place++) {
    const bytes = image.subarray(address + place * length, address + (place + 1) * length);
    if (!isFilledWith(bytes, 0xff) && !isFilledWith(bytes, 0)) count++;
  }
  return count;
}

function terminalOf(
  election: AssignedElection,
  image: Uint8Array,
  layout: Layout,
  problems: string[],
): Terminal | undefined {
  const block = image.subarray(layout.superblock.address, layout.superblock.address + 48);
  if (isFilledWith(block, 0xff)) {
    problems.push("it was never formatted");
    return undefined;
  }
  if (!equalBytes(block.subarray(4, 36), election.root)) {
    problems.push(`it belongs to the package ${toHex(block.subarray(4, 36))}`);
    return undefined;
  }
  const id = readU32(block, 36);
  const terminal = election.terminals.find((each) => each.id === id);
  if (terminal === undefined) problems.push(`terminal ${id} is not in the list of assignments`);
  return terminal;
}

function wrongWith(
  crypto: Crypto,
  election: AssignedElection,
  terminal: Terminal,
  slot: number,
  record: Uint8Array,
  seen: Map<string, number>,
): string | undefined {
  const read = readRecord(crypto, record, terminal.publicKey);
  if (!read.ok) return read.error.what;
  if (!equalBytes(read.value.election, election.id)) return `a record of election ${toHex(read.value.election)}`;
  if (read.value.terminal !== terminal.id) return `a record of terminal ${read.value.terminal}`;
  if (read.value.slot !== slot) return `a record that belongs to slot ${read.value.slot}`;
  const name = toHex(crypto.sha256(record));
  const before = seen.get(name);
  seen.set(name, slot);
  return before === undefined ? undefined : `a copy of the record in slot ${before}`;
}

function compare(a: MediumView, b: MediumView): string[] {
  const problems: string[] = [];
  for (const slot of new Set([...a.committed.keys(), ...b.committed.keys()])) {
    const [onA, onB] = [a.committed.get(slot), b.committed.get(slot)];
    if (onA === undefined || onB === undefined)
      problems.push(`slot ${slot}: good on medium ${onA === undefined ? "b" : "a"} alone`);
    else if (!equalBytes(onA, onB)) problems.push(`slot ${slot}: both media hold a signed record, and they differ`);
  }
  return problems;
}

/** The loading statement of whichever medium has one that is whole. */
function loadingOf(
  crypto: Crypto,
  election: AssignedElection,
  images: Images,
  media: readonly MediumView[],
  problems: string[],
): ReturnType<typeof loadingInImage> {
  const known = media.filter((medium) => medium.terminal !== undefined);
  const found = known.flatMap((medium) => {
    const terminal = election.terminals.find((each) => each.id === medium.terminal)!;
    const loading = loadingInImage(crypto, election, terminal, images[medium.name]!);
    if (loading === undefined) problems.push(`medium ${medium.name}: no loading statement that this terminal signed`);
    return loading === undefined ? [] : [loading];
  });
  const [first, second] = found;
  if (first !== undefined && second !== undefined && !equalBytes(first.signed, second.signed))
    problems.push("the two media hold different loading statements: ballots were sealed to one key of two");
  return first;
}

function resultsOf(
  crypto: Crypto,
  election: AssignedElection,
  images: Images,
  media: readonly MediumView[],
  records: ReadonlyMap<number, Uint8Array>,
  problems: string[],
): StoredResults | undefined {
  const found = media.flatMap((medium) => {
    const terminal = election.terminals.find((each) => each.id === medium.terminal);
    const stored =
      terminal === undefined ? undefined : resultsInImage(crypto, election, terminal, images[medium.name]!);
    return stored === undefined ? [] : [{ medium, stored }];
  });
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (found.length < media.length) problems.push(`results: on medium ${first.medium.name} alone`);
  if (second !== undefined && !equalBytes(first.stored.signedResults, second.stored.signedResults))
    problems.push("results: the two media hold different ones");
  const names = concat(...[...records.values()].map((record) => recordHash(crypto, record)).sort(compareBytes));
  if (!equalBytes(names, first.stored.list.names)) problems.push("results: counted from other records than are stored");
  return first.stored;
}

function journalOf(
  crypto: Crypto,
  election: AssignedElection,
  images: Images,
  media: readonly MediumView[],
  audit: AuditKeys | undefined,
  problems: string[],
): readonly JournalEntry[] | undefined {
  const id = media.find((medium) => medium.terminal !== undefined)?.terminal;
  const own = election.terminals.find((each) => each.id === id);
  const first = images.a ?? images.b;
  if (own === undefined || first === undefined) return undefined;
  const read = readJournal({
    crypto,
    election,
    terminal: own.id,
    publicKey: own.publicKey,
    key: audit?.journal,
    a: first,
    b: images.b ?? first,
  });
  if (!read.ok) {
    problems.push(
      read.error.kind === "broken-chain"
        ? `the journal's chain is broken at cell ${read.error.cell}`
        : read.error.kind === "cut-off"
          ? `the journal is cut off at cell ${read.error.cell}`
          : `the journal cannot be read: ${read.error.kind}`,
    );
    return undefined;
  }
  return read.value;
}
