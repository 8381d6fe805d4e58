// firmware/journal/EVENTS.md, the table of what the journal can say, from the catalogue in firmware/journal/events.ts.
// A test compares them.

import { readFileSync, writeFileSync } from "node:fs";
import { type EventKind, events } from "../firmware/journal/events.js";

const file = new URL("../firmware/journal/EVENTS.md", import.meta.url);

export function eventsDocument(): string {
  const rows = (Object.entries(events) as [string, EventKind][])
    .sort(([, x], [, y]) => x.id - y.id)
    .map(
      ([name, kind]) => `| ${kind.id} | \`${name}\` | ${kind.en} | ${kind.fa} | ${kind.time} | ${kind.detail ?? "-"} |`,
    );
  return `# Events of the journal

Generated from \`events.ts\` by \`npx sandogh events\`; do not edit.

Times of events that belong to a voter's session are the hour, those of the terminal and its devices the second. A detail is one number with the
meaning given here; no event has room for a choice, a slot, a token, a digest of the vault or a voter. A cast has no event of its own. How entries
are stored is in \`firmware/vault/FORMAT.md\`.

| number | name | English | Persian | time | detail |
|---:|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** As it stands in the repository; empty when it is missing. */
export function storedDocument(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Writes it; returns its path from the root. */
export function writeDocument(): string {
  writeFileSync(file, eventsDocument());
  return "firmware/journal/EVENTS.md";
}

if (process.argv[1] === import.meta.filename) writeDocument();
