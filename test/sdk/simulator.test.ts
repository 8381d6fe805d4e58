// A vote in the SDK's simulator by somebody with a mouse: Xvfb is the screen, xdotool the hand. What the simulator
// shows is read from Xvfb's own memory.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import anyTest, { type TestFn } from "ava";
import { pngFromRgb565 } from "../../sim/png.js";
import { slipMark } from "../../sim/bench/slip-mark.js";
import { type SimulatorRun, runSimulator } from "../../tools/sdk/simulator.js";
import { linIsMissing } from "../../tools/sdk/toolchain.js";

const WIDTH = 1600;
const HEIGHT = 800;
const PANEL = { width: 1024, height: 600 };
/** Where the page has its controls: pixels of the window, which is in the corner because there is no window manager. */
const ROW = { power: 66, reset: 96, voter: 126, officials: 156, keys: 186 };
const COLUMN = [158, 238, 318];
const ROW_HEIGHT = 30;
const KEYS = [
  ["1", "2", "3"],
  ["4", "5", "6"],
  ["7", "8", "9"],
  ["correction", "0", "white"],
  ["green", "previous", "next"],
  ["up", "down", "select"],
];
/** Opening prints two reports, in real time; beside other work it takes as long as it takes. */
const PATIENCE_MS = 900_000;
/** A screen that has only just come cannot be acted on. */
const LOOK_MS = 600;
/** For the README: build/sdk/simulator.png */
const PICTURE = "build/sdk/simulator.png";

const programs = ["Xvfb", "xdotool"].filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
const missing =
  linIsMissing() ??
  (spawnSync("sh", ["-c", 'test -x "$MODDABLE/build/bin/lin/release/mcsim"']).status !== 0
    ? "the SDK's simulator is not built"
    : programs.length > 0
      ? `missing: ${programs.join(", ")} (Debian: apt-get install xvfb xdotool)`
      : undefined);
if (missing !== undefined) process.stderr.write(`skipped: the simulator: ${missing}\n`);
const test = (missing === undefined ? anyTest : anyTest.skip) as TestFn;

class Screen {
  readonly display: string;
  readonly #process: ChildProcess;
  readonly #directory: string;

  private constructor(display: string, process: ChildProcess, directory: string) {
    this.display = display;
    this.#process = process;
    this.#directory = directory;
  }

  static async start(): Promise<Screen> {
    const directory = mkdtempSync(join(tmpdir(), "sandogh-xvfb-"));
    const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${WIDTH}x${HEIGHT}x24`, "-fbdir", directory], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const number = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error("Xvfb ended")));
      (child.stdio[3] as NodeJS.ReadableStream).once("data", (bytes: Buffer) => resolve(bytes.toString().trim()));
    });
    return new Screen(`:${number}`, child, directory);
  }

  hand(...words: readonly string[]): void {
    const { status, stderr } = spawnSync("xdotool", words, {
      env: { ...process.env, DISPLAY: this.display },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`xdotool: ${stderr}`);
  }

  /** RGB565 of the whole screen: an XWD file with a big-endian header, then 32 bits a pixel. */
  picture(): Uint16Array {
    const file = readFileSync(join(this.#directory, "Xvfb_screen0"));
    const start = file.readUInt32BE(0) + 12 * file.readUInt32BE(4 * 19);
    const stride = file.readUInt32BE(4 * 12);
    const out = new Uint16Array(WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const at = start + y * stride + 4 * x;
        out[y * WIDTH + x] = ((file[at + 2]! >> 3) << 11) | ((file[at + 1]! >> 2) << 5) | (file[at]! >> 3);
      }
    return out;
  }

  close(): void {
    this.#process.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

class Person {
  readonly #screen: Screen;
  readonly #run: SimulatorRun;

  constructor(screen: Screen, run: SimulatorRun) {
    this.#screen = screen;
    this.#run = run;
  }

  async clicks(x: number, y: number): Promise<void> {
    this.#screen.hand("mousemove", String(x), String(y), "mousedown", "1");
    await rest(60);
    this.#screen.hand("mouseup", "1");
    await rest(120);
  }

  async presses(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const row = KEYS.findIndex((each) => each.includes(key));
      await this.clicks(COLUMN[KEYS[row]!.indexOf(key)]!, ROW.keys + row * ROW_HEIGHT);
    }
  }

  async sees(screen: string): Promise<void> {
    await until(
      () => this.#run.bench.state().screen === screen,
      () => `waited for ${screen}, the terminal shows ${this.#run.bench.state().screen}`,
    );
    await rest(LOOK_MS);
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(condition: () => boolean, otherwise: () => string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(otherwise());
    await rest(30);
  }
}

/** Where the terminal's picture is on the screen; undefined: nowhere. */
function findPanel(screen: Uint16Array, panel: Uint16Array): { readonly x: number; readonly y: number } | undefined {
  const isAt = (left: number, top: number, step: number): boolean => {
    for (let y = 0; y < PANEL.height; y += step)
      for (let x = 0; x < PANEL.width; x += step)
        if (screen[(top + y) * WIDTH + left + x] !== panel[y * PANEL.width + x]) return false;
    return true;
  };
  for (let y = 0; y + PANEL.height <= HEIGHT; y++)
    for (let x = 0; x + PANEL.width <= WIDTH; x++) if (isAt(x, y, 37) && isAt(x, y, 1)) return { x, y };
  return undefined;
}

test("officials open the polls and a voter votes, with the mouse on the simulator's page and its panel", async (t) => {
  t.timeout(3_600_000);
  const directory = mkdtempSync(join(tmpdir(), "sandogh-simulator-"));
  const screen = await Screen.start();
  const run = await runSimulator({ directory, display: screen.display });
  t.teardown(async () => {
    await run.stop();
    screen.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const { bench } = run;
  const person = new Person(screen, run);
  await person.sees("idle");
  await rest(500);
  const panel = (): Uint16Array => new Uint16Array(bench.station.terminal.framebuffer().buffer);
  const place = findPanel(screen.picture(), panel());
  t.truthy(place, "the simulator shows the terminal's picture, pixel for pixel");

  // a finger on the glass is one on the front panel's controller
  const touches: unknown[] = [];
  const contact = bench.station.panel.contact.bind(bench.station.panel);
  bench.station.panel.contact = (...words) => {
    touches.push(words);
    contact(...words);
  };
  await person.clicks(place!.x + 300, place!.y + 400);
  await until(
    () => touches.length >= 2,
    () => "no touch has come",
  );
  t.deepEqual(
    [touches[0], touches.at(-1)],
    [
      [0, "down", 300, 400],
      [0, "up", 300, 400],
    ],
  );

  await person.clicks(COLUMN[0]!, ROW.officials);
  await person.sees("official-pin");
  await person.presses("1", "4", "0", "4", "green");
  await person.sees("official-menu");
  await person.presses("previous", "select");
  await person.sees("official-second");
  await person.clicks(COLUMN[2]!, ROW.voter);
  await person.clicks(COLUMN[1]!, ROW.officials);
  await person.sees("official-pin");
  await person.presses("2", "0", "2", "6", "green");
  await person.sees("official-result");
  await person.clicks(COLUMN[2]!, ROW.voter);
  await person.sees("idle");
  t.is(bench.state().polls, "open");

  await person.clicks(COLUMN[0]!, ROW.voter);
  await until(
    () => bench.state().cards.some((card) => card.state === "granted"),
    () => "no card is granted",
  );
  await person.clicks(COLUMN[1]!, ROW.voter);
  await person.sees("voting");
  const contests = bench.station.pack.election.contests.length;
  for (let contest = 0; contest < contests; contest++) {
    for (const key of ["white", "green"]) {
      await person.presses(key);
      await rest(LOOK_MS);
    }
  }
  await person.sees("review");
  await person.presses("green");
  await person.sees("confirm");
  await person.presses("green");
  await person.sees("slip");
  await rest(1000);
  mkdirSync("build/sdk", { recursive: true });
  writeFileSync(PICTURE, pngFromRgb565(WIDTH, HEIGHT, new Uint8Array(screen.picture().buffer)));
  await person.sees("done");
  await person.clicks(COLUMN[2]!, ROW.voter);
  await person.sees("idle");
  t.is(bench.state().ballots, 1);
  t.deepEqual(
    bench.station.printer.slips.map((slip) => slipMark(slip)).filter((mark) => mark !== "report"),
    ["valid"],
  );

  // power off and on by the page: the library is let go and loaded again, and the ballot is there
  await person.clicks(COLUMN[0]!, ROW.power);
  await until(
    () => !bench.state().on,
    () => "the power is still on",
  );
  await rest(300);
  await person.clicks(place!.x + 300, place!.y + 400);
  await person.presses("green");
  await person.clicks(COLUMN[0]!, ROW.power);
  await person.sees("idle");
  t.is(bench.state().boots, 2);
  t.is(bench.state().ballots, 1);
  await rest(500);
  t.deepEqual(findPanel(screen.picture(), panel()), place);
});
