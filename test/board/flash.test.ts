// Flash chips as a board may find them when it starts: busy, asleep, protected. The driver by itself:
// test/devices/nor.test.ts.

import { boardMachine } from "../../sim/board/qemu.js";
import { buildImage } from "../../tools/build/build.js";
import { Scene } from "../support/scene.js";
import { board, boardTest as test } from "./support.js";

test.serial(
  "a medium that somebody has protected, one that is still erasing, and a sleeping main chip: served, and the protection is in the journal",
  async (t) => {
    t.timeout(170_000);
    await board();
    await buildImage("ballot");
    const scene = await Scene.off(t, { seed: "flash", machine: boardMachine() });
    const { station, people } = scene;
    station.chips.main.registers.isDown = true;
    station.chips.a.registers.protect("complement");
    station.chips.b.registers.busyLooks = 300;
    await people.start();
    t.true(scene.traces.at(-1)?.startsWith("screen idle"), scene.traces.join("; "));
    t.is(station.chips.b.registers.busyLooks, 0);
    t.deepEqual(
      scene.journal().map(({ event, detail }) => `${event} ${detail ?? ""}`.trim()),
      ["started", "protectionCleared 1", "lineUp"],
    );
    // the microcontroller alone, in the middle of an erase: the chip goes on with it
    station.chips.a.registers.busyLooks = 300;
    await station.reset();
    await people.start();
    t.true(scene.traces.at(-1)?.startsWith("screen idle"), scene.traces.join("; "));
    t.is(scene.events().filter((event) => event === "protectionCleared").length, 1);
  },
);
