// Somebody with a chip programmer gives a voter a second right at an identity desk, or tries to.

import { type AttackId, answered, attacks } from "./catalogue.js";
import test from "ava";
import { entryLength, grantedAt, layOutDesk } from "../../firmware/checkin/layout.js";
import { type DeskScene, atDesk, voters } from "../identity/support.js";

const [first, second] = voters.map(({ key }) => key) as [number, number];

/** Where the check-ins lie, and the entries that are there. */
function entriesOf({ desk: { chips } }: DeskScene): number[] {
  const layout = layOutDesk({ capacity: 3_000, size: chips.a.size, blockLength: 4096 });
  if (!layout.ok) throw new Error("layout");
  const { address } = layout.value.checkIns;
  return Array.from({ length: layout.value.places }, (_, place) => address + place * entryLength).filter((at) =>
    chips.a.cells.subarray(at, at + grantedAt).some((byte) => byte !== 0xff && byte !== 0),
  );
}

async function said({ desk, traces }: DeskScene): Promise<string> {
  traces.length = 0;
  await desk.powerOn();
  await desk.terminal.runUntil(desk.clock.nowUs() + 5_000_000);
  desk.powerOff();
  return traces.find((line) => line.startsWith("out of service")) ?? traces.join("; ");
}

test("check-ins zeroed, erased, exchanged or made open again on both media: D-18, and nobody is given a second card", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    await scene.giveTo(first);
    await scene.giveTo(second);
    scene.desk.powerOff();
    const { chips } = scene.desk;
    const whole = { a: chips.a.cells.slice(), b: chips.b.cells.slice() };
    const [one, other] = entriesOf(scene) as [number, number];
    const harms: Readonly<Record<string, (cells: Uint8Array) => unknown>> = {
      "check-ins-zeroed": (cells) => cells.fill(0, one, one + entryLength),
      "one erased": (cells) => cells.fill(0xff, one, one + entryLength),
      "both zeroed": (cells) => [one, other].map((at) => cells.fill(0, at, at + entryLength)),
      "check-ins-exchanged": (cells) => cells.copyWithin(other, one, one + entryLength),
      "check-ins-reopened": (cells) => cells.fill(0xff, one + grantedAt, one + entryLength),
      "check-ins-erased": (cells) => cells.fill(0xff, one & ~4095),
    };
    for (const [name, harm] of Object.entries(harms)) {
      for (const medium of ["a", "b"] as const) {
        chips[medium].cells.set(whole[medium]);
        harm(chips[medium].cells);
      }
      const told = await said(scene);
      t.is(told, "out of service: D-18 kind=tampered", name);
      if (name in attacks) answered(t, name as AttackId, told);
    }
    // on one medium alone it is that one's harm
    for (const medium of ["a", "b"] as const) {
      for (const each of ["a", "b"] as const) chips[each].cells.set(whole[each]);
      harms["check-ins-zeroed"]!(chips[medium].cells);
      t.regex(await said(scene), /desk open/, `on ${medium} alone`);
    }
  });
});

test("a desk's journal cut off: D-19", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    scene.desk.powerOff();
    for (const medium of ["a", "b"] as const) {
      const { cells } = scene.desk.chips[medium];
      const last = [...Array(64).keys()].findLast((i) => cells[4096 + i * 128] !== 0xff)!;
      cells.fill(0xff, 4096 + (last - 1) * 128, 4096 + (last + 1) * 128);
    }
    const told = await said(scene);
    t.regex(told, /kind=cut-off cell=\d+$/);
    answered(t, "desk-journal-cut-off", told);
  });
});
