// Somebody with a chip programmer takes out of a terminal's log what was done to it. A device that keeps no log of its
// own says nothing of it; this one says what is missing, and its day goes on.

import { answered } from "./catalogue.js";
import test from "ava";
import { logAddress, logCell, logHeadAddress, logKinds } from "../../firmware/device/log-cell.js";
import { logLine, readDeviceLog } from "../../office/device/log.js";
import { shortElection as election } from "../support/short-election.js";
import { Scene } from "../support/scene.js";
import { started } from "./support.js";

const kindsOf = ({ station }: Scene): readonly number[] => logOf(station).entries.map(({ kind }) => kind);

function logOf({ chips, crypto, election: { terminals } }: Scene["station"]): ReturnType<typeof readDeviceLog> {
  return readDeviceLog(crypto, chips.main.cells, terminals[0]!.publicKey);
}

test("device log: an installation zeroed, the end cut off, all of it gone: I-07 with the entry, in the journal too, and the next voter votes", async (t) => {
  const scene = await Scene.open(t, { seed: "log", election });
  const { station } = scene;
  t.deepEqual(kindsOf(scene), [logKinds.made, logKinds.enrolled, logKinds.installed]);
  t.deepEqual(logOf(station).problems, []);
  station.powerOff();
  const sound = station.chips.main.cells.slice();
  // by its bytes: the installed one is the last
  const cells = (from: number, to: number, value: number): void => {
    station.chips.main.cells.set(sound);
    for (let at = logAddress + from * logCell; at < logAddress + to * logCell; at++)
      station.chips.main.cells[at] = sound[at] === 0xff ? 0xff : value;
  };
  for (const [what, harm, said] of [
    ["device-log-zeroed", () => cells(5, 25, 0), 2],
    ["device-log-cut-off", () => cells(5, 25, 0xff), 2],
    ["device-log-gone", () => station.chips.main.cells.fill(0xff, logAddress, 0x1_0000), 0],
    ["its length", () => station.chips.main.cells.fill(0xff, logHeadAddress, 0x1_0000), 0xffff_ffff],
  ] as const) {
    harm();
    t.is(await started(scene), "polls open, idle", what);
    t.true(scene.traces.includes(`I-07 device log: changed at ${said}`), `${what}: ${scene.traces.join("; ")}`);
    if (what !== "its length") answered(t, what, scene.traces.join("; "));
    t.is(scene.journal().findLast(({ event }) => event === "deviceLogHarmed")?.detail, (said + 1) >>> 0, what);
    t.regex(logOf(station).entries.map(logLine).join("\n"), /found this log changed/, what);
    await scene.people.vote(await scene.card(), scene.intentions());
    station.powerOff();
  }
  station.chips.main.cells.set(sound);
  scene.traces.length = 0;
  t.is(await started(scene), "polls open, idle");
  t.false(scene.traces.some((line) => line.startsWith("I-07")));
});
