// Voter and officials at a station whose time passes at the pace of the wall clock, as the bench's does.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pacer } from "../../sim/bench/pacer.js";
import { Chance } from "../../sim/chance.js";
import type { VirtualClock } from "../../sim/clock.js";
import { People } from "../../sim/people.js";
import { Station } from "../../sim/station.js";
import { exampleYaml } from "./scene.js";

export class RealPeople {
  readonly station: Station;
  readonly #people: People;
  readonly #traces: string[];

  private constructor(station: Station, people: People, traces: string[]) {
    this.station = station;
    this.#people = people;
    this.#traces = traces;
  }

  /** The polls are open when it resolves. */
  static async open(
    t: { teardown(end: () => Promise<void>): void },
    servers: { readonly mqttUrl: string; readonly databaseUrl: string },
  ): Promise<RealPeople> {
    const folder = mkdtempSync(join(tmpdir(), "sandogh-real-"));
    const election = join(folder, "election.yaml");
    writeFileSync(election, exampleYaml);
    const traces: string[] = [];
    let people: People | undefined;
    const station = await Station.create({
      virtual: true,
      wallBase: Date.now() / 1000,
      directory: folder,
      election,
      ...servers,
      onTrace: (line) => {
        traces.push(line);
        people?.traced(line);
      },
    });
    const pacer = new Pacer(station, station.clock as VirtualClock);
    t.teardown(async () => {
      await pacer.stop();
      await station.close();
      rmSync(folder, { recursive: true, force: true });
    });
    people = new People({ station, chance: new Chance("real", "people"), cut: 0, paced: true });
    const real = new RealPeople(station, people, traces);
    await people.start();
    await people.officials("open", () => traces.includes("polls open"));
    return real;
  }

  async vote(): Promise<void> {
    const card = this.station.card();
    await this.station.grant(card);
    const { pack } = this.station;
    await this.#people.vote(
      card,
      pack.election.contests.map((contest) => ({
        contest: contest.id,
        blank: false,
        choices: [pack.option(contest.id, 0 as never).code],
      })),
    );
  }

  async close(): Promise<void> {
    await this.#people.officials("close", () => this.#traces.includes("polls closed"));
  }
}
