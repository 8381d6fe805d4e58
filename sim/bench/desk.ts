// The bench's identification desk: a real process of the identity role, switched on and opened by its officials when
// the first card is asked for. Each card that is granted is given to a voter of a test roll, by number; the desk's
// clock runs only while it works.

import type { OfficialRole } from "../../firmware/election/types.js";
import { numberOf } from "../../office/roll/voters.js";
import { Chance } from "../chance.js";
import { DeskPeople, UnexpectedAtDesk } from "../desk-people.js";
import { DeskStation } from "../desk-station.js";
import type { ActivationCard } from "../devices/activation-card.js";
import { type Station, StationError } from "../station.js";
import { TerminalStopped } from "../terminal.js";

const votersCount = 5_000;
/** Voters who were given a card on another day of this bench are passed over. */
const votersTriedMax = 50;

export interface BenchDeskOptions {
  readonly station: Station;
  /** Keeps the desk's media. */
  readonly directory: string;
  /** Seconds since 1970 now. */
  readonly wall: () => number;
  readonly onTrace: (line: string) => void;
}

export class BenchDesk {
  readonly #options: BenchDeskOptions;
  readonly #chance = new Chance(String(process.hrtime.bigint()), "bench desk");
  readonly #voters: readonly { readonly key: number; readonly area: number }[];
  #people: DeskPeople | undefined;
  /** One card after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: BenchDeskOptions) {
    this.#options = options;
    // the same roll on every day of the bench
    const chance = new Chance("the bench's roll", "voters");
    const keys = new Set<number>();
    while (keys.size < votersCount) keys.add(chance.below(1_000_000_000));
    this.#voters = [...keys].sort((a, b) => a - b).map((key) => ({ key, area: 0 }));
  }

  /** Throws StationError when the desk gives no card. */
  grant(card: ActivationCard): Promise<void> {
    const granted = this.#queue.then(() => this.#grant(card));
    this.#queue = granted.catch(() => undefined);
    return granted;
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#people?.desk.close();
    this.#people = undefined;
  }

  async #grant(card: ActivationCard): Promise<void> {
    try {
      const people = (this.#people ??= await this.#open());
      for (let tried = 0; tried < votersTriedMax; tried++)
        if (await people.give(numberOf(this.#voters[this.#chance.below(this.#voters.length)]!.key), card)) return;
      throw new StationError("the desk has refused every voter who came");
    } catch (thrown) {
      // it is switched off; the next card finds it started anew
      this.#people?.desk.close();
      this.#people = undefined;
      if (thrown instanceof UnexpectedAtDesk || thrown instanceof TerminalStopped)
        throw new StationError(thrown.message);
      throw thrown;
    }
  }

  async #open(): Promise<DeskPeople> {
    const { station, directory, wall, onTrace } = this.#options;
    const { election } = station.pack;
    let people: DeskPeople | undefined;
    const desk = new DeskStation({
      seed: Buffer.from(this.#chance.bytes(16)).toString("hex"),
      device: "the bench's desk",
      virtual: true,
      wallBase: wall(),
      directory,
      keys: station.keys,
      station: election.station,
      election: election.id,
      styles: [election.styles[0]!.id],
      voters: this.#voters,
      onTrace: (line) => {
        people?.traced(line);
        onTrace(line);
      },
    });
    // officials' cards of the desk's own: those on the tray may lie on the terminal's reader
    people = new DeskPeople({ desk, official: (role: OfficialRole) => station.anotherOfficial(role) });
    try {
      await people.open();
    } catch (thrown) {
      desk.close();
      throw thrown;
    }
    return people;
  }
}
