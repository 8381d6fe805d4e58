// A terminal's reader on a virtual PN532 with cards, all under a virtual clock.

import type { Card, ReaderFault } from "../../firmware/access/reader.js";
import { PN532Reader } from "../../drivers/card/pn532/reader.js";
import { VirtualClock } from "../../sim/clock.js";
import { VirtualPN532 } from "../../sim/devices/pn532.js";
import { CardWorld } from "./card-world.js";
import { randomFrom, runTo, serialPair, terminalTime } from "./serial-pair.js";

export interface CardEvent {
  readonly atMs: number;
  readonly what: "card" | "removed" | "ready" | ReaderFault;
}

export class CardBench {
  readonly clock = new VirtualClock();
  readonly world: CardWorld;
  readonly device: VirtualPN532;
  readonly line: ReturnType<typeof serialPair>;
  readonly reader: PN532Reader;
  readonly events: CardEvent[] = [];
  /** The last card that was handed out. */
  handed: Card | undefined;
  #woken: (() => void)[] = [];

  constructor(seed = 1) {
    this.world = new CardWorld(seed);
    this.device = new VirtualPN532({ clock: this.clock, random: randomFrom(seed + 1000) });
    this.line = serialPair(this.clock, this.device, 115200);
    this.reader = new PN532Reader({ serial: this.line.port, timer: terminalTime(this.clock).timer });
    const note = (what: CardEvent["what"]): void => {
      this.events.push({ atMs: this.nowMs(), what });
      for (const wake of this.#woken.splice(0)) wake();
    };
    this.reader.start({
      onCard: (card) => {
        this.handed = card;
        note("card");
      },
      onRemoved: () => note("removed"),
      onFault: note,
      onReady: () => note("ready"),
    });
  }

  nowMs(): number {
    return this.clock.nowUs() / 1000;
  }

  /** The next event of this kind. */
  next(what: CardEvent["what"]): Promise<void> {
    const have = this.events.length;
    const wait = async (): Promise<void> => {
      while (!this.events.slice(have).some((event) => event.what === what))
        await new Promise<void>((resolve) => this.#woken.push(resolve));
    };
    return this.run(wait());
  }

  async put(card: Parameters<VirtualPN532["place"]>[0]): Promise<Card> {
    const there = this.next("card");
    this.device.place(card);
    await there;
    return this.handed!;
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return runTo(this.clock, promise, 60_000);
  }
}
