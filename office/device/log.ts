// A device's log, from an image of its main flash: what has become of it, by its signature. The keyed checks that the
// device itself goes by can be judged by nobody else, nor are they needed: every entry is signed.

import { equalBytes, isFilledWith, toHex } from "../../firmware/bytes.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import { deviceBlock } from "../../firmware/device/layout.js";
import {
  type LogHead,
  type ReadEntry,
  decodeEntry,
  decodeHead,
  firstChain,
  logAddress,
  logBlocks,
  logCell,
  logCellsPerBlock,
  logHeadAddress,
  logKinds,
} from "../../firmware/device/log-cell.js";
import { twinEntry, twinLength, twinPayload } from "../../firmware/device/twin-log.js";

export interface DeviceLogView {
  /** By number. */
  readonly entries: readonly ReadEntry[];
  /** Entries before the first of them, which have made room. */
  readonly dropped: number;
  /** What was changed, with its place. */
  readonly problems: readonly string[];
}

/** `signKey`: the device's Ed25519 key. */
export function readDeviceLog(crypto: Crypto, image: Uint8Array, signKey: Uint8Array): DeviceLogView {
  const problems: string[] = [];
  const found = new Map<number, ReadEntry>();
  for (const cell of cellsIn(image)) {
    const entry = decodeEntry(crypto, cell);
    const other = found.get(entry.number);
    if (other !== undefined && equalBytes(other.chain, entry.chain)) continue;
    // torn by a cut, or harmed: then its number is missed, unless its other copy is good
    if (!crypto.verify(entry.signature, entry.signed, signKey)) continue;
    if (other === undefined) found.set(entry.number, entry);
    else problems.push(`entry ${entry.number}: there twice, and not the same`);
  }
  const last = Math.max(-1, ...found.keys());
  const head = headIn(image);
  if (head === undefined && last > 0) problems.push("its length is gone");
  if (head !== undefined && last > head.count)
    problems.push(`its length is older than itself: ${head.count} of ${last + 1} entries`);
  const first = head?.first ?? (found.size === 0 ? 0 : Math.min(...found.keys()));
  const count = Math.max(head?.count ?? 0, last + 1);
  if (count === 0) problems.push("there is none");
  let chain = first === 0 ? firstChain(crypto, signKey) : undefined;
  for (let number = first; number < count; number++) {
    const entry = found.get(number);
    if (entry === undefined) problems.push(`entry ${number}: gone, or changed`);
    else if (chain !== undefined && !equalBytes(entry.before, chain))
      problems.push(`entry ${number}: does not continue the one before`);
    if (entry?.kind === logKinds.harmed) problems.push(`entry ${number}: the device ${harmLine(entry)}`);
    chain = entry?.chain;
    if (head !== undefined && number + 1 === head.count) {
      if (entry !== undefined && !equalBytes(entry.chain, head.chain))
        problems.push(`entry ${number}: is not the one that its length was written for`);
      chain ??= head.chain;
    }
  }
  const entries = [...found.values()].filter(({ number }) => number >= first).sort((a, b) => a.number - b.number);
  return { entries, dropped: first, problems };
}

function* cellsIn(image: Uint8Array): Generator<Uint8Array> {
  for (let block = 0; block < logBlocks; block++) {
    for (let i = 0; i < logCellsPerBlock; i++) {
      const at = logAddress + block * deviceBlock + i * logCell;
      const cell = image.subarray(at, at + logCell);
      if (cell.length === logCell && !isFilledWith(cell, 0xff) && !isFilledWith(cell, 0)) yield cell;
    }
  }
}

/** The newest that is there twice, as each is written: nobody but the device can tell a torn one otherwise. */
function headIn(image: Uint8Array): LogHead | undefined {
  const seen = new Map<string, number>();
  let newest: { readonly number: number; readonly payload: Uint8Array } | undefined;
  for (let at = logHeadAddress; at < logHeadAddress + twinLength; at += twinEntry) {
    const entry = image.slice(at, at + twinEntry);
    if (entry.length < twinEntry || isFilledWith(entry, 0xff)) continue;
    const number = new DataView(entry.buffer).getUint32(0);
    const payload = entry.subarray(4, 4 + twinPayload);
    const key = toHex(payload);
    const other = seen.get(key);
    // a torn number reads higher than it is
    const least = Math.min(number, other ?? number);
    if (other !== undefined && (newest === undefined || least > newest.number)) newest = { number: least, payload };
    seen.set(key, least);
  }
  return newest && decodeHead(newest.payload);
}

const kindWords: Readonly<Record<number, (entry: ReadEntry) => string>> = {
  [logKinds.made]: ({ what }) => `made: has drawn its secret, its key is ${toHex(what)}`,
  [logKinds.enrolled]: ({ what }) => `enrolled: certificate ${toHex(what)}`,
  [logKinds.installed]: ({ what, detail }) => `installed: ${toHex(what)}, as number ${detail}`,
  [logKinds.released]: ({ what }) => `released: ${toHex(what)}`,
  [logKinds.wiped]: ({ what }) => `wiped: the media of ${toHex(what)}`,
  [logKinds.harmed]: harmLine,
  [logKinds.oneMedium]: ({ detail }) => `went on without medium ${mediumOf(detail)}, by two officials`,
  [logKinds.mediumRebuilt]: ({ detail }) => `wrote medium ${mediumOf(detail)} anew`,
};

function harmLine({ detail }: ReadEntry): string {
  return `found this log changed, at ${detail === 0xffff_ffff ? "its length" : `entry ${detail}`}`;
}

function mediumOf(detail: number): string {
  return detail === 1 ? "A" : "B";
}

/** For people. */
export function logLine(entry: ReadEntry): string {
  const at = new Date(entry.time * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return `${entry.number} ${at} ${kindWords[entry.kind]?.(entry) ?? `kind ${entry.kind}: ${toHex(entry.what)}, ${entry.detail}`}`;
}
