// What the engine's instruments say after three voters and the officials' acts, in an instrumented build.

import { Chance } from "../../sim/chance.js";
import { People } from "../../sim/people.js";
import { headless } from "../../sim/sdk/machine.js";
import { Station } from "../../sim/station.js";
import { buildHeadless, buildLin } from "../../tools/sdk/build.js";

/** 2026-11-21 04:30 UTC */
const WALL_BASE = 1_795_235_400;
const VOTERS = 3;

/** Bytes on a 64-bit machine, where a slot has 32; on the ESP32 it has 16. `used` is without garbage. */
export interface SdkMemory {
  readonly chunks_reserved: number;
  readonly chunks_used: number;
  readonly slots_reserved: number;
  readonly slots_used: number;
  /** Names made at run time, not bytes. */
  readonly keys_reserved: number;
  readonly keys_used: number;
  readonly stack_reserved: number;
  readonly stack_peak: number;
}

export async function measureMemory(): Promise<SdkMemory> {
  const { library } = await buildLin({ role: "ballot", instrument: true });
  const program = buildHeadless();
  const traces: string[] = [];
  let people: People | undefined;
  const station = await Station.create({
    virtual: true,
    seed: "memory",
    wallBase: WALL_BASE,
    machine: (options) => headless({ program, library })({ ...options, stats: true }),
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  try {
    people = new People({ station, chance: new Chance("memory", "people"), cut: 0 });
    const pollsAre = (state: string) => (): boolean =>
      traces.findLast((line) => line.startsWith("polls ")) === `polls ${state}`;
    await people.start();
    await people.officials("open", pollsAre("open"));
    for (let voter = 0; voter < VOTERS; voter++) {
      const card = station.card();
      await station.grant(card);
      await people.vote(
        card,
        station.pack.election.contests.map((contest) => ({
          contest: contest.id,
          blank: contest.blankAllowed,
          choices: [],
        })),
      );
    }
    await people.officials("close", pollsAre("closed"));
    const { stderr } = await station.terminal.stop();
    return JSON.parse(stderr) as SdkMemory;
  } finally {
    await station.close();
  }
}
