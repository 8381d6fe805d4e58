// An identity desk with its officials, by script.

import type { ExecutionContext } from "ava";
import type { Key } from "../../drivers/panel/report.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { checkDigit } from "../../firmware/roll/national-id.js";
import { signCertificate } from "../../firmware/access/certificate.js";
import type { OfficialRole } from "../../firmware/session/view.js";
import { Chance } from "../../sim/chance.js";
import { DeskStation, type DeskStationOptions } from "../../sim/desk-station.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import type { VirtualCard } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { testPins } from "../../sim/station.js";
import { referencePrimitives } from "../../tools/crypto/reference.js";
import { electionKeysFromSeed } from "../../tools/package/keys.js";

/** 2026-11-21 04:30 UTC */
export const wallBase = 1_795_235_400;
export const station = 1207;
/** Voters of the test's roll, by area; two of each. */
export const voters = [{ key: 1, area: 0 }, { key: 49_937_089, area: 0 }, { key: 79_041_990, area: 1 }, { key: 999_999_999, area: 1 }] as const;
export const styles = [1, 2] as const;

export function numberOf(key: number): string {
  return String(key).padStart(9, "0") + String(checkDigit(key));
}

export class DeskScene {
  readonly desk: DeskStation;
  readonly traces: string[] = [];
  readonly keys;
  readonly chance: Chance;
  readonly #crypto: Crypto;

  constructor(seed: string, options: Partial<DeskStationOptions> = {}) {
    this.chance = new Chance(seed, "scene");
    this.keys = electionKeysFromSeed(new Chance(seed, "keys").bytes(32));
    this.#crypto = new Crypto({ primitives: referencePrimitives, random: (out) => this.chance.fill(out) });
    this.desk = new DeskStation({ seed, virtual: true, wallBase, keys: this.keys, station, styles, voters, onTrace: (line) => this.traces.push(line), ...options });
  }

  get screen(): string {
    return this.traces.findLast((line) => line.startsWith("screen "))?.slice("screen ".length) ?? "";
  }

  card(): ActivationCard {
    return new ActivationCard({ cardKey: this.keys.card, random: (out) => this.chance.fill(out) });
  }

  official(role: OfficialRole, at: number = station): OfficialCard {
    const { authority, election } = this.keys;
    const key = this.#crypto.signKeyPair(this.#crypto.sha256(Buffer.from(`desk's ${role}`)));
    return new OfficialCard({
      certificate: signCertificate(this.#crypto, { election, station: at, role, publicKey: key.publicKey }, authority.secretKey),
      pin: testPins[role],
      sign: (message) => this.#crypto.sign(message, key.secretKey),
    });
  }

  async wait(seconds: number): Promise<void> {
    await this.desk.terminal.runUntil(this.desk.clock.nowUs() + seconds * 1e6);
  }

  async until(screen: string): Promise<void> {
    const reached = await this.desk.terminal.runUntil(() => this.screen === screen, this.desk.clock.nowUs() + 30e6);
    if (!reached) throw new Error(`waited for "${screen}", the screen is "${this.screen}"\n${this.traces.slice(-12).join("\n")}`);
  }

  async press(...keys: readonly Key[]): Promise<void> {
    for (const key of keys) {
      // they look before they act
      await this.wait(0.4);
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

  async showOfficial(role: OfficialRole): Promise<void> {
    this.place(this.official(role));
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

  async open(): Promise<void> {
    await this.desk.powerOn();
    await this.until("closed");
    await this.act();
    await this.until("number");
  }

  /** Types the number and asks for a card. */
  async ask(key: number): Promise<void> {
    await this.type(numberOf(key));
    await this.press("green");
    await this.until("found");
    await this.press("green");
    await this.until("card");
  }

  async give(key: number, card: ActivationCard = this.card()): Promise<ActivationCard> {
    await this.ask(key);
    this.place(card);
    await this.until("granted");
    await this.lift();
    await this.until("number");
    return card;
  }

  picture(): Uint8Array {
    return pngFromRgb565(1024, 600, this.desk.terminal.framebuffer());
  }
}

/** Runs `work` at a desk that is closed again whatever happens. */
export async function atDesk(t: ExecutionContext, work: (scene: DeskScene) => Promise<void>, options: Partial<DeskStationOptions> = {}): Promise<void> {
  const scene = new DeskScene(t.title, options);
  try {
    await work(scene);
  } finally {
    scene.desk.close();
  }
}
