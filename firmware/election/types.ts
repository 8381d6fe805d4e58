// What a terminal knows of an election. Types only; the package reader (package.ts) makes them from the signed package.

import type { Result } from "../result.js";
import type { CardRules } from "./card-rules.js";
import type { PackageError } from "./error.js";

export type ContestId = number & { readonly brand: "ContestId" };
export type StyleId = number & { readonly brand: "StyleId" };
export type TerminalId = number & { readonly brand: "TerminalId" };
/** Where a packed mask of photoWidth x photoHeight begins in the package's photos. */
export type PhotoId = number & { readonly brand: "PhotoId" };
/** An index into the package's shaped texts. */
export type TextId = number & { readonly brand: "TextId" };
/** Position of an option in its contest, 0-based, in package order (ascending code). */
export type OptionIndex = number & { readonly brand: "OptionIndex" };

/**
 * n-of-m: candidates; list: closed lists, one choice; question: yes / no / abstain, one choice; open-list: one list,
 * and of its candidates as many as preferences are allowed.
 */
export type ContestKind = "n-of-m" | "list" | "question" | "open-list";

export interface Contest {
  readonly id: ContestId;
  readonly kind: ContestKind;
  readonly title: TextId;
  /** The title again, cut to the one line that a screen's header has. */
  readonly heading: TextId;
  /** Choices a voter may make, 1..64; in an open list the list is one of them. Fewer is an undervote, allowed. */
  readonly votesAllowed: number;
  readonly options: number;
  /** A contest may be cast blank explicitly. */
  readonly blankAllowed: boolean;
  /** Bit n: in text size n some name takes two lines, and so every row has room for two. */
  readonly twoLines: number;
  /** Some option has an affiliation, and so every row has room for one. */
  readonly affiliations: boolean;
  /** Some option has a photo, and so every row has room for one. */
  readonly photos: boolean;
}

export interface Option {
  /** What the voter types, 1..99999, unique in its contest. */
  readonly code: number;
  readonly name: TextId;
  /** The list or party line under a candidate's name. */
  readonly affiliation: TextId | undefined;
  /** In an open list: the list that a candidate is on; undefined for a list. */
  readonly list: OptionIndex | undefined;
  /** A place in the package's photos. */
  readonly photo: PhotoId | undefined;
}

export interface BallotStyle {
  readonly id: StyleId;
  readonly contests: readonly ContestId[];
}

export interface Policy {
  /** Ballots the terminal accepts; slots are 1.25 times as many. */
  readonly capacity: number;
  /** Alert after this time without input, seconds (120..300). */
  readonly inactivity_s: number;
  /** How long the alert counts down, seconds (20..45). */
  readonly alert_s: number;
  /** How long a parked session waits for its card, seconds. */
  readonly parked_s: number;
  /** How long the slip is shown before it is committed, seconds. */
  readonly slip_s: number;
  /** How often a voter may call a slip wrong or unreadable. */
  readonly slipAttempts: number;
  /** Results and counts below this number of ballots are not shown or sent. */
  readonly k: number;
}

/** The most paper and shaped text that anything printed of an election can take, as the packager has measured it. */
export interface PaperNeeds {
  /** Rows of the longest slip. */
  readonly slipRows: number;
  /** Words of shaped text on the slip that has most. */
  readonly slipWords: number;
  /** Rows of a report. */
  readonly reportRows: number;
}

/** The office: an act needs one official of each. */
export type OfficialRole = "executive" | "supervision";

/** Whose cards a terminal of the station shares its tally key among. */
export interface Officials {
  readonly cards: readonly {
    readonly role: OfficialRole;
    /** X25519, 32 bytes: the card's. */
    readonly boxKey: Uint8Array;
  }[];
  /** Cards of each office that give its part. */
  readonly needed: Readonly<Record<OfficialRole, number>>;
}

/**
 * A rehearsal is made as a real election is, with its keys and devices; a test election's keys everybody has. Both are
 * marked on every screen and paper, and in the results.
 */
export type ElectionKind = "real" | "rehearsal" | "test";

/** An election as its package tells it to a station. */
export interface StationElection {
  /** The first 16 bytes of `root`: no two editions of a package share it. */
  readonly id: Uint8Array;
  /** The package's identity, 32 bytes: SHA-256 of what is signed, which holds the root of the hash tree. */
  readonly root: Uint8Array;
  readonly kind: ElectionKind;
  readonly title: TextId;
  readonly station: number;
  readonly stationName: TextId;
  readonly contests: readonly Contest[];
  readonly styles: readonly BallotStyle[];
  readonly policy: Policy;
  /** Ed25519: signs receipts. */
  readonly collectorKey: Uint8Array;
  /** Ed25519, the one that has signed this package: signs assignments, recoveries, receipts for archives. */
  readonly authorityKey: Uint8Array;
  /** Which cards count. */
  readonly cards: CardRules;
  /** Every ballot is padded to this many bytes before it is sealed. */
  readonly ballotLength: number;
  readonly paper: PaperNeeds;
  /** X25519: a terminal's own part of its tally key is sealed to it too, for the day on which the terminal is dead. */
  readonly escrowKey: Uint8Array;
  /** X25519: a terminal's audit keys are sealed to it. */
  readonly auditKey: Uint8Array;
  readonly officials: Officials;
}

/** An election as one terminal of the station has it. */
export interface Election extends StationElection {
  /** X25519: this terminal's ballots are sealed to it. */
  readonly tallyKey: Uint8Array;
}

/** Page by page from flash; an error is a page that does not match the hash tree. */
export interface ElectionPackage {
  readonly election: StationElection;
  /** Reads and checks every page, and every record in them. */
  verify(): Result<void, PackageError>;
  option(contest: ContestId, index: OptionIndex): Option;
  /** By binary search; undefined when no option has the code. */
  findCode(contest: ContestId, code: number): OptionIndex | undefined;
  /** Options with a word that begins with these letters of `alphabet` (fold.ts), ascending; spaces do not count. */
  search(contest: ContestId, letters: string): readonly OptionIndex[];
  /** Encoded glyph run, see office/text and ui/text. */
  text(id: TextId): Uint8Array;
  /** A photo, 4 bits of ink a pixel, packed as masks are (office/text/FORMAT.md). */
  photo(id: PhotoId): Uint8Array;
  /** The package's own glyph atlas, read anew. */
  glyphs(): Uint8Array;
  /** Titles and names as plain text, for tools: `names` of package.cddl. */
  names(): Uint8Array;
}

/** One contest's mark on a ballot. Choices are codes, ascending, no duplicates; a blank has none. */
export interface Mark {
  readonly contest: ContestId;
  readonly blank: boolean;
  readonly choices: readonly number[];
}

export interface Ballot {
  readonly style: StyleId;
  /** One mark for every contest of the style, in the style's order. */
  readonly marks: readonly Mark[];
}
