// The virtual front-panel controller: touch, keypad and switches as reports on a serial line (drivers/panel/report.ts).
//
// FAULTS
// - `silent`: the controller hangs or is unplugged; nothing is sent, switches included.
// - A second contact, a held finger or a held key are made with the low-level calls (`contact`, `key`).
// - Noise on the line is the line's matter, not the panel's.

import {
  COORDINATE_MAX,
  encodeReport,
  type Key,
  type Phase,
  type Report,
  SWITCH_REPEAT_MS,
} from "../../drivers/panel/report.js";
import type { SimClock } from "../clock.js";
import type { SerialDevice } from "./serial-device.js";

/** How long a finger or a key stays down when nothing else is asked for. */
const PRESS_US = 80_000;

export class VirtualPanel implements SerialDevice {
  readonly baud = 115200;
  send: (bytes: Uint8Array) => void = () => {};
  silent = false;
  readonly #clock: SimClock;
  #mains = true;
  #caseOpen = false;
  #sequence = 0;
  #running = false;
  #cancel: (() => void) | undefined;

  constructor(options: { readonly clock: SimClock }) {
    this.#clock = options.clock;
  }

  /** The terminal sends the panel nothing; what comes is ignored. */
  receive(): void {}

  get mains(): boolean {
    return this.#mains;
  }

  set mains(present: boolean) {
    this.#mains = present;
    this.#reportSwitches();
  }

  get caseOpen(): boolean {
    return this.#caseOpen;
  }

  set caseOpen(open: boolean) {
    this.#caseOpen = open;
    this.#reportSwitches();
  }

  /** Power on: the controller reports its switches at once and every second from then on. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    const report = (): void => {
      this.#reportSwitches();
      this.#cancel = this.#clock.after(SWITCH_REPEAT_MS * 1000, report);
    };
    report();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
  }

  /** A tap with one finger. */
  touch(x: number, y: number): void {
    this.contact(0, "down", x, y);
    this.#clock.after(PRESS_US, () => this.contact(0, "up", x, y));
  }

  press(key: Key): void {
    this.key(key, true);
    this.#clock.after(PRESS_US, () => this.key(key, false));
  }

  contact(contact: number, phase: Phase, x: number, y: number): void {
    const within = (value: number): number => Math.max(0, Math.min(COORDINATE_MAX, Math.round(value)));
    this.#report({ kind: "touch", contact, phase, x: within(x), y: within(y) });
  }

  key(key: Key, pressed: boolean): void {
    this.#report({ kind: "key", key, pressed });
  }

  #reportSwitches(): void {
    this.#report({ kind: "switches", mains: this.#mains, caseOpen: this.#caseOpen });
  }

  #report(report: Report): void {
    if (this.silent || !this.#running) return;
    this.send(encodeReport(report, this.#sequence));
    this.#sequence = (this.#sequence + 1) & 0xff;
  }
}
