import test from "ava";
import { type EventKind, events } from "../../firmware/journal/events.js";
import { eventsDocument, storedDocument } from "../../tools/events-document.js";

const all = Object.entries(events) as [string, EventKind][];

test("firmware/journal/EVENTS.md is current", (t) => {
  t.is(storedDocument(), eventsDocument(), "run npx sandogh events");
});

test("every event has a number of its own that fits a byte, and both texts", (t) => {
  t.is(new Set(all.map(([, kind]) => kind.id)).size, all.length);
  for (const [name, kind] of all) {
    t.true(Number.isInteger(kind.id) && kind.id > 0 && kind.id < 256, name);
    t.regex(kind.fa, /[\u0600-\u06ff]/, name);
    t.regex(kind.en, /[A-Za-z]/, name);
    t.false(/\|/.test(`${kind.fa}${kind.en}${kind.detail ?? ""}`), `${name}: a | would break the table`);
  }
});

test("no event says when a ballot was cast: none is named after it, and what happens in a session carries the hour", (t) => {
  for (const [name, kind] of all) {
    t.notRegex(name, /^(cast|voted|committed|ballot)$/i);
    if (kind.id >= 30 && kind.id < 40) t.is(kind.time, "hour", name);
  }
});
