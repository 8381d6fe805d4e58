// An identity desk on a PC: a real process of the identity role with its flash chips, card reader and front panel. It
// shares nothing with a ballot terminal but the cards that people carry from one to the other; its clock is its own.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Crypto } from "../firmware/crypto/crypto.js";
import { encodeIdentity, identityAddress, packageAddress } from "../firmware/device/identity.js";
import { deriveKey } from "../firmware/device/keys.js";
import type { TerminalId } from "../firmware/election/types.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import type { ElectionKeys } from "../office/package/keys.js";
import { type RollVoter, buildRoll } from "../office/roll/build.js";
import { Chance } from "./chance.js";
import { RealClock, type SimClock, VirtualClock } from "./clock.js";
import { VirtualPanel } from "./devices/panel.js";
import { VirtualPN532 } from "./devices/pn532.js";
import { VirtualPrinter } from "./devices/printer.js";
import { NorChip } from "./nor.js";
import { referenceParts } from "./nor-part.js";
import { Terminal, type TerminalOptions } from "./terminal.js";

export const identityImage = "build/image/identity.xsi";
export const deskText = "build/text/identity/ui.bin";
export const deskId = 5 as TerminalId;

export interface DeskStationOptions {
  readonly seed: string;
  /** From which the device's secret follows; the seed when absent. */
  readonly device?: string;
  readonly virtual: boolean;
  readonly wallBase: number;
  readonly keys: ElectionKeys;
  readonly station: number;
  /** The ballot style of each area. */
  readonly styles: readonly number[];
  readonly voters: readonly RollVoter[];
  readonly capacity?: number;
  /** Keeps the media there. */
  readonly directory?: string;
  readonly machine?: TerminalOptions["machine"];
  readonly onTrace?: (line: string) => void;
}

export class DeskStation {
  readonly clock: SimClock;
  readonly chips: { readonly main: NorChip; readonly a: NorChip; readonly b: NorChip };
  readonly reader: VirtualPN532;
  readonly panel: VirtualPanel;
  readonly roll: Uint8Array;
  readonly #options: DeskStationOptions;
  /** The terminal's process has a line for one; the identity role never opens it. */
  readonly #printer: VirtualPrinter;
  #terminal: Terminal | undefined;
  #boots = 0;
  #picture: string | undefined;

  constructor(options: DeskStationOptions) {
    this.#options = options;
    const { seed, keys, station, styles, voters, directory, capacity = 3_000 } = options;
    this.clock = options.virtual ? new VirtualClock() : new RealClock();
    const chance = new Chance(seed, "desk");
    const secret = new Chance(options.device ?? seed, "desk device").bytes(32);
    const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
    const { publicKey } = crypto.signKeyPair(deriveKey(crypto, secret, keys.election, "sign"));
    this.roll = buildRoll({ test: true, station, styles, capacity, desks: [{ id: deskId, publicKey }], voters }, keys);
    const file = (name: string): { readonly file?: string } =>
      directory === undefined ? {} : { file: join(directory, name) };
    this.chips = {
      main: new NorChip({ size: referenceParts.main.size }),
      a: new NorChip({ size: referenceParts.deskMedium.size, ...file("desk-a.bin") }),
      b: new NorChip({ size: referenceParts.deskMedium.size, ...file("desk-b.bin") }),
    };
    this.chips.main.program(
      identityAddress,
      encodeIdentity({ terminal: deskId, authorityKey: keys.authority.publicKey, secret }),
    );
    this.chips.main.program(packageAddress, this.roll);
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
    this.#terminal?.close();
    this.#forgetPicture();
    const { seed, virtual, wallBase, machine, onTrace, directory = "build/station" } = this.#options;
    this.#boots++;
    this.reader.powerCycle();
    mkdirSync(directory, { recursive: true });
    this.#picture = join(directory, `desk-${process.pid}-${seed}-${this.#boots}.rgb565`);
    this.#terminal = new Terminal({
      image: identityImage,
      text: deskText,
      clock: this.clock,
      virtual,
      wallBase,
      flash: this.chips,
      serial: { reader: this.reader, printer: this.#printer, panel: this.panel },
      framebufferPath: this.#picture,
      seed: Buffer.from(new Chance(seed, `desk boot ${this.#boots}`).bytes(32)).toString("hex"),
      ...(machine === undefined ? {} : { machine }),
      ...(onTrace === undefined ? {} : { onTrace }),
    });
    await this.#terminal.start();
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
