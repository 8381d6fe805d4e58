// A part of the corruption campaign that fits into every test run, and the harm that starts once died of or took for a
// decision; npx sandogh campaign corruption does the rest.

import assert from "node:assert/strict";
import test, { type ExecutionContext } from "ava";
import { cellLength } from "../../firmware/journal/journal.js";
import { boot } from "../../firmware/roles/ballot-boot.js";
import { resultsRegion } from "../../firmware/tally/results-store.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { type Clock } from "../../firmware/platform.js";
import { NorChip, PowerCut, flashOf } from "../../sim/nor.js";
import { corruption } from "../campaigns/corruption/campaign.js";
import { apply } from "../campaigns/corruption/moments.js";
import { campaignClock, campaignDevice } from "../campaigns/crash/device.js";
import { type Day, chipNames, must, recordDay } from "../campaigns/crash/day.js";

test("one chip or both corrupted at moments of a day: a start serves or refuses with a code, nothing whole is lost", async (t) => {
  const base = { seed: "test", casts: 6, primitives: sodiumPrimitives, each: 1, chips: "both" } as const;
  const report = await corruption({ ...base, count: 700 });
  t.log(`${report.trials} corruptions`);
  t.deepEqual(report.violations, []);
  t.true(report.trials >= 700, `${report.trials} corruptions`);
});

const day = recordDay("harm", 6, sodiumPrimitives);

/** Both chips as they were before the first operation of which `is` holds. */
function stateOf({ store, steps }: Day, is: (step: Day["steps"][number]) => boolean): NorChip[] {
  const cells = store.blank;
  for (const step of steps) {
    if (is(step)) break;
    apply(cells[step.chip], step.operation);
  }
  return chipNames.map((name) => {
    const chip = new NorChip({ size: cells[name].length });
    chip.cells.set(cells[name]);
    return chip;
  });
}

function start(a: NorChip, b: NorChip, clock: Clock = campaignClock): ReturnType<typeof boot> {
  const main = packageFlash(day.store.device.main[0]);
  const flash = { main, a: flashOf(a), b: flashOf(b) };
  return boot({ ...campaignDevice, clock, flash, tallyKey: day.store.tallyKey }, day.store.crypto);
}

/** Nothing of the next cast is written yet. */
const afterThree = ({ expectation }: Day["steps"][number]): boolean => expectation.told.size === 3;

function ballotsOf(t: ExecutionContext, started: ReturnType<typeof boot>): number {
  if (!started.ok) {
    t.fail(`${started.error.code} ${started.error.why}`);
    return -1;
  }
  return started.value.vault.counts.ballots;
}

for (const [i, name] of chipNames.entries()) {
  test(`an entry of which a cut wrote all but its check, and ${chipNames[1 - i]!} is a new chip: passed over, and the rest written there`, (t) => {
    const isEntry = ({ chip, operation, expectation }: Day["steps"][number]): boolean =>
      chip === name &&
      expectation.told.size === 6 &&
      expectation.next === "closed" &&
      operation.kind === "program" &&
      operation.data.length === cellLength;
    const { operation } = day.steps.find(isEntry)!;
    const chips = stateOf(day, isEntry);
    assert(operation.kind === "program");
    chips[i]!.program(operation.address, operation.data.subarray(0, cellLength - 16));
    chips[1 - i]!.restore(new Uint8Array(chips[i]!.size).fill(0xff));
    const [a, b] = chips as [NorChip, NorChip];
    for (const time of ["first", "second"]) t.is(ballotsOf(t, start(a, b)), 6, `the ${time} start`);
    t.deepEqual(a.cells, b.cells);
  });

  test(`48 bytes of ${name} zeroed after three votes: nothing is erased, and it is made whole from the other`, (t) => {
    const chips = stateOf(day, afterThree);
    chips[i]!.cells.fill(0, 0, 48);
    t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
    t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
    t.is(Buffer.compare(chips[0]!.cells, chips[1]!.cells), 0);
  });
}

test("B exchanged, and the power cut at the rebuild's first erase: begun again, and nothing of A is touched", (t) => {
  const [a] = stateOf(day, afterThree) as [NorChip, NorChip];
  const b = new NorChip({ size: a.size });
  b.cells.fill(0x55);
  const before = a.cells.slice();
  b.onOperation = (operation) => {
    if (operation.kind !== "erase") return;
    b.tear(operation, () => 0.5, { kind: "bytes", from: 0, to: b.blockLength });
    throw new PowerCut("cut");
  };
  t.throws(() => start(a, b), { instanceOf: PowerCut });
  t.is(Buffer.compare(a.cells, before), 0);
  b.onOperation = undefined;
  t.is(ballotsOf(t, start(a, b)), 3);
  t.is(ballotsOf(t, start(a, b)), 3);
});

/** The same, one ballot earlier. */
const afterTwo = ({ expectation }: Day["steps"][number]): boolean => expectation.told.size === 2;

test("B is an older image, and A's superblock and ballots are garbage: A's head still tells of a ballot that is nowhere, and it is not served without it", (t) => {
  const { superblock, store } = day.store.layout;
  const [a] = stateOf(day, afterThree) as [NorChip, NorChip];
  const [, b] = stateOf(day, afterTwo) as [NorChip, NorChip];
  for (const { address, length } of [superblock, store]) a.cells.fill(0x5a, address, address + length);
  const started = start(a, b);
  t.is(started.ok ? "serves" : started.error.code, "S-10");
});

test("both chips' ballots are garbage, B reads as if none had been cast, and A's superblock is gone: not served as empty", (t) => {
  const { superblock, store, head, counter, spent, transaction } = day.store.layout;
  const [a, b] = stateOf(day, afterThree) as [NorChip, NorChip];
  for (const { address, length } of [superblock, store]) a.cells.fill(0x5a, address, address + length);
  for (const { address, length } of [store, head, counter, spent, transaction])
    b.cells.fill(0xff, address, address + length);
  const started = start(a, b);
  t.is(started.ok ? "serves" : started.error.code, "S-02");
});

for (const [i, name] of chipNames.entries()) {
  test(`16 wrong bytes in the results' header of ${name} alone: it serves, and the header is right again`, (t) => {
    const {
      layout,
      chips: { a },
    } = day.store;
    const chips = stateOf(day, ({ expectation }) => expectation.journal.includes("counted"));
    const { address } = resultsRegion(layout, a.size)!;
    const right = chips[i]!.cells.slice(address, address + 16);
    chips[i]!.cells.set(
      new Uint8Array(16).map((_, at) => (at * 71 + 13) & 0xff),
      address,
    );
    const started = start(chips[0]!, chips[1]!);
    t.is(ballotsOf(t, started), 6);
    t.true(must(started).results.stored !== undefined);
    t.deepEqual(chips[i]!.cells.slice(address, address + 16), right);
  });
}

test("a clock beyond 2^32 s, before 1970 or that is no number: it serves", (t) => {
  for (const wall of [2 ** 32, 2 ** 40, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const [a, b] = stateOf(day, afterThree) as [NorChip, NorChip];
    t.is(ballotsOf(t, start(a, b, { monotonic: () => 0, wall: () => wall })), 3, String(wall));
  }
});

for (const [i, name] of chipNames.entries()) {
  test(`a chip with other blocks, or a smaller one, in the place of ${name}: it counts as missing`, (t) => {
    for (const made of [{ size: 2 ** 21, blockLength: 65_536 }, { size: 65_536 }]) {
      const chips = stateOf(day, afterThree);
      chips[i] = new NorChip(made);
      const refused = start(chips[0]!, chips[1]!);
      t.false(refused.ok);
      if (refused.ok) return;
      t.is(refused.error.code, "S-07");
      t.is(refused.error.missing?.medium, name);
      must(refused.error.missing!.goOn());
      t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
      t.true(
        chips[i].cells.every((cell) => cell === 0xff),
        "nothing is written to it",
      );
    }
  });

  test(`everything behind the superblock of ${name} is garbage: nothing of it reaches the other, and no slot or cell is used up`, (t) => {
    const chips = stateOf(day, afterThree);
    const before = start(chips[0]!, chips[1]!);
    const { room } = must(before).journal;
    let word = 7;
    for (let at = 4096; at < chips[i]!.size; at++) {
      chips[i]!.cells[at] = (word = (Math.imul(word, 0x9e3779b1) + 0x7f4a7c15) >>> 0) >>> 24;
    }
    const started = start(chips[0]!, chips[1]!);
    t.is(ballotsOf(t, started), 3);
    const { vault, journal } = must(started);
    t.true(vault.hasRoom());
    t.is(vault.counts.voids, must(before).vault.counts.voids);
    t.true(room - journal.room < 10, `${room - journal.room} cells`);
  });

  test(`ticks that only ${name} has are not believed`, (t) => {
    const chips = stateOf(day, afterThree);
    const { address } = day.store.layout.counter;
    chips[i]!.cells.fill(0, address, address + 48);
    t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
    t.is(
      Buffer.compare(
        chips[0]!.cells.subarray(address, address + 4096),
        chips[1]!.cells.subarray(address, address + 4096),
      ),
      0,
    );
  });

  test(`the head's newest entry is 0 on ${name} alone: it still counts`, (t) => {
    const chips = stateOf(day, afterThree);
    const { head } = day.store.layout;
    chips[i]!.cells.fill(0, head.address, head.address + head.length);
    t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
  });

  test(`only the first block of ${name} is harmed, and only it has the last ballot: the ballot is kept`, (t) => {
    const chips = stateOf(day, afterThree);
    const older = stateOf(day, ({ expectation }) => expectation.told.size === 2);
    chips[1 - i]!.cells.set(older[1 - i]!.cells);
    chips[i]!.cells.fill(0, 0, 48);
    t.is(ballotsOf(t, start(chips[0]!, chips[1]!)), 3);
  });
}
