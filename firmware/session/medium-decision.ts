// A start that found only one storage medium: the terminal serves nobody until two officials, each with card and PIN,
// decide to go on with the other one. Nothing is written before that.

import type { OfficialRole } from "../election/types.js";
import { PinEntry } from "../access/pin-entry.js";
import type { CardAccess, PresentedCard } from "../access/present.js";
import type { Card, CardReader } from "../access/reader.js";
import type { Timer } from "../platform.js";
import { type Settings, settingsAtRest } from "../settings.js";
import type { Intent, Screen } from "./view.js";

type Official = PresentedCard & { readonly kind: "official" };

export interface MediumDecisionOptions {
  readonly cards: Pick<CardAccess, "identify" | "forget">;
  readonly reader: CardReader;
  readonly screen: Pick<Screen, "show">;
  readonly timer: Timer;
  /** Both have agreed. */
  readonly onDecided: () => void;
  readonly trace: (line: string) => void;
}

export class MediumDecision {
  readonly #options: MediumDecisionOptions;
  #settings: Settings = settingsAtRest;
  #card: Card | undefined;
  #presented: Official | undefined;
  #first: OfficialRole | undefined;
  readonly #pin: PinEntry;
  #decided = false;

  constructor(options: MediumDecisionOptions) {
    this.#options = options;
    this.#pin = new PinEntry({ timer: options.timer, wrong: 0 });
  }

  start(): void {
    this.#options.reader.start({
      onCard: (card) => {
        this.#card = card;
        void this.#greet(card);
      },
      onRemoved: () => {
        this.#card = undefined;
        this.#presented = undefined;
        this.#pin.clear();
        this.#options.cards.forget();
        this.#show();
      },
      onFault: () => {},
      onReady: () => {},
    });
    this.#show();
  }

  intent(intent: Intent): void {
    if (intent.do === "settings") this.#settings = intent.settings;
    if (this.#presented !== undefined) {
      if (intent.do === "confirm" || intent.do === "enter") void this.#check(this.#presented);
      else this.#pin.edit(intent);
    }
    this.#show();
  }

  async #greet(card: Card): Promise<void> {
    const identified = await this.#options.cards.identify(card);
    // lifted, or another one placed, while it was read
    if (this.#card !== card || !identified.ok || identified.value.kind !== "official") return;
    // the same office twice is one official
    if (identified.value.role === this.#first) {
      this.#pin.clear("O-04");
      return this.#show();
    }
    this.#presented = identified.value;
    this.#pin.clear();
    this.#show();
  }

  async #check(presented: Official): Promise<void> {
    const pin = this.#pin.take();
    if (pin === undefined) return;
    const answer = await presented.authenticate(pin);
    if (this.#presented !== presented || this.#decided) return;
    if (answer.ok) this.#pin.answered(answer.value);
    if (!answer.ok || answer.value !== "ok") {
      if (answer.ok && answer.value !== "wrong") this.#pin.clear(answer.value === "blocked" ? "O-02" : "O-03");
      return this.#show();
    }
    this.#presented = undefined;
    if (this.#first === undefined) {
      this.#first = presented.role;
      return this.#show();
    }
    this.#decided = true;
    this.#options.onDecided();
  }

  #show(): void {
    if (this.#decided) return;
    const { screen, trace } = this.#options;
    if (this.#presented !== undefined) {
      trace("screen official-pin");
      return screen.show(
        { screen: "official-pin", role: this.#presented.role, typed: this.#pin.typed, problem: this.#pin.problem },
        this.#settings,
      );
    }
    if (this.#first !== undefined) {
      trace("screen official-second");
      return screen.show(
        {
          screen: "official-second",
          act: "one-medium",
          waitsFor: this.#first === "executive" ? "supervision" : "executive",
          cards: 1,
          problem: this.#pin.problem,
        },
        this.#settings,
      );
    }
    trace("screen fault S-07");
    screen.show({ screen: "message", code: "S-07", awaits: "official" }, this.#settings);
  }
}
