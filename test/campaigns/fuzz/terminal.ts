// The inputs on the lines of a real terminal in the middle of its day: what stops the process, or what its sanitizers
// say, is a finding. Its C gets whatever the firmware passes on.

import { People } from "../../../sim/people.js";
import { Chance } from "../../../sim/chance.js";
import { QuickChance } from "../../../sim/quick-chance.js";
import { Station } from "../../../sim/station.js";
import { Wire } from "../../attacks/line-support.js";
import type { FuzzReport } from "./fuzz.js";
import { mutated } from "./mutate.js";
import { targets } from "./targets.js";

const second = 1_000_000;
const wallBase = 1_795_235_400;
/** Inputs between two looks at whether it still serves. */
const inputsAtOnce = 32;
const lineNames = ["reader", "printer", "panel", "mqtt"] as const;
type LineName = (typeof lineNames)[number];

export const terminalTargets: readonly string[] = [...lineNames, "package"];

export interface TerminalFuzzOptions {
  readonly target: string;
  readonly program: string;
  readonly seed: string;
  readonly count: number;
  readonly onProgress: (inputs: number) => boolean;
}

export async function fuzzTerminal(options: TerminalFuzzOptions): Promise<FuzzReport> {
  const { target: name, program, seed, count, onProgress } = options;
  const target = targets.find((each) => each.name === name)!;
  const chance = new QuickChance(`${seed} terminal ${name}`);
  const station = await Station.create({ virtual: true, seed, wallBase, program, onTrace: (line) => traced(line) });
  const people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
  const bugs: string[] = [];
  const traced = (line: string): void => {
    if (line.startsWith("bug")) bugs.push(line);
    people.traced(line);
  };
  let inputs = 0;
  let last: Uint8Array = new Uint8Array(0);
  try {
    const say = name === "package" ? onFlash(station) : onLine(station, name as LineName);
    await people.start();
    while (inputs < count && onProgress(inputs)) {
      for (let i = 0; i < inputsAtOnce; i++, inputs++)
        await say((last = mutated(target.corpus, chance, target.lengthMax)));
      await station.terminal.runUntil(station.clock.nowUs() + second);
      if (!station.isOn || bugs.length > 0) throw new Error(bugs[0] ?? "the terminal has stopped");
    }
    return { inputs, taken: 0, slowestMs: 0, findings: [] };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { inputs, taken: 0, slowestMs: 0, findings: [{ target: name, input: last, problem }] };
  } finally {
    await station.close();
  }
}

function onLine(station: Station, name: LineName): (input: Uint8Array) => Promise<void> {
  const wire = new Wire(station);
  return async (input) => {
    if (name === "mqtt") wire.say(input);
    else station[name].send(input);
    await station.terminal.runUntil(station.clock.nowUs() + 20_000);
  };
}

/** Each input is a package on the main flash, and a start. */
function onFlash(station: Station): (input: Uint8Array) => Promise<void> {
  const { cells } = station.chips.main;
  const whole = cells.slice();
  return async (input) => {
    station.powerOff();
    cells.set(whole);
    // behind what the device is known by
    cells.set(input.subarray(0, cells.length - 0x1_0000), 0x1_0000);
    await station.powerOn();
    await station.terminal.runUntil(station.clock.nowUs() + second);
  };
}
