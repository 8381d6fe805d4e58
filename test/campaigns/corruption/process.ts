// A start of the real terminal: one process for each, on the chips as they are, with devices that answer.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../../sim/clock.js";
import { VirtualPanel } from "../../../sim/devices/panel.js";
import { VirtualPN532 } from "../../../sim/devices/pn532.js";
import { VirtualPrinter } from "../../../sim/devices/printer.js";
import { ballotImage, uiText } from "../../../sim/station.js";
import { Terminal } from "../../../sim/terminal.js";
import { campaignClock, campaignFuses } from "../crash/device.js";
import type { Trial } from "./judge.js";

/** Longest that a start may take, in virtual time: a slip that hangs gets its mark first. */
const patienceUs = 60_000_000;
const folder = mkdtempSync(join(tmpdir(), "sandogh-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The outcome's words. Throws when the terminal ends by itself, or says nothing. */
export async function startProcess({ store, chips, moment }: Trial): Promise<string> {
  store.load(moment.number);
  const clock = new VirtualClock();
  let said: string | undefined;
  let died: string | undefined;
  const panel = new VirtualPanel({ clock });
  const terminal = new Terminal({
    image: ballotImage,
    text: uiText,
    clock,
    virtual: true,
    seed: "c0de".repeat(16),
    wallBase: campaignClock.wall(),
    device: campaignFuses,
    framebufferPath: join(folder, "display"),
    flash: { main: store.chips.main, a: chips.a, b: chips.b },
    serial: {
      reader: new VirtualPN532({ clock, random: (out) => out.fill(7) }),
      printer: new VirtualPrinter({ clock }),
      panel,
    },
    onTrace: (line) => {
      const refused = /^out of service: (\S+)/.exec(line);
      if (refused !== null) said = `refuses ${refused[1]!}`;
      else if (line.startsWith("bug")) died = line;
      else if (line.startsWith("polls ")) said = "serves";
    },
    onExit: (exit) => {
      if (said === undefined) died ??= `the terminal ended: ${exit.code ?? exit.signal} ${exit.stderr}`;
    },
  });
  panel.start();
  try {
    await terminal.start();
    await terminal.runUntil(() => said !== undefined || died !== undefined, patienceUs);
  } finally {
    panel.stop();
    terminal.close();
    await terminal.gone();
  }
  if (died !== undefined) throw new Error(died);
  if (said === undefined) throw new Error("the terminal says nothing");
  return said;
}
