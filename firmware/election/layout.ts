// Where things are in an election package (FORMAT.md). The packager writes by it, the reader reads by it.

import { keyLetters } from "./fold.js";

/** "SGEP" */
export const packageMagic: readonly number[] = [0x53, 0x47, 0x45, 0x50];
export const packageVersion = 5;
/** Magic, version u16, envelope length u32. */
export const headerLength = 10;
export const pageBits = 12;
export const pageLength = 1 << pageBits;
export const hashesPerPage = pageLength / 32;
/** Data pages of a package: 12 MB of the 16 MB flash. */
export const dataPagesMax = 3_072;
/** Bytes of the signed envelope. */
export const envelopeMax = 8_192;
/** Bytes of the definition. */
export const definitionMax = 65_536;
/** Bytes of a package's own glyph atlas: it is kept in RAM. */
export const atlasMax = 1_048_576;

export const section = { definition: 1, options: 2, texts: 3, search: 4, photos: 5, atlas: 6, names: 7 } as const;
export type SectionName = keyof typeof section;
export const sectionNames: readonly SectionName[] = [
  "definition",
  "options",
  "texts",
  "search",
  "photos",
  "atlas",
  "names",
];
/** Bytes of an election's id: the first ones of the package's root hash. */
export const electionIdLength = 16;

/** Contest u16, list u16, code u32, name u32, affiliation u32, photo u32. */
export const optionLength = 20;
/** Of an option that is on no list. */
export const noList = 0xffff;
/** Pixels: 13 x 17 mm on the screen. */
export const photoWidth = 60;
export const photoHeight = 80;
/** Bytes of a packed photo, behind their length (u16). */
export const photoLengthMax = photoWidth * photoHeight;
export const noText = 0xffff_ffff;

/** Letters of a name from one of its words on, and the option's place in its contest, u16. */
export const searchEntryLength = keyLetters + 2;
/** Entries of one option: its words. */
export const searchEntriesPerOptionMax = 8;

export const contestsMax = 32;
export const stylesMax = 64;
/** Options of one contest: 32 pages of the screen's list and more than any constituency has had. */
export const optionsPerContestMax = 4_096;
/** Options of all contests together. */
export const optionsMax = 8_192;
export const votesAllowedMax = 64;
export const codeMax = 99_999;
/** Bytes of an encoded ballot before it is sealed. */
export const ballotLengthMax = 1_024;
/** A ballot's length is a multiple of it, so that it says little about the rules. */
export const ballotLengthStep = 16;
export const capacityMax = 16_384;

/** Rows of a picture: 2 m of paper, what the printer's driver takes. */
export const slipRowsMax = 16_000;
/** Words of shaped text that one picture holds (ui/text/typesetter.ts). */
export const pictureWordsMax = 65_536;
/** Rows of a report: 75 m, which a new roll of 80 m has. A report that the roll ends in begins again. */
export const reportRowsMax = 600_000;

/** Hash pages of each level, the one nearest the data first; the last one is a single page. */
export function hashPages(dataPages: number): number[] {
  const levels: number[] = [];
  let below = dataPages;
  do {
    below = Math.ceil(below / hashesPerPage);
    levels.push(below);
  } while (below > 1);
  return levels;
}

export function envelopePages(envelopeLength: number): number {
  return Math.ceil((headerLength + envelopeLength) / pageLength);
}

/** Bytes of flash that a package takes. */
export function packageLength(envelopeLength: number, dataPages: number): number {
  return (
    (envelopePages(envelopeLength) + hashPages(dataPages).reduce((sum, pages) => sum + pages, 0) + dataPages) *
    pageLength
  );
}
