// Opens an election package on flash (FORMAT.md). Everything is checked once, here: signature, every page against the
// hash tree, every field, record and text. So what runs afterwards needs no error paths for the contents, only for a
// flash that fails later.

import { equalBytes, readU16, readU32 } from "../bytes.js";
import { ballotLengthMax as longestBallot } from "./ballot.js";
import { decodeAs } from "../cbor/shape.js";
import { verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { sharesMax } from "../crypto/tally-key.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { keyLetters, letterCode } from "./fold.js";
import { problemOfRevoked } from "./card-rules.js";
import { type PackageError, PackageFault, packageError } from "./error.js";
import {
  atlasMax,
  codeMax,
  definitionMax,
  electionIdLength,
  envelopeMax,
  envelopePages,
  headerLength,
  noList,
  noText,
  optionLength,
  optionsMax,
  packageLength,
  packageMagic,
  packageVersion,
  pageLength,
  photoLengthMax,
  section,
  searchEntryLength,
  sectionNames,
} from "./layout.js";
import { Pages } from "./pages.js";
import {
  type Definition,
  type Envelope,
  contestKinds,
  definitionShape,
  envelopeShape,
  electionKinds,
} from "./shapes.js";
import type {
  BallotStyle,
  Contest,
  ContestId,
  ElectionPackage,
  Officials,
  Option,
  OptionIndex,
  PhotoId,
  StationElection,
  StyleId,
  TextId,
} from "./types.js";

/** Bytes of one text's record, the same limit as the text bundle's own. */
const textRecordMax = 8_192;
/** Texts, as the text bundle's own. */
const textsMax = 32_768;

export interface OpenOptions {
  /**
   * "all", or absent: reads and checks every page and every record now; "signature": the envelope, and of the rest each
   * page when it is read, so that a start does not wait for megabytes; `ElectionPackage.verify` makes up for it before
   * the polls open.
   */
  readonly trust?: "all" | "signature";
  /**
   * The key, 16 bytes, that nobody else knows, by which pages are known again: see Pages. Absent: each page is hashed
   * each time.
   */
  readonly tagKey?: (election: Uint8Array) => Uint8Array;
}

/** `address`: a multiple of 4096 bytes. `authorityKey`: Ed25519, 32 bytes. Never throws for what is on the flash. */
export function openPackage(
  flash: Flash,
  address: number,
  crypto: Crypto,
  authorityKey: Uint8Array,
  options: OpenOptions = {},
): Result<ElectionPackage, PackageError> {
  const { trust = "all", tagKey } = options;
  const size = flash.status()?.size;
  if (size === undefined) return err(packageError.noAnswer(address));
  const envelope = readEnvelope(flash, address, size, crypto, authorityKey);
  if (!envelope.ok) return envelope;
  const { length, contents, identity } = envelope.value;
  if (address + packageLength(length, contents.pages) > size) return err(packageError.absent());
  const pages = new Pages({
    flash,
    crypto,
    address: address + envelopePages(length) * pageLength,
    pages: contents.pages,
    root: contents.root,
    tagKey: tagKey?.(identity.slice(0, electionIdLength)),
  });
  const directory = readDirectory(contents);
  if (!directory.ok) return directory;
  const sections = directory.value;
  const texts = countTexts(pages, sections.texts);
  if (!texts.ok) return texts;
  const bytes = pages.read(sections.definition.offset, sections.definition.length);
  if (!bytes.ok) return bytes;
  const definition = decodeAs(bytes.value, definitionShape);
  if (!definition.ok) {
    const { error } = definition;
    return error.kind === "cbor"
      ? err(
          packageError.format(
            "definition",
            `byte ${error.error.at}`,
            `well-formed deterministic CBOR (${error.error.code})`,
          ),
        )
      : err(packageError.format("definition", error.error.path, error.error.expected));
  }
  const election = readElection(definition.value, identity, authorityKey, texts.value);
  if (!election.ok) return election;
  const tables = layTables(sections, election.value.contests, definition.value);
  if (!tables.ok) return tables;
  const pack = new OpenPackage(election.value, pages, sections, tables.value, texts.value);
  if (trust === "signature") return ok(pack);
  const verified = pack.verify();
  return verified.ok ? ok(pack) : verified;
}

/** Where a contest's records begin in the tables of options and of search keys, counted in records. */
interface Tables {
  readonly options: number;
  readonly count: number;
  readonly search: { readonly from: number; readonly to: number };
}

/** From the counts of the definition, which must fill both sections. */
function layTables(
  sections: Sections,
  contests: readonly Contest[],
  definition: Definition,
): Result<ReadonlyMap<ContestId, Tables>, PackageError> {
  const tables = new Map<ContestId, Tables>();
  let options = 0;
  let entries = 0;
  for (let i = 0; i < contests.length; i++) {
    const contest = contests[i]!;
    const to = entries + definition.contests[i]!.searchEntries;
    tables.set(contest.id, { options, count: contest.options, search: { from: entries, to } });
    options += contest.options;
    entries = to;
  }
  if (options * optionLength !== sections.options.length)
    return err(packageError.format("options", "", `${options} records of ${optionLength} bytes`));
  if (entries * searchEntryLength !== sections.search.length)
    return err(packageError.format("search", "", `${entries} entries of ${searchEntryLength} bytes`));
  return ok(tables);
}

interface Section {
  readonly offset: number;
  readonly length: number;
}

type Sections = { readonly [Name in keyof typeof section]: Section };

function readEnvelope(
  flash: Flash,
  address: number,
  size: number,
  crypto: Crypto,
  authorityKey: Uint8Array,
): Result<{ readonly length: number; readonly contents: Envelope; readonly identity: Uint8Array }, PackageError> {
  if (address + headerLength > size) return err(packageError.absent());
  const header = flash.read(headerLength, address);
  if (header === undefined) return err(packageError.noAnswer(address));
  for (let i = 0; i < packageMagic.length; i++) if (header[i] !== packageMagic[i]) return err(packageError.absent());
  if (readU16(header, 4) !== packageVersion)
    return err(packageError.format("envelope", "version", String(packageVersion)));
  const length = readU32(header, 6);
  if (length < 1 || length > envelopeMax) return err(packageError.format("envelope", "length", `1..${envelopeMax}`));
  const whole = envelopePages(length) * pageLength;
  if (address + whole > size) return err(packageError.absent());
  const bytes = flash.read(whole, address);
  if (bytes === undefined) return err(packageError.noAnswer(address));
  const payload = verify1(crypto, "sandogh/package", bytes.subarray(headerLength, headerLength + length), authorityKey);
  if (!payload.ok)
    return err(
      payload.error.code === "signature"
        ? packageError.signature()
        : packageError.format("envelope", "", payload.error.what),
    );
  for (let i = headerLength + length; i < whole; i++)
    if (bytes[i] !== 0) return err(packageError.format("envelope", `byte ${i}`, "zero padding"));
  const contents = decodeAs(payload.value, envelopeShape);
  if (contents.ok) return ok({ length, contents: contents.value, identity: crypto.sha256(payload.value) });
  const { error } = contents;
  return error.kind === "cbor"
    ? err(packageError.format("envelope", `byte ${error.error.at}`, error.error.code))
    : err(packageError.format("envelope", error.error.path, error.error.expected));
}

function readDirectory(contents: Envelope): Result<Sections, PackageError> {
  const found: Partial<Record<keyof typeof section, Section>> = {};
  let at = 0;
  for (let i = 0; i < sectionNames.length; i++) {
    const [kind, offset, length] = contents.sections[i]!;
    const name = sectionNames[i]!;
    if (kind !== section[name])
      return err(packageError.format("envelope", `sections[${i}]`, `section ${section[name]}`));
    if (offset !== at) return err(packageError.format("envelope", `sections[${i}]`, `offset ${at}`));
    at += length;
    found[name] = { offset, length };
  }
  if (Math.ceil(at / pageLength) !== contents.pages)
    return err(packageError.format("envelope", "pages", String(Math.ceil(at / pageLength))));
  const sections = found as Sections;
  if (sections.definition.length > definitionMax)
    return err(packageError.format("definition", "", `up to ${definitionMax} bytes`));
  if (sections.atlas.length > atlasMax) return err(packageError.format("atlas", "", `up to ${atlasMax} bytes`));
  if (sections.options.length % optionLength !== 0 || sections.options.length > optionsMax * optionLength)
    return err(packageError.format("options", "", `up to ${optionsMax} records of ${optionLength} bytes`));
  return ok(sections);
}

/** Behind the last section the last page holds zeros: one package, one encoding. */
function checkPadding(pages: Pages, sections: Sections): Result<void, PackageError> {
  const end = sections.names.offset + sections.names.length;
  const rest = pages.read(end, pages.count * pageLength - end);
  if (!rest.ok) return rest;
  for (let i = 0; i < rest.value.length; i++)
    if (rest.value[i] !== 0)
      return err(packageError.format("names", `byte ${sections.names.length + i}`, "zero padding"));
  return ok();
}

/** How many texts there are. */
function countTexts(pages: Pages, { offset, length }: Section): Result<number, PackageError> {
  if (length < 8) return err(packageError.format("texts", "", "an offset table"));
  const head = pages.read(offset, 4);
  if (!head.ok) return head;
  const count = readU32(head.value, 0);
  return count <= textsMax && 4 + 4 * (count + 1) <= length
    ? ok(count)
    : err(packageError.format("texts", "count", `up to ${textsMax}`));
}

/** Texts are a list of records without gaps. What is inside a record is the drawing code's to read. */
function checkTexts(pages: Pages, { offset, length }: Section, count: number): Result<void, PackageError> {
  let before = 4 + 4 * (count + 1);
  for (let i = 0; i <= count; i++) {
    const entry = pages.read(offset + 4 + 4 * i, 4);
    if (!entry.ok) return entry;
    const start = readU32(entry.value, 0);
    const good = i === 0 ? start === before : start > before && start - before <= textRecordMax && start <= length;
    if (!good) return err(packageError.format("texts", `offset[${i}]`, "ascending offsets without gaps"));
    before = start;
  }
  return before === length ? ok() : err(packageError.format("texts", `offset[${count}]`, String(length)));
}

function readElection(
  definition: Definition,
  root: Uint8Array,
  authorityKey: Uint8Array,
  texts: number,
): Result<StationElection, PackageError> {
  const bad = (path: string, expected: string) => err(packageError.format("definition", path, expected));
  const isText = (text: number) => text < texts;
  if (!isText(definition.title)) return bad("title", `a text below ${texts}`);
  if (!isText(definition.stationName)) return bad("stationName", `a text below ${texts}`);

  const contests: Contest[] = [];
  for (let i = 0; i < definition.contests.length; i++) {
    const each = definition.contests[i]!;
    const kind = contestKinds[each.kind]!;
    const path = `contests[${i}]`;
    if (contests.some((other) => other.id === (each.id as ContestId))) return bad(`${path}.id`, "an id used once");
    if (!isText(each.title)) return bad(`${path}.title`, `a text below ${texts}`);
    if (!isText(each.heading)) return bad(`${path}.heading`, `a text below ${texts}`);
    if (each.votesAllowed > each.options)
      return bad(`${path}.votesAllowed`, `up to ${each.options}, the number of options`);
    if ((kind === "list" || kind === "question") && each.votesAllowed !== 1)
      return bad(`${path}.votesAllowed`, `1 for a ${kind}`);
    contests.push({
      id: each.id as ContestId,
      kind,
      title: each.title as TextId,
      heading: each.heading as TextId,
      votesAllowed: each.votesAllowed,
      options: each.options,
      blankAllowed: each.blankAllowed,
      twoLines: each.twoLines,
      affiliations: each.affiliations,
      photos: each.photos,
    });
  }
  const styles: BallotStyle[] = [];
  for (let i = 0; i < definition.styles.length; i++) {
    const each = definition.styles[i]!;
    if (styles.some((other) => other.id === (each.id as StyleId))) return bad(`styles[${i}].id`, "an id used once");
    for (let j = 0; j < each.contests.length; j++) {
      if (!contests.some((contest) => contest.id === (each.contests[j] as ContestId)))
        return bad(`styles[${i}].contests[${j}]`, "a contest of this election");
      if (each.contests.indexOf(each.contests[j]!) !== j)
        return bad(`styles[${i}].contests[${j}]`, "a contest named once");
    }
    styles.push({ id: each.id as StyleId, contests: each.contests as readonly ContestId[] });
  }
  const revoked = problemOfRevoked(definition.cardRules);
  if (revoked !== undefined) return bad("cardRules.revoked", revoked);
  const officials = readOfficials(definition);
  if (typeof officials === "string") return bad("cards", officials);
  const longest = longestBallot({ contests, styles });
  if (definition.ballotLength < longest) return bad("ballotLength", `at least ${longest}, the longest ballot`);
  return ok({
    id: root.slice(0, electionIdLength),
    root,
    kind: electionKinds[definition.kind]!,
    title: definition.title as TextId,
    station: definition.station,
    stationName: definition.stationName as TextId,
    contests,
    styles,
    policy: definition.policy,
    collectorKey: definition.collectorKey,
    authorityKey,
    cards: definition.cardRules,
    ballotLength: definition.ballotLength,
    paper: definition.paper,
    escrowKey: definition.escrowKey,
    auditKey: definition.auditKey,
    officials,
  });
}

/** The officials' cards, or what is expected of them: both offices have as many as are needed, and each card one. */
function readOfficials({ cards, needed }: Definition): Officials | string {
  for (let i = 0; i < cards.length; i++)
    if (cards.findIndex((other) => equalBytes(other.boxKey, cards[i]!.boxKey)) !== i) return "a card named once";
  for (const office of [1, 2] as const) {
    const count = cards.filter((card) => card.office === office).length;
    const least = needed[office - 1]!;
    if (count < least || count > sharesMax) return `${least} to ${sharesMax} cards of office ${office}`;
  }
  return {
    cards: cards.map(({ office, boxKey }) => ({ role: office === 1 ? "executive" : "supervision", boxKey })),
    needed: { executive: needed[0], supervision: needed[1] },
  };
}

/**
 * Whether a record's list is one of its contest: an option of an open list that is itself on none. `first`: where the
 * contest's records begin.
 */
function listed(pages: Pages, first: number, contest: Contest, list: number): Result<boolean, PackageError> {
  if (list === noList) return ok(true);
  if (contest.kind !== "open-list" || list >= contest.options) return ok(false);
  const read = pages.read(first + list * optionLength, 4);
  return read.ok ? ok(readU16(read.value, 2) === noList) : read;
}

/** Records are sorted by the contests' order and then by ascending code. */
function checkOptions(
  pages: Pages,
  { offset }: Section,
  photos: Section,
  contests: readonly Contest[],
  texts: number,
): Result<void, PackageError> {
  let at = 0;
  for (const contest of contests) {
    let before = 0;
    for (let i = 0; i < contest.options; i++, at += optionLength) {
      const path = `contest ${contest.id} option ${i}`;
      const read = pages.read(offset + at, optionLength);
      if (!read.ok) return read;
      const record = read.value;
      const code = readU32(record, 4);
      const affiliation = readU32(record, 12);
      const photo = readU32(record, 16);
      if (readU16(record, 0) !== contest.id) return err(packageError.format("options", path, `contest ${contest.id}`));
      if (code <= before || code > codeMax)
        return err(packageError.format("options", `${path} code`, `ascending codes 1..${codeMax}`));
      if (readU32(record, 8) >= texts)
        return err(packageError.format("options", `${path} name`, `a text below ${texts}`));
      if (affiliation !== noText && affiliation >= texts)
        return err(packageError.format("options", `${path} affiliation`, `a text below ${texts}`));
      const onList = listed(pages, offset + (at / optionLength - i) * optionLength, contest, readU16(record, 2));
      if (!onList.ok) return onList;
      if (!onList.value) return err(packageError.format("options", `${path} list`, "a list of its contest"));
      if (photo !== noText && photo + 2 > photos.length)
        return err(packageError.format("options", `${path} photo`, `a place below ${photos.length}`));
      before = code;
    }
  }
  return ok();
}

/** Entries are sorted by key within each contest, and name its options. */
function checkSearch(
  pages: Pages,
  { offset }: Section,
  contests: readonly Contest[],
  tables: ReadonlyMap<ContestId, Tables>,
): Result<void, PackageError> {
  for (const contest of contests) {
    let before: Uint8Array | undefined;
    const { from, to } = tables.get(contest.id)!.search;
    for (let entry = from; entry < to; entry++) {
      const read = pages.read(offset + entry * searchEntryLength, searchEntryLength);
      if (!read.ok) return read;
      const key = read.value.subarray(0, keyLetters);
      if (before !== undefined && compareKeys(key, before, keyLetters) < 0)
        return err(packageError.format("search", `entry ${entry}`, "ascending keys"));
      if (readU16(read.value, keyLetters) >= contest.options)
        return err(packageError.format("search", `entry ${entry}`, `an option below ${contest.options}`));
      before = key;
    }
  }
  return ok();
}

/** The order of two keys by their first letters. */
function compareKeys(a: Uint8Array, b: Uint8Array, letters: number): number {
  for (let i = 0; i < letters; i++) {
    const order = a[i]! - b[i]!;
    if (order !== 0) return order;
  }
  return 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

class OpenPackage implements ElectionPackage {
  readonly election: StationElection;
  readonly #pages: Pages;
  readonly #sections: Sections;
  readonly #tables: ReadonlyMap<ContestId, Tables>;
  readonly #texts: number;

  constructor(
    election: StationElection,
    pages: Pages,
    sections: Sections,
    tables: ReadonlyMap<ContestId, Tables>,
    texts: number,
  ) {
    this.election = election;
    this.#pages = pages;
    this.#sections = sections;
    this.#tables = tables;
    this.#texts = texts;
  }

  verify(): Result<void, PackageError> {
    const pages = this.#pages;
    const sections = this.#sections;
    const intact = pages.verifyAll();
    if (!intact.ok) return intact;
    const padding = checkPadding(pages, sections);
    if (!padding.ok) return padding;
    const texts = checkTexts(pages, sections.texts, this.#texts);
    if (!texts.ok) return texts;
    const options = checkOptions(pages, sections.options, sections.photos, this.election.contests, this.#texts);
    return options.ok ? checkSearch(pages, sections.search, this.election.contests, this.#tables) : options;
  }

  option(contest: ContestId, index: OptionIndex): Option {
    const { options, count } = this.#table(contest);
    assert(index >= 0 && index < count, "option is of its contest");
    const at = this.#sections.options.offset + (options + index) * optionLength;
    const view = this.#pages.near(at, optionLength) ?? viewOf(this.#read(at, optionLength));
    const from = view.byteLength === optionLength ? 0 : at & (pageLength - 1);
    const list = view.getUint16(from + 2);
    const affiliation = view.getUint32(from + 12);
    const photo = view.getUint32(from + 16);
    return {
      code: view.getUint32(from + 4),
      name: view.getUint32(from + 8) as TextId,
      affiliation: affiliation === noText ? undefined : (affiliation as TextId),
      list: list === noList ? undefined : (list as OptionIndex),
      photo: photo === noText ? undefined : (photo as PhotoId),
    };
  }

  findCode(contest: ContestId, code: number): OptionIndex | undefined {
    const { options, count } = this.#table(contest);
    const first = this.#sections.options.offset + options * optionLength;
    let low = 0;
    let high = count - 1;
    // codes mostly follow one another: where this one would be then is looked at first
    let middle = code - this.#word(first + 4);
    if (middle < low || middle > high) middle = (low + high) >> 1;
    while (low <= high) {
      const there = this.#word(first + middle * optionLength + 4);
      if (there === code) return middle as OptionIndex;
      if (there < code) low = middle + 1;
      else high = middle - 1;
      middle = (low + high) >> 1;
    }
    return undefined;
  }

  search(contest: ContestId, letters: string): readonly OptionIndex[] {
    const table = this.#table(contest).search;
    const wanted = new Uint8Array(Math.min(letters.length, keyLetters));
    for (let i = 0; i < wanted.length; i++) {
      const code = letterCode(letters.charAt(i));
      if (code === undefined) return [];
      wanted[i] = code;
    }
    if (wanted.length === 0) return [];
    const { offset } = this.#sections.search;
    const entryAt = (entry: number): Uint8Array => this.#read(offset + entry * searchEntryLength, searchEntryLength);
    let low = table.from;
    let high = table.to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(entryAt(middle), wanted, wanted.length) < 0) low = middle + 1;
      else high = middle;
    }
    // an option may be there with several of its words
    const found = new Uint8Array(this.#table(contest).count);
    for (let entry = low; entry < table.to; entry++) {
      const bytes = entryAt(entry);
      if (compareKeys(bytes, wanted, wanted.length) !== 0) break;
      found[readU16(bytes, keyLetters)] = 1;
    }
    const options: OptionIndex[] = [];
    for (let option = found.indexOf(1); option >= 0; option = found.indexOf(1, option + 1))
      options.push(option as OptionIndex);
    return options;
  }

  text(id: TextId): Uint8Array {
    const { offset } = this.#sections.texts;
    const at = offset + 4 + 4 * id;
    const start = this.#word(at);
    return this.#read(offset + start, this.#word(at + 4) - start);
  }

  photo(id: PhotoId): Uint8Array {
    const { offset } = this.#sections.photos;
    return this.#read(offset + id + 2, Math.min(photoLengthMax, readU16(this.#read(offset + id, 2), 0)));
  }

  glyphs(): Uint8Array {
    return this.#read(this.#sections.atlas.offset, this.#sections.atlas.length);
  }

  names(): Uint8Array {
    return this.#read(this.#sections.names.offset, this.#sections.names.length);
  }

  #table(id: ContestId): Tables {
    const tables = this.#tables.get(id);
    assert(tables !== undefined, "contest is of this election");
    return tables;
  }

  #word(offset: number): number {
    return this.#pages.nearWord(offset) ?? readU32(this.#read(offset, 4), 0);
  }

  #read(offset: number, length: number): Uint8Array {
    const near = this.#pages.nearBytes(offset, length);
    if (near !== undefined) return near;
    const first = this.#pages.read(offset, length);
    if (first.ok) return first.value;
    // a read can be disturbed once without harm to what is stored
    const again = this.#pages.read(offset, length);
    if (again.ok) return again.value;
    throw new PackageFault(again.error);
  }
}
