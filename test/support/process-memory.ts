// What lies in the memory of a terminal's process.

import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** What of the process' own memory can be written holds these bytes, how often. */
export function occurrences(pid: number, wanted: Uint8Array): number {
  let found = 0;
  const memory = openSync(`/proc/${pid}/mem`, "r");
  for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (range === null) continue;
    const [start, end] = [Number.parseInt(range[1]!, 16), Number.parseInt(range[2]!, 16)];
    const bytes = Buffer.alloc(end - start);
    try {
      readSync(memory, bytes, 0, bytes.length, start);
    } catch {
      continue;
    }
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found++;
  }
  closeSync(memory);
  return found;
}
