// firmware/journal/EVENTS.md, the table of what the journal can say, from the catalogue in firmware/journal/events.ts.
// A test compares them.

import { readFileSync, writeFileSync } from "node:fs";
import { eventTexts } from "../firmware/journal/event-texts.js";
import { type EventName, events } from "../firmware/journal/events.js";

const file = new URL("../firmware/journal/EVENTS.md", import.meta.url);

export function eventsDocument(): string {
  const rows = (Object.keys(events) as EventName[])
    .map((name) => ({ name, ...events[name], ...eventTexts[name] }))
    .sort((x, y) => x.id - y.id)
    .map(
      ({ name, id, en, fa, time, by, detail }) =>
        `| ${id} | \`${name}\` | ${en} | ${fa} | ${time} | ${by} | ${detail ?? "-"} |`,
    );
  return `# Events of the journal

Generated from \`events.ts\` and \`event-texts.ts\` by \`npx sandogh events\`; do not edit.

Times of events that belong to a voter's session are the hour, those of the terminal and its devices the second. A detail is one number with the
meaning given here; no event has room for a choice, a slot, a token, a digest of the vault or a voter. A cast has no event of its own. How entries
are stored is in \`firmware/vault/FORMAT.md\`.

"By" is whose doing an event is. What the world does is written one by one six times an hour and then counted in one entry, and leaves the cells that the acts
of officials need; each act leaves those of the acts that can follow it (\`keeps\` in \`events.ts\`).

| number | name | English | Persian | time | by | detail |
|---:|---|---|---|---|---|---|
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
