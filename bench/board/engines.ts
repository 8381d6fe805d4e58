// Both engines on the board beside each other, each with the interpreter's loop as we compile it (see
// tools/build/interpreter.ts) and as its makers wrote it. The same code, elections and days: only the engine differs.

import { spawnSync } from "node:child_process";
import { settingsAtRest } from "../../firmware/settings.js";
import { authorityKey, packageBytes, shown } from "../../test/ui/views.js";
import { boardSizes, buildBoard } from "../../tools/build/board.js";
import { type Engine, NPM_ENGINE, compilerOf, sdkEngine, withItsOwnLoop } from "../../tools/build/sources.js";
import { sdkPath } from "../../tools/sdk/toolchain.js";
import { boardDay } from "./day.js";
import type { EngineFigure } from "./figures.js";
import { between, firstPart, median } from "./parts.js";
import { Trial } from "./trial.js";

const ballots = 2;
/** A count's cost for one ballot is the difference of two. */
const [countedFew, countedMany] = [10, 40];
const painted = ["idle", "voting-list", "review-many"];

function versionOf(engine: Engine): string {
  return spawnSync(compilerOf(engine), ["--version"], { encoding: "utf8" }).stdout.trim();
}

async function countOf(elf: string, many: number): Promise<number> {
  const { marks } = await boardDay({ ballots: 0, stored: many, count: true, elf });
  const [from, to] = between(marks, "screen official-acting", "results kept");
  return to - from;
}

type Tell = (name: string, value: number, unit?: string) => void;

async function measure(engine: Engine, tell: Tell): Promise<void> {
  const elf = await buildBoard("ballot", engine);
  const sizes = boardSizes("ballot", engine);
  tell("image/text", sizes.text, "bytes");
  tell("image/byteCode", sizes.byteCode, "bytes");
  const { marks, keys, statistics } = await boardDay({ ballots, elf });
  tell("boot to idle, empty", marks.find(({ line }) => line === "screen idle")?.work ?? NaN);
  tell("polls opened, with tests and zero report", firstPart(marks, "screen official-acting", "polls open"));
  const [castFrom, castTo] = between(marks, "screen preparing", "screen done");
  tell("cast", castTo - castFrom);
  const [sessionFrom, sessionTo] = between(marks, "screen reading", "end");
  tell("session, card to idle", sessionTo - sessionFrom);
  tell("key to first changed pixel, median", median(keys.flatMap(({ seen }) => seen ?? [])));
  const [few, many] = [await countOf(elf, countedFew), await countOf(elf, countedMany)];
  tell(`open and count, one ballot (of ${countedFew} and ${countedMany})`, (many - few) / (countedMany - countedFew));
  const trial = await Trial.start(packageBytes, authorityKey, { engine });
  for (const name of painted) {
    const { view, touch } = shown[name]!;
    tell(`paint ${name}`, (await trial.show(view, settingsAtRest, touch)).work);
  }
  trial.close();
  const { heap, stack } = statistics;
  tell("heap, peak of the day", heap.chunks_peak + heap.slots_peak + heap.code, "bytes");
  tell("stack, deepest", stack, "bytes");
}

/** Throws SdkIsMissing without the SDK. */
export async function benchEngines(tell: (figure: object) => void): Promise<readonly EngineFigure[]> {
  const sdk = sdkEngine(sdkPath());
  const figures = new Map<string, EngineFigure>();
  for (const engine of [NPM_ENGINE, withItsOwnLoop(NPM_ENGINE), sdk, withItsOwnLoop(sdk)]) {
    // the compiler tells the version
    await buildBoard("ballot", engine);
    const title = `XS ${versionOf(engine)}, ${engine.loop === "ours" ? "our loop" : "its own loop"}`;
    await measure(engine, (name, measured, unit = "instructions") => {
      const value = Math.round(measured);
      tell({ name, engine: title, value, unit });
      const figure = figures.get(name) ?? { name, unit, values: {} };
      figures.set(name, { ...figure, values: { ...figure.values, [title]: value } });
    });
  }
  return [...figures.values()];
}
