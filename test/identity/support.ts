// An identity desk with its officials, by script.

import type { ExecutionContext } from "ava";
import { Crypto } from "../../firmware/crypto/crypto.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import { Chance } from "../../sim/chance.js";
import { cardIn, testDeck } from "../../sim/deck.js";
import { DeskPeople } from "../../sim/desk-people.js";
import { DeskStation, type DeskStationOptions } from "../../sim/desk-station.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { electionKeysFromSeed } from "../../office/package/keys.js";
import { numberOf } from "../../office/roll/voters.js";
import { chosenMachine } from "../support/node-machine.js";

/** 2026-11-21 04:30 UTC */
export const wallBase = 1_795_235_400;
export const station = 1207;
/** Voters of the test's roll, by area; two of each. */
export const voters = [
  { key: 1, area: 0 },
  { key: 49_937_089, area: 0 },
  { key: 79_041_990, area: 1 },
  { key: 999_999_999, area: 1 },
] as const;
export const styles = [1, 2] as const;

export class DeskScene extends DeskPeople {
  readonly traces: string[];
  readonly keys;
  readonly chance: Chance;
  readonly crypto: Crypto;
  #serial = 0;

  constructor(seed: string, options: Partial<DeskStationOptions> = {}) {
    const traces: string[] = [];
    const keys = electionKeysFromSeed(new Chance(seed, "keys").bytes(32));
    const onTrace = (line: string): void => {
      traces.push(line);
      this.traced(line);
    };
    const machine = chosenMachine();
    const parts = machine === undefined ? {} : { machine };
    super({
      desk: new DeskStation({
        ...parts,
        seed,
        virtual: true,
        wallBase,
        keys,
        station,
        styles,
        voters,
        onTrace,
        ...options,
      }),
      official: (role) => this.official(role),
    });
    this.traces = traces;
    this.keys = keys;
    this.chance = new Chance(seed, "scene");
    this.crypto = new Crypto({ primitives: referencePrimitives, random: (out) => this.chance.fill(out) });
  }

  card(): ActivationCard {
    const keeps = cardIn(testDeck(station, this.keys.cards.epoch), "voter", ++this.#serial);
    return new ActivationCard({ crypto: this.crypto, keeps });
  }

  official(role: OfficialRole, at: number = station): OfficialCard {
    return new OfficialCard({ crypto: this.crypto, keeps: cardIn(testDeck(at, this.keys.cards.epoch), role) });
  }

  async askFor(key: number): Promise<void> {
    if (!(await this.ask(numberOf(key)))) throw new Error("refused");
  }

  async giveTo(key: number, card: ActivationCard = this.card()): Promise<ActivationCard> {
    if (!(await this.give(numberOf(key), card))) throw new Error("refused");
    return card;
  }
}

/** Runs `work` at a desk that is closed again whatever happens. */
export async function atDesk(
  t: ExecutionContext,
  work: (scene: DeskScene) => Promise<void>,
  options: Partial<DeskStationOptions> = {},
): Promise<void> {
  const scene = new DeskScene(t.title, options);
  try {
    await scene.desk.enrol();
    await work(scene);
  } finally {
    scene.desk.close();
  }
}
