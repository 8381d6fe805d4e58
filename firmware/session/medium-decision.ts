// A start that found only one storage medium: the terminal serves nobody until two officials, each with card and PIN, decide to go on with the
// other one. Nothing is written before that.

import type { CardAccess, PresentedCard } from "../access/present.js";
import type { Card, CardReader } from "../access/reader.js";
import type { MessageCode } from "../messages.js";
import type { Intent, Language, OfficialRole, Screen } from "./view.js";

const pinMin = 4;
const pinMax = 8;

type Official = PresentedCard & { readonly kind: "official" };

export interface MediumDecisionOptions {
  readonly cards: Pick<CardAccess, "identify">;
  readonly reader: CardReader;
  readonly screen: Pick<Screen, "show">;
  /** Both have agreed. */
  readonly onDecided: () => void;
  readonly trace: (line: string) => void;
}

export class MediumDecision {
  readonly #options: MediumDecisionOptions;
  #language: Language = "fa";
  #card: Card | undefined;
  #presented: Official | undefined;
  #first: OfficialRole | undefined;
  #pin = "";
  #problem: MessageCode | undefined;
  #decided = false;

  constructor(options: MediumDecisionOptions) {
    this.#options = options;
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
        this.#pin = "";
        this.#show();
      },
      onFault: () => {},
      onReady: () => {},
    });
    this.#show();
  }

  intent(intent: Intent): void {
    if (intent.do === "language") this.#language = intent.language;
    if (this.#presented !== undefined) {
      if (intent.do === "digit" && this.#pin.length < pinMax) this.#pin += String(intent.digit);
      if (intent.do === "correct") this.#pin = this.#pin.slice(0, -1);
      if ((intent.do === "confirm" || intent.do === "enter") && this.#pin.length >= pinMin) void this.#check(this.#presented);
    }
    this.#show();
  }

  async #greet(card: Card): Promise<void> {
    const identified = await this.#options.cards.identify(card);
    // lifted, or another one placed, while it was read
    if (this.#card !== card || !identified.ok || identified.value.kind !== "official") return;
    // the same office twice is one official
    if (identified.value.role === this.#first) return;
    this.#presented = identified.value;
    this.#problem = undefined;
    this.#show();
  }

  async #check(presented: Official): Promise<void> {
    const pin = this.#pin;
    this.#pin = "";
    const answer = await presented.authenticate(pin);
    if (this.#presented !== presented || this.#decided) return;
    if (!answer.ok || answer.value !== "ok") {
      this.#problem = answer.ok && answer.value === "blocked" ? "O-02" : "O-01";
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
      return screen.show({ screen: "official-pin", role: this.#presented.role, typed: this.#pin.length, problem: this.#problem }, this.#language);
    }
    if (this.#first !== undefined) {
      trace("screen official-second");
      return screen.show({ screen: "official-second", act: "one-medium", waitsFor: this.#first === "executive" ? "supervision" : "executive" }, this.#language);
    }
    trace("screen fault S-07");
    screen.show({ screen: "message", code: "S-07", awaits: "official" }, this.#language);
  }
}
