// The terminal in the SDK's simulator, with a polling station around it as the bench has it. The simulator's page asks
// for what a person does.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Bench } from "../../sim/bench/bench.js";
import { readCommand } from "../../sim/bench/command.js";
import { readEnvironment } from "../../sim/bench/environment.js";
import { lockFolder } from "../../sim/bench/folder-lock.js";
import type { Slip } from "../../sim/devices/printer.js";
import { Simulator } from "../../sim/sdk/simulator.js";
import { buildForRun } from "../build/build.js";
import { buildLin } from "./build.js";
import { SdkIsMissing, linIsMissing, sdkEnvironment, sdkPath } from "./toolchain.js";

const SIMULATOR_PAGES = "sim/sdk/simulator";
const STATE_MS = 250;
const ROW_BYTES = 72;
/** The page shows one square for so many dots. */
const SQUARE = 4;
const SQUARES = (8 * ROW_BYTES) / SQUARE;
const WINDOW = { width: 1550, height: 760, controls: 360 };
/** Rows of squares that a page has room for. */
const PAPER_ROWS_MAX = 400;

interface SimulatorRunOptions {
  readonly directory: string;
  readonly debug?: boolean;
  /** Of the simulator's process; the one of this process when absent. */
  readonly display?: string;
}

export interface SimulatorRun {
  readonly bench: Bench;
  /** Resolves when the simulator's window was closed, or the process failed. */
  readonly closed: Promise<number | null>;
  stop(): Promise<void>;
}

/** Rows of hexadecimal digits, see sim/sdk/simulator/terminal.js. */
function paperRows(slip: Slip): string[] {
  const rows: string[] = [];
  for (let top = Math.max(0, slip.height - SQUARE * PAPER_ROWS_MAX); top + SQUARE <= slip.height; top += SQUARE) {
    const dark = new Array<number>(SQUARES).fill(0);
    for (let y = top; y < top + SQUARE; y++)
      for (let x = 0; x < 8 * ROW_BYTES; x++)
        if ((slip.bits[y * ROW_BYTES + (x >> 3)]! & (0x80 >> (x & 7))) !== 0) dark[Math.floor(x / SQUARE)]!++;
    rows.push(dark.map((dots) => Math.min(15, dots).toString(16)).join(""));
  }
  return rows;
}

/** JSON in ASCII. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What the page has a button for and the bench takes two steps to do. */
async function performForPage(bench: Bench, text: string): Promise<void> {
  const { cards } = bench.state();
  const voter = (state: string): string | undefined =>
    cards.find((card) => card.kind === "voter" && card.state === state)?.id;
  if (text === '{"do":"grant-one"}') {
    const spent = voter("spent");
    if (spent !== undefined) await bench.perform({ do: "discard", card: spent });
    if (voter("empty") === undefined) await bench.perform({ do: "new-card" });
    const empty = bench.state().cards.findLast((card) => card.kind === "voter" && card.state === "empty");
    if (empty !== undefined) await bench.perform({ do: "grant", card: empty.id });
    return;
  }
  if (text === '{"do":"hold-granted"}') {
    const card = voter("granted") ?? voter("locked");
    if (card !== undefined) await bench.perform({ do: "hold", card });
    return;
  }
  const command = readCommand(text);
  if (command.ok) await bench.perform(command.value);
}

/** Where the simulator keeps its settings, with a window that the page fits into, and a copy of the library. */
function simulatorHome(): string {
  const home = mkdtempSync(join(tmpdir(), "sandogh-mcsim-"));
  mkdirSync(join(home, ".config"));
  const settings = join(home, ".config", "tech.moddable.mcsim");
  writeFileSync(
    `${settings}.ini`,
    `[window]\nfullscreen=false\nmaximized=false\nx=-1\ny=-1\nwidth=${WINDOW.width}\nheight=${WINDOW.height}\n`,
  );
  writeFileSync(
    `${settings}.main.json`,
    JSON.stringify({ controlsCurrent: WINDOW.controls, controlsStatus: true, infoStatus: false }),
  );
  return home;
}

/** Starts station and simulator. Throws SdkError, StationError. */
export async function runSimulator(options: SimulatorRunOptions): Promise<SimulatorRun> {
  const { directory, debug = false, display = process.env["DISPLAY"] } = options;
  sdkPath(linIsMissing());
  if (display === undefined)
    throw new SdkIsMissing("DISPLAY is not set: the simulator is a window (without one: npx sandogh sdk headless)");
  const { library } = await buildLin({ role: "ballot", debug });
  await buildForRun("ballot");
  // the desk that grants cards
  await buildForRun("identity");
  mkdirSync(directory, { recursive: true });
  const unlock = lockFolder(directory);
  const home = simulatorHome();
  const path = join(home, "cable");
  let bench: Bench | undefined;
  const simulator = await Simulator.listen({
    path,
    onPage: (text) => void (bench === undefined ? undefined : performForPage(bench, text)),
    onJoin: () => void bench?.perform({ do: "power", on: true }),
  });
  bench = await Bench.create({
    directory,
    wallBase: Date.now() / 1000,
    ...readEnvironment(process.env),
    machine: simulator.start,
  });
  const child = spawn("mcsim", [resolve(SIMULATOR_PAGES), library], {
    env: { ...sdkEnvironment(), DISPLAY: display, HOME: home, SANDOGH_CABLE: path },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const closed = new Promise<number | null>((done) => child.on("close", done).on("error", () => done(null)));
  const shown = bench;
  let hanging = "";
  const tick = setInterval(() => {
    const { next, polls, held, ballots, voids, on } = shown.state();
    const facts = `${on ? "on" : "off"}, polls ${polls ?? "not opened"}, ${held === undefined ? "no card" : held} on the reader, ${ballots} ballots, ${voids} voids`;
    simulator.tell(asciiJson({ next: next.text, facts }));
    const slip =
      shown.station.printer.hanging.height > 0 ? shown.station.printer.hanging : shown.station.printer.slips.at(-1);
    const paper = slip === undefined ? "[]" : asciiJson(paperRows(slip));
    if (paper === hanging) return;
    hanging = paper;
    simulator.tell(`{"paper":${paper}}`);
  }, STATE_MS);
  await shown.perform({ do: "power", on: true });
  return {
    bench: shown,
    closed,
    async stop() {
      clearInterval(tick);
      child.kill();
      await closed;
      simulator.close();
      await shown.close();
      unlock();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
