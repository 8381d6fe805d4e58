// A medium that does not answer while an entry is written: said, named, and the other one is not harmed.

import test from "ava";
import { Store } from "../support/store.js";

test("an entry that one medium does not take is a fault of that medium, and clears nothing on the other", (t) => {
  for (const [away, other] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    const store = new Store(`away ${away}`);
    const opened = store.open();
    if (!opened.ok) return t.fail();
    const journal = store.journal(opened.value);
    if (!journal.ok) return t.fail();
    t.true(journal.value.append("opened", 0).ok);
    const { address, length } = opened.value.layout.journal;
    const zeros = (): number =>
      store[other].cells.subarray(address, address + length).filter((byte) => byte === 0).length;
    const before = zeros();
    store[away].present = false;
    t.like(journal.value.append("paused", 0), { ok: false, error: { kind: "medium", medium: away } });
    // B comes after A: what A has taken whole may stand there, a cleared cell may not
    t.true(zeros() - before < 64, `${zeros() - before} bytes cleared`);
  }
});
