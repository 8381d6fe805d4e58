// Every attack that is tried on the real terminal, desk, card or tool: what the attacker holds, and what comes of it.
// A test that tries one says so by `answered` or `held`; ATTACKS.md is made of this list (document.test.ts).

import type { ExecutionContext } from "ava";
import type { MessageCode } from "../../firmware/messages.js";
import type { DeskMessageCode } from "../../firmware/checkin/messages.js";

export interface Attack {
  readonly holds: string;
  readonly wants: string;
  /** What it did when it was run on an earlier commit, which is named in the test's file or in THREATS.md. */
  readonly before?: string;
  /** What comes of it. */
  readonly now: string;
  /** What people are told. */
  readonly code?: MessageCode | DeskMessageCode | "L-01" | "I-07";
}

const programmer = "a chip programmer, the formats, all public files";
const air = "a reader of one's own, all public files";
const broker = "any client on the broker, no key";
const wire = "the wire between terminal and broker";

export const attacks = {
  // --- a chip programmer ---
  "journal-unclosed-erased": {
    holds: programmer,
    wants: "open polls again: the journal erased from the closing on",
    before: "the polls were open",
    now: "does not serve, and names the cell",
    code: "S-11",
  },
  "journal-unclosed-zeroed": {
    holds: programmer,
    wants: "the same by zeros",
    before: "the polls were open",
    now: "does not serve, and names the cell",
    code: "S-11",
  },
  "journal-unclosed-with-head": {
    holds: `${programmer}, an image taken before the close`,
    wants: "the same, with the log of the journal's length put back",
    now: "the main flash knows better: does not serve",
    code: "S-13",
  },
  "journal-unclosed-no-epoch": {
    holds: `${programmer}, an image taken before the close, and the main flash exchanged`,
    wants: "the same, with the main flash's epoch gone too",
    now: "the word of the closing on either medium: does not serve",
    code: "S-12",
  },
  "closed-forged": {
    holds: programmer,
    wants: "polls closed early: an entry with a right chain of hashes",
    before: "the polls were closed",
    now: "the check is keyed: does not serve, and names the cell",
    code: "S-11",
  },
  "closed-word-forged": {
    holds: programmer,
    wants: "the same by the word on the media, copied from the opening's",
    now: "each word has a check of its own: does not serve",
    code: "S-12",
  },
  "released-forged": {
    holds: programmer,
    wants: "ballots erased by the next election's package",
    before: "everything was erased",
    now: "not a cell is erased; with its own package it does not serve either",
    code: "S-10",
  },
  "older-chips-unopened": {
    holds: `${programmer}, images from before the opening`,
    wants: "an empty store",
    before: "it served",
    now: "does not serve",
    code: "S-13",
  },
  "older-chips-unclosed": {
    holds: `${programmer}, images from before the close`,
    wants: "open polls, and a few votes more",
    before: "the polls were open",
    now: "does not serve",
    code: "S-13",
  },
  "new-chips": {
    holds: "two new chips of the same kind",
    wants: "an empty store",
    now: "does not serve",
    code: "S-13",
  },
  "epoch-erased": {
    holds: `${programmer} at the main flash`,
    wants: "the terminal to forget how far it was",
    now: "the media say it; the journal notes the loss, and older chips are seen from then on",
  },
  "record-removed": {
    holds: programmer,
    wants: "a ballot less, on both media",
    now: "does not serve",
    code: "S-02",
  },
  "record-changed": {
    holds: programmer,
    wants: "a ballot changed by one bit, on both media",
    now: "does not serve, and names the slot",
    code: "S-02",
  },
  "record-copied": {
    holds: programmer,
    wants: "a ballot twice",
    now: "does not serve",
    code: "S-02",
  },
  "records-exchanged": {
    holds: programmer,
    wants: "two records at each other's place",
    now: "a record is signed for its slot: does not serve",
    code: "S-02",
  },
  "spent-mark-erased": {
    holds: `${programmer}, a card that has voted`,
    wants: "to vote again with it",
    now: "marks are counted against ballots: does not serve",
    code: "S-02",
  },
  "loading-exchanged": {
    holds: `${programmer}, the loading statement of another terminal`,
    wants: "ballots sealed to a key that was drawn elsewhere",
    now: "it is this device's statement or none: does not serve",
    code: "S-14",
  },
  "swapped-chips": {
    holds: "both chips of one terminal, in the spare with its number",
    wants: "ballots to be counted elsewhere",
    now: "does not serve, writes nothing; back in their own it goes on",
    code: "S-10",
  },
  "device-log-zeroed": {
    holds: `${programmer} at the main flash`,
    wants: "an installation to be forgotten",
    now: "noted, in the election's journal too; voters vote",
    code: "I-07",
  },
  "device-log-cut-off": {
    holds: `${programmer} at the main flash`,
    wants: "the end of the device's life cut off",
    now: "noted with the entry; voters vote",
    code: "I-07",
  },
  "device-log-gone": {
    holds: `${programmer} at the main flash`,
    wants: "no log at all",
    now: "noted; voters vote",
    code: "I-07",
  },
  "check-ins-zeroed": {
    holds: `${programmer} at a desk`,
    wants: "a second card for a voter",
    before: "32 zero bytes, and the voter was granted again",
    now: "the desk does not serve",
    code: "D-18",
  },
  "check-ins-erased": {
    holds: `${programmer} at a desk`,
    wants: "a second card for everybody",
    now: "the desk does not serve",
    code: "D-18",
  },
  "check-ins-exchanged": {
    holds: `${programmer} at a desk`,
    wants: "one voter's entry in the place of another's",
    now: "the desk does not serve",
    code: "D-18",
  },
  "check-ins-reopened": {
    holds: `${programmer} at a desk`,
    wants: "an entry that never ended in a card",
    now: "the desk does not serve",
    code: "D-18",
  },
  "check-ins-read": {
    holds: "a desk's chips, and the roll",
    wants: "who has voted, and when",
    before: "position in the roll and quarter of an hour, in the clear",
    now: "how many came, and nothing else",
  },
  "desk-journal-cut-off": {
    holds: `${programmer} at a desk`,
    wants: "a desk's acts forgotten",
    now: "the desk does not serve, and names the cell",
    code: "D-19",
  },
  // --- files and keys ---
  "package-exchanged": {
    holds: "another edition of the package, rightly signed, with an assignment to it",
    wants: "votes counted under other names",
    before: "the terminal went on with it, and counted",
    now: "does not serve, and shows both codes",
    code: "S-10",
  },
  "package-without-assignment": {
    holds: "another edition of the package, rightly signed",
    wants: "the same without an assignment",
    now: "does not serve, and shows both codes",
    code: "E-08",
  },
  "results-package": {
    holds: "another edition, and this terminal assigned to it",
    wants: "the tools to show the results under other names, or a receipt",
    before: "the collector took them",
    now: "collector, inspect and archive refuse; no receipt is signed",
  },
  "certificate-of-another": {
    holds: "another device's certificate",
    wants: "to be that device",
    now: "does not serve",
    code: "I-05",
  },
  "assignment-of-another": {
    holds: "another device's assignment",
    wants: "to stand in its place",
    now: "does not serve",
    code: "E-06",
  },
  "flash-of-another": {
    holds: "the whole main flash of another device",
    wants: "its keys",
    now: "they are sealed to the other one's fuses: does not serve",
    code: "I-02",
  },
  "receipt-forged": {
    holds: "the collector's key, and everything public",
    wants: "ballots released without an archive",
    now: "both officials together cannot release",
    code: "O-13",
  },
  "test-root": {
    holds: "the seed of all test elections",
    wants: "a test package on a product",
    now: "a product's image refuses it",
    code: "E-09",
  },
  "secrets-in-files": {
    holds: "every file that tools, harness and terminal leave",
    wants: "a device's secret",
    before: "a tool of ours knew them all",
    now: "none of them is in any",
  },
  "password-in-clear": {
    holds: wire,
    wants: "a broker's password",
    now: "an address with a password and without TLS is refused, and not repeated",
    code: "L-01",
  },
  "desk-and-terminal-joined": {
    holds: "the chips of a desk and of a terminal after a day, and dumps of both RAMs",
    wants: "which voter's ballot is which",
    now: "no number, card's key or right is in either; what both have stored is the election's alone",
  },
  // --- cards ---
  "forged-cards": {
    holds: "election.pkg, assignments.cbor",
    wants: "to make voters",
    before: "five cards, five ballots, a clean journal",
    now: "the issuer's key is in neither: each card is refused",
    code: "C-02",
  },
  "forged-right": {
    holds: "a genuine empty card with its keys, a desk's assignment",
    wants: "a right",
    before: "a right was a plain command",
    now: "only a desk of the station signs one",
    code: "C-09",
  },
  "replayed-right": {
    holds: "an extracted card, its memory put back after each vote",
    wants: "one grant, many votes",
    now: "one vote for one grant",
    code: "C-03",
  },
  "cloned-card": {
    holds: "all that is on a granted card, five times",
    wants: "five votes",
    before: "each copy voted",
    now: "one ballot; the journal says copied",
    code: "C-03",
  },
  "card-locked": {
    holds: `${air}, a terminal's real assignment`,
    wants: "to lock other people's cards in the queue",
    before: "a phone did",
    now: "the card goes on with nobody but the assigned reader",
  },
  "card-reset": {
    holds: `${air}, a desk's real assignment`,
    wants: "to empty other people's cards",
    now: "the card stays as it is",
  },
  "desk-of-another-station": {
    holds: "a whole real desk of another station",
    wants: "to give rights here, or empty cards",
    now: "its rights count at its own station alone",
    code: "C-09",
  },
  skimmer: {
    holds: "a reader in a bag",
    wants: "to tell cards apart, or people by them",
    before: "kinds could be told at SELECT",
    now: "240 answers differ in nothing but fresh keys",
  },
  "pin-phished-by-card": {
    holds: "an official's certificate, heard on the air",
    wants: "the PIN",
    before: "it was asked for, and given",
    now: "no PIN is asked for",
    code: "C-02",
  },
  "pin-phished-by-reader": {
    holds: `${air}, with a PIN pad`,
    wants: "the PIN, or the card's tries",
    now: "the card answers readers of its station and election alone, and loses no try",
  },
  "wrong-kind-card": {
    holds: "a genuine voter's card",
    wants: "the officials' menu",
    now: "its certificate says what it is",
    code: "C-01",
  },
  "revoked-card": {
    holds: "a card that was reported lost, with a right",
    wants: "to vote",
    now: "it is on the list",
    code: "C-08",
  },
  "card-of-another-election": {
    holds: "genuine cards of the elections before and after",
    wants: "to vote, or to log in",
    now: "refused before a PIN is asked for",
    code: "C-02",
  },
  "extracted-card": {
    holds: "all that is in one genuine card",
    wants: "to certify others",
    now: "it certifies none, and gains what its holder has",
    code: "C-02",
  },
  "two-cards-of-one-office": {
    holds: "both cards of one office",
    wants: "to count alone",
    before: "a card that claimed the other office was taken",
    now: "a share stays its office's",
    code: "O-11",
  },
  "tamper-cleared-by-one": {
    holds: "both cards of one office, and their PINs",
    wants: "to open the case in open polls, and end the alarm",
    before: "one card did",
    now: "the other office's card is waited for, in words",
    code: "T-01",
  },
  "voids-allowed-by-one": {
    holds: "one official's card and PIN",
    wants: "voided slips without end",
    before: "one card did",
    now: "the other office's card is waited for",
    code: "V-06",
  },
  // --- the line ---
  "bombs-retained": {
    holds: broker,
    wants: "to fill the heap before the terminal is there",
    before: "one message ended the terminal",
    now: "never held; voters vote",
  },
  "bombs-live": { holds: broker, wants: "to fill the heap", before: "the same", now: "never held; voters vote" },
  "endless-topics": {
    holds: broker,
    wants: "to end the line with what MQTT allows",
    now: "answered, dropped and counted",
  },
  "receipts-forged": {
    holds: broker,
    wants: "ballots forgotten by receipts of one's own",
    now: "they are signed by the collector or nothing; everything arrives",
  },
  "batch-forged": {
    holds: broker,
    wants: "ballots of one's own at the collector",
    now: "signed by the assigned device or refused",
  },
  "day-replayed": {
    holds: `${broker}, all that a terminal sent in a day`,
    wants: "ballots counted twice, or in the next election",
    now: "known by content and slot; another election's collector refuses all of it",
  },
  "hostile-collector": {
    holds: "the collector, with its true key",
    wants: "ballots forgotten by receipts for what it does not keep",
    now: "the media keep them; a true collector gets them all",
  },
  "early-packets": {
    holds: wire,
    wants: "to end the line by messages before the SUBACK, at QoS 2",
    before: "the line ended",
    now: "answered and dropped",
  },
  floods: {
    holds: wire,
    wants: "the terminal too busy for voters: pings, messages, one long message",
    now: "a voter in the middle of each is served as fast as without",
  },
  "no-mqtt": {
    holds: wire,
    wants: "to stop the terminal by garbage",
    now: "that connection ends, the next one follows",
  },
  "client-id-taken": {
    holds: "the broker's log, a client on it",
    wants: "to take each client id over as it appears",
    now: "ten minutes without a line, and voters vote; an id that was seen reaches nothing",
  },
  "line-flaps": {
    holds: wire,
    wants: "to end the terminal by cutting the line again and again",
    before: "the journal was full, and the terminal ended for good",
    now: "merged in the journal, long pauses; the day closes",
  },
  "order-by-dropped-batches": {
    holds: wire,
    wants: "which record is whose, by dropping every batch",
    before: "the record of each of 30 voters",
    now: "nothing leaves before the close, and no batch has an order",
  },
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackId = keyof typeof attacks;

/** The terminal, desk or tool has answered this attack with its code. */
export function answered(t: ExecutionContext, id: AttackId, outcome: string): void {
  const { code }: Attack = attacks[id];
  t.true(code !== undefined && outcome.includes(code), `${id}: ${outcome}`);
}

/** What was asserted before is what `now` says. */
export function held(t: ExecutionContext, id: AttackId): void {
  t.pass(id);
}
