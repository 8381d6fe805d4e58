// An identity desk on a PC: a real process of the identity role with its flash chips, card reader and front panel. It
// shares nothing with a ballot terminal but the cards that people carry from one to the other; its clock is its own.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Crypto } from "../firmware/crypto/crypto.js";
import { toHex } from "../firmware/bytes.js";
import { packageAddress } from "../firmware/device/layout.js";
import { openRoll } from "../firmware/roll/roll.js";
import type { TerminalId } from "../firmware/election/types.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import type { ElectionKeys } from "../office/package/keys.js";
import { type RollVoter, buildRoll } from "../office/roll/build.js";
import { Chance } from "./chance.js";
import { RealClock, type SimClock, VirtualClock } from "./clock.js";
import { VirtualPanel } from "./devices/panel.js";
import { VirtualPN532 } from "./devices/pn532.js";
import { VirtualPrinter } from "./devices/printer.js";
import { enrolDevice, writeFlash } from "./enrol.js";
import { NorChip, flashOf } from "./nor.js";
import { referenceParts } from "./nor-part.js";
import { Terminal, type TerminalOptions } from "./terminal.js";

export const identityImage = "build/image/identity.xsi";
export const deskText = "build/text/identity/ui.bin";
export const deskId = 5 as TerminalId;

export interface DeskStationOptions {
  readonly seed: string;
  /** From which the fuses' contents follow; the seed when absent. */
  readonly device?: string;
  readonly virtual: boolean;
  readonly wallBase: number;
  readonly keys: ElectionKeys;
  readonly station: number;
  /** Of the ballots, 16 bytes; the keys' own when absent. */
  readonly election?: Uint8Array;
  /** The ballot style of each area. */
  readonly styles: readonly number[];
  readonly voters: readonly RollVoter[];
  readonly capacity?: number;
  /** Keeps the media there. */
  readonly directory?: string;
  readonly machine?: TerminalOptions["machine"];
  readonly onTrace?: (line: string) => void;
}

/** Files of the displays of this process. */
let pictures = 0;

export class DeskStation {
  readonly clock: SimClock;
  readonly chips: { readonly main: NorChip; readonly a: NorChip; readonly b: NorChip };
  readonly reader: VirtualPN532;
  readonly panel: VirtualPanel;
  readonly roll: Uint8Array;
  readonly #options: DeskStationOptions;
  /** The terminal's process has a line for one; the identity role never opens it. */
  readonly #printer: VirtualPrinter;
  /** See Station.fuses. */
  readonly fuses: string;
  readonly #crypto: Crypto;
  #terminal: Terminal | undefined;
  #isEnrolled = false;
  #boots = 0;
  #picture: string | undefined;

  constructor(options: DeskStationOptions) {
    this.#options = options;
    const { seed, keys, station, styles, voters, directory, capacity = 3_000 } = options;
    this.clock = options.virtual ? new VirtualClock() : new RealClock();
    const chance = new Chance(seed, "desk");
    this.#crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
    this.fuses = toHex(new Chance(options.device ?? seed, "desk device").bytes(32));
    const { election = keys.election } = options;
    this.roll = buildRoll({ kind: "test", station, styles, capacity, election, voters }, keys);
    const file = (name: string): { readonly file?: string } =>
      directory === undefined ? {} : { file: join(directory, name) };
    this.chips = {
      main: new NorChip({ size: referenceParts.main.size, ...file("desk-main.bin") }),
      a: new NorChip({ size: referenceParts.deskMedium.size, ...file("desk-a.bin") }),
      b: new NorChip({ size: referenceParts.deskMedium.size, ...file("desk-b.bin") }),
    };
    writeFlash(this.chips.main, packageAddress, this.roll);
    this.reader = new VirtualPN532({ clock: this.clock, random: (out) => chance.fill(out) });
    this.panel = new VirtualPanel({ clock: this.clock });
    this.#printer = new VirtualPrinter({ clock: this.clock });
    this.panel.start();
  }

  get terminal(): Terminal {
    if (this.#terminal === undefined) throw new Error("the desk is off");
    return this.#terminal;
  }

  async powerOn(): Promise<void> {
    await this.enrol();
    this.#terminal?.close();
    const { onTrace } = this.#options;
    this.#boots++;
    this.reader.powerCycle();
    this.#terminal = new Terminal({
      ...this.#terminalOptions(`desk boot ${this.#boots}`),
      ...(onTrace === undefined ? {} : { onTrace }),
    });
    await this.#terminal.start();
  }

  /** Factory and election office do their part, once. */
  async enrol(): Promise<void> {
    if (this.#isEnrolled) return;
    this.#isEnrolled = true;
    const { keys, station } = this.#options;
    const roll = openRoll(flashOf(this.chips.main), packageAddress, this.#crypto, keys.authority.publicKey);
    if (!roll.ok) throw new Error(`the roll does not open: ${roll.error.kind}`);
    const { election, cards } = roll.value.head;
    const { root } = roll.value;
    const place = { root, station, number: deskId, role: "identity", election, epoch: cards.epoch } as const;
    const terminal = this.#terminalOptions("desk factory");
    await enrolDevice({ terminal, main: this.chips.main, keys, serial: "ID-000005", place });
  }

  #terminalOptions(start: string): TerminalOptions {
    const { seed, virtual, wallBase, machine, directory = "build/station" } = this.#options;
    this.#forgetPicture();
    mkdirSync(directory, { recursive: true });
    this.#picture = join(directory, `desk-${process.pid}-${++pictures}.rgb565`);
    return {
      image: identityImage,
      text: deskText,
      clock: this.clock,
      virtual,
      wallBase,
      flash: this.chips,
      serial: { reader: this.reader, printer: this.#printer, panel: this.panel },
      framebufferPath: this.#picture,
      device: this.fuses,
      seed: toHex(new Chance(seed, start).bytes(32)),
      ...(machine === undefined ? {} : { machine }),
    };
  }

  powerOff(): void {
    this.#terminal?.kill();
  }

  close(): void {
    this.powerOff();
    this.#terminal?.close();
    this.#forgetPicture();
    this.panel.stop();
  }

  #forgetPicture(): void {
    if (this.#picture !== undefined) rmSync(this.#picture, { force: true });
    this.#picture = undefined;
  }
}
