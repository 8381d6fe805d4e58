// The journal of a terminal as text, from images of its two media. Reads copies: nothing of the images is changed.

import { Journal, type JournalEntry, type JournalFault } from "../../firmware/journal/journal.js";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import { type EventKind, events } from "../../firmware/journal/events.js";
import { type Crypto, sealOverhead } from "../../firmware/crypto/crypto.js";
import type { StationElection } from "../../firmware/election/types.js";
import type { Result } from "../../firmware/result.js";
import { err, ok } from "../../firmware/result.js";
import { layOut } from "../../firmware/vault/layout.js";
import { Media } from "../../firmware/storage/media.js";
import { copyFlash } from "../inspect/image-flash.js";

export interface JournalSource {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly terminal: number;
  /** Ed25519 of the terminal, from the package. */
  readonly publicKey: Uint8Array;
  /** The terminal's key of the journal, for who has the audit keys; without it the signatures alone tell. */
  readonly key?: Uint8Array | undefined;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

export function readJournal(source: JournalSource): Result<JournalEntry[], JournalFault> {
  const { crypto, election, terminal, publicKey } = source;
  const media = Media.open({ a: copyFlash(source.a), b: copyFlash(source.b), crypto });
  if (!media.ok) return err({ kind: "medium", ...media.error });
  const { size, blockLength } = media.value.geometry;
  const layout = layOut({
    capacity: election.policy.capacity,
    boxLength: election.ballotLength + sealOverhead,
    size,
    blockLength,
  });
  if (!layout.ok) return err({ kind: "broken-chain", cell: 0 });
  const entries: JournalEntry[] = [];
  const opened = Journal.open({
    crypto,
    media: media.value,
    region: layout.value.journal,
    head: layout.value.journalHead,
    key: source.key,
    election: election.id,
    terminal,
    signKey: { publicKey, secretKey: new Uint8Array(64) },
    clock: { monotonic: () => 0, wall: () => 0 },
    onEntry: (entry) => entries.push(entry),
  });
  return opened.ok ? ok(entries) : opened;
}

/** "2026-11-21 08:00:03  Polls opened  ballots stored: 0" */
export function entryLine(entry: JournalEntry): string {
  const kind: EventKind = events[entry.event];
  const text = eventTexts[entry.event];
  const time = timeOf(entry.time, kind).padEnd(19);
  const often =
    entry.merged === undefined ? "" : `  ${entry.merged.count} times since ${timeOf(entry.merged.since, kind)}`;
  return `${time}  ${text.en}${entry.detail === undefined ? "" : `  ${text.detail}: ${entry.detail}`}${often}`;
}

function timeOf(seconds: number, { time }: EventKind): string {
  return new Date(seconds * 1000)
    .toISOString()
    .slice(0, time === "hour" ? 13 : 19)
    .replace("T", " ");
}
