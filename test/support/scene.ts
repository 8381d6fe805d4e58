// A station with a real terminal process in virtual time, and people who act in it: for tests of what voters and
// officials live through.

import { secretIn } from "./device-secret.js";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveOwnKeys } from "../../firmware/device/keys.js";
import type { EventName } from "../../firmware/journal/events.js";
import type { JournalEntry } from "../../firmware/journal/journal.js";
import type { StartMachine } from "../../sim/machine.js";
import { isReport } from "../../sim/bench/slip-mark.js";
import { Chance } from "../../sim/chance.js";
import type { ActivationCard } from "../../sim/devices/activation-card.js";
import type { Slip } from "../../sim/devices/printer.js";
import { type Intention, People } from "../../sim/people.js";
import { testPins } from "../../office/package/keys.js";
import { Station } from "../../sim/station.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { Key } from "../../drivers/panel/report.js";
import { readJournal } from "../../office/journal/journal.js";
import { recordsInImage } from "../../office/tally/image.js";
import { openBallots } from "../../office/tally/tally.js";
import { chosenMachine } from "./node-machine.js";

export const wallBase = 1_795_235_400;

/** Part of a test's context: what is to be done when it ends, however it ends. */
interface Ending {
  teardown(end: () => Promise<void>): void;
}

export class Scene {
  readonly station: Station;
  readonly people: People;
  readonly traces: string[];

  private constructor(station: Station, people: People, traces: string[]) {
    this.station = station;
    this.people = people;
    this.traces = traces;
  }

  /** Polls are open. `election`: YAML text; the example when absent. */
  static async open(
    t: Ending,
    options: {
      readonly seed: string;
      readonly election?: string;
      readonly cut?: number;
      readonly machine?: StartMachine;
      readonly before?: (station: Station) => void;
    },
  ): Promise<Scene> {
    const scene = await Scene.off(t, options);
    options.before?.(scene.station);
    await scene.people.start();
    await scene.people.officials("open", () => scene.polls === "open");
    return scene;
  }

  /** Before the power is switched on. */
  static async off(
    t: Ending,
    options: {
      readonly seed: string;
      readonly election?: string;
      readonly cut?: number;
      readonly mediumSize?: number;
      readonly machine?: StartMachine;
      readonly device?: string;
      readonly directory?: string;
    },
  ): Promise<Scene> {
    const traces: string[] = [];
    let people: People | undefined;
    const folder = mkdtempSync(join(tmpdir(), "sandogh-"));
    const file = join(folder, "election.yaml");
    if (options.election !== undefined) writeFileSync(file, options.election);
    const { machine = chosenMachine() } = options;
    const station = await Station.create({
      ...(machine === undefined ? {} : { machine }),
      virtual: true,
      seed: options.seed,
      wallBase,
      ...(options.device === undefined ? {} : { device: options.device }),
      ...(options.directory === undefined ? {} : { directory: options.directory }),
      ...(options.mediumSize === undefined ? {} : { mediumSize: options.mediumSize }),
      ...(options.election === undefined ? {} : { election: file }),
      onTrace: (line) => {
        traces.push(line);
        people?.traced(line);
      },
    });
    rmSync(folder, { recursive: true });
    people = new People({ station, chance: new Chance(options.seed, "people"), cut: options.cut ?? 0 });
    t.teardown(() => station.close());
    return new Scene(station, people, traces);
  }

  get polls(): string {
    return this.traces.findLast((line) => line.startsWith("polls "))?.slice(6) ?? "";
  }

  /** A card with a right to vote. */
  async card(): Promise<ActivationCard> {
    const card = this.station.card();
    await this.station.grant(card);
    return card;
  }

  /** The first `each` options of every contest. */
  intentions(each = 1): Intention[] {
    const { pack } = this.station;
    return pack.election.contests.map((contest) => ({
      contest: contest.id,
      blank: false,
      choices: Array.from(
        { length: Math.min(each, contest.votesAllowed) },
        (_, index) => pack.option(contest.id, index as never).code,
      ),
    }));
  }

  /** Holds the card and goes on to `state`; the last press that leads there has been made. */
  async goTo(
    card: ActivationCard,
    state: "voting" | "review" | "confirm" | "preparing" | "slip" | "finishing",
  ): Promise<void> {
    const { people } = this;
    people.hold(card);
    await people.until("voting");
    if (state === "voting") return;
    for (const intention of this.intentions()) {
      await people.mark(intention);
      await people.press("green");
    }
    await people.until("review");
    if (state === "review") return;
    while (people.screen === "review") await people.press("green");
    await people.until("confirm");
    if (state === "confirm") return;
    this.station.panel.press("green");
    await people.until("preparing");
    if (state === "preparing") return;
    await people.until("slip");
    if (state === "slip") return;
    await people.until("finishing");
  }

  /** From wherever a resumed session stands to "done", then the card is taken. */
  async finish(): Promise<void> {
    const { people } = this;
    for (let turn = 0; turn < 40 && !["preparing", "slip", "finishing", "done"].includes(people.screen); turn++)
      await people.press("green");
    await people.until("done");
    this.lift();
    await people.until("idle");
  }

  lift(): void {
    this.station.reader.lift();
  }

  async official(role: OfficialRole): Promise<void> {
    this.people.hold(this.station.official(role));
    await this.people.until("official-pin");
    for (const digit of testPins[role]) await this.people.press(digit as Key);
    await this.people.press("green");
  }

  /** What is committed on a medium, opened: the choices of every ballot. */
  ballots(medium: "a" | "b" = "b"): string[] {
    const { station } = this;
    const opened = openBallots(
      station.crypto,
      station.pack,
      station.election.terminals,
      recordsInImage(station.chips[medium].cells, station.pack.election),
      station.tallyKeyOf,
    );
    if (opened.rejected.length > 0) throw new Error(opened.rejected[0]!.why);
    return opened.ballots.map((ballot) => JSON.stringify(ballot.marks));
  }

  /** What the printer cut off for voters. */
  get slips(): readonly Slip[] {
    return this.station.printer.slips.filter((slip) => !isReport(slip));
  }

  /** What it cut off for officials. */
  get reports(): readonly Slip[] {
    return this.station.printer.slips.filter(isReport);
  }

  journal(): JournalEntry[] {
    const { station } = this;
    const own = station.election.terminals[0]!;
    const read = readJournal({
      crypto: station.crypto,
      election: station.pack.election,
      terminal: own.id,
      publicKey: own.publicKey,
      key: deriveOwnKeys(station.crypto, secretIn(station.chips.main, station.fuses), station.pack.election.id).journal,
      a: station.chips.a.cells,
      b: station.chips.b.cells,
    });
    if (!read.ok) throw new Error(read.error.kind);
    return read.value;
  }

  events(): EventName[] {
    return this.journal().map((entry) => entry.event);
  }
}

export const exampleYaml = readFileSync("office/examples/example.yaml", "utf8");
