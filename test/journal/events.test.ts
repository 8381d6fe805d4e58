import test from "ava";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import { type EventKind, type EventName, events } from "../../firmware/journal/events.js";
import { eventsDocument, storedDocument } from "../../tools/events-document.js";

const all = Object.entries(events) as [EventName, EventKind][];

test("firmware/journal/EVENTS.md is current", (t) => {
  t.is(storedDocument(), eventsDocument(), "run npx sandogh events");
});

test("every event has a number of its own that fits a byte, and both texts", (t) => {
  t.is(new Set(all.map(([, kind]) => kind.id)).size, all.length);
  for (const [name, kind] of all) {
    t.true(Number.isInteger(kind.id) && kind.id > 0 && kind.id < 256, name);
    const { fa, en, detail } = eventTexts[name];
    t.regex(fa, /[\u0600-\u06ff]/, name);
    t.regex(en, /[A-Za-z]/, name);
    t.is(detail !== undefined, kind.detail === true, `${name}: a number has a meaning, and only a number`);
    t.false(/\|/.test(`${fa}${en}${detail ?? ""}`), `${name}: a | would break the table`);
  }
});

test("no event says when a ballot was cast: none is named after it, and what happens in a session carries the hour", (t) => {
  for (const [name, kind] of all) {
    t.notRegex(name, /^(cast|voted|committed|ballot)$/i);
    if (kind.id >= 30 && kind.id < 40) t.is(kind.time, "hour", name);
  }
});
