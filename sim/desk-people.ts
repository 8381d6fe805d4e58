// Officials at an identity desk as a script: they show cards, press keys and look at the screen's name (which a
// simulation's terminal traces) before they act.

import type { Key } from "../drivers/panel/report.js";
import type { OfficialRole } from "../firmware/election/types.js";
import type { DeskStation } from "./desk-station.js";
import type { ActivationCard } from "./devices/activation-card.js";
import type { VirtualCard } from "./devices/card.js";
import type { OfficialCard } from "./devices/official-card.js";
import { testPins } from "../office/package/keys.js";

/** The desk shows something that the script does not expect. */
export class UnexpectedAtDesk extends Error {}

/** Longest wait for a screen, in seconds of the desk's clock. */
const patience = 30;
/** A screen must have been there for 0.3 s before green acts on it. */
const lookSeconds = 0.4;

export class DeskPeople {
  readonly desk: DeskStation;
  readonly #official: (role: OfficialRole) => OfficialCard;
  #screen = "";

  constructor(options: { readonly desk: DeskStation; readonly official: (role: OfficialRole) => OfficialCard }) {
    this.desk = options.desk;
    this.#official = options.official;
  }

  /** "<screen>" or "<screen> <message code>". */
  get screen(): string {
    return this.#screen;
  }

  /** To be given every trace line of the desk. */
  traced(line: string): void {
    if (line.startsWith("screen ")) this.#screen = line.slice("screen ".length);
  }

  async wait(seconds: number): Promise<void> {
    await this.desk.terminal.runUntil(this.desk.clock.nowUs() + seconds * 1e6);
  }

  /** One of these screens; gives which. */
  async until(...screens: readonly string[]): Promise<string> {
    const reached = await this.desk.terminal.runUntil(
      () => screens.includes(this.#screen),
      this.desk.clock.nowUs() + patience * 1e6,
    );
    if (!reached) throw new UnexpectedAtDesk(`waited for ${screens.join(" or ")}, the desk shows "${this.#screen}"`);
    return this.#screen;
  }

  async press(...keys: readonly Key[]): Promise<void> {
    for (const key of keys) {
      await this.wait(lookSeconds);
      this.desk.panel.press(key);
      await this.wait(0.1);
    }
  }

  async type(number: string): Promise<void> {
    await this.press(...([...number] as Key[]));
  }

  place(card: VirtualCard): void {
    this.desk.reader.place(card);
  }

  async lift(): Promise<void> {
    this.desk.reader.lift();
    await this.wait(1);
  }

  /** Card and PIN. */
  async showOfficial(role: OfficialRole): Promise<void> {
    this.place(this.#official(role));
    await this.until("pin");
    await this.type(testPins[role]);
    await this.press("green");
  }

  /** Two officials do what the menu offers. */
  async act(): Promise<void> {
    await this.showOfficial("executive");
    await this.until("menu");
    await this.press("green");
    await this.until("second");
    await this.lift();
    await this.showOfficial("supervision");
    await this.until("message O-06");
    await this.lift();
  }

  /** Switches the desk on, and opens it when it is not. */
  async open(): Promise<void> {
    await this.desk.powerOn();
    if ((await this.until("closed", "number")) === "number") return;
    await this.act();
    await this.until("number");
  }

  /** Types a number and asks for a card. False when it is refused; the number is then cleared. */
  async ask(number: string): Promise<boolean> {
    await this.type(number);
    await this.press("green");
    if ((await this.until("found", "number D-01", "number D-02", "number D-03", "number D-10")) !== "found") {
      await this.press("back");
      return false;
    }
    await this.press("green");
    await this.until("card");
    return true;
  }

  /** Gives the card to the voter with this number. False when the number is refused. */
  async give(number: string, card: ActivationCard): Promise<boolean> {
    if (!(await this.ask(number))) return false;
    this.place(card);
    await this.until("granted");
    await this.lift();
    await this.until("number");
    return true;
  }
}
