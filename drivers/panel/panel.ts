// The front panel: what fingers and switches did, as the controller reports it. A finger or key that is held never
// repeats.

import type { SerialPort, Timer, TimerHandle } from "../../firmware/platform.js";
import { SerialLine } from "../line.js";
import { type Key, type Phase, type Report, type ReportCounters, ReportDecoder, SWITCH_REPEAT_MS } from "./report.js";

export type { Key, Phase } from "./report.js";

/** x, y in pixels of the display; both -1 when a contact ended unseen, which lies outside of every target. */
export interface Touch {
  readonly contact: number;
  readonly phase: Phase;
  readonly x: number;
  readonly y: number;
}

export interface KeyPress {
  readonly key: Key;
  readonly pressed: boolean;
}

export interface Switches {
  readonly mains: boolean;
  readonly caseOpen: boolean;
}

export interface PanelOptions {
  readonly serial: SerialPort;
  readonly timer: Timer;
  readonly onTouch: (touch: Touch) => void;
  readonly onKey: (press: KeyPress) => void;
  /** The first report, and then every change. */
  readonly onSwitch: (switches: Switches) => void;
  /** Nothing was heard for SILENCE_MS: unplugged or hung. */
  readonly onFault?: () => void;
  /** Heard for the first time, or again after a fault. */
  readonly onReady?: () => void;
}

/** The panel reports its switches every second; after three that did not come it is taken for dead. */
export const SILENCE_MS = 3 * SWITCH_REPEAT_MS + 500;

export class Panel {
  readonly #options: PanelOptions;
  readonly #decoder = new ReportDecoder((report) => this.#take(report));
  readonly #line: SerialLine;
  #switches: Switches | undefined;
  #ready = false;
  #silence: TimerHandle;
  /**
   * Contacts and keys that are down, so that a report that was lost cannot leave one down for ever or press it twice.
   */
  readonly #contacts = new Set<number>();
  readonly #keys = new Set<Key>();

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#line = new SerialLine({ port: options.serial, onBytes: (bytes) => this.#decoder.push(bytes) });
    this.#silence = options.timer.set(() => this.#silent(), SILENCE_MS);
  }

  get counters(): Readonly<ReportCounters> {
    return this.#decoder.counters;
  }

  /** Idempotent. */
  close(): void {
    this.#line.close();
    this.#options.timer.clear(this.#silence);
  }

  #take(report: Report): void {
    const { timer, onReady, onTouch, onKey, onSwitch } = this.#options;
    timer.clear(this.#silence);
    this.#silence = timer.set(() => this.#silent(), SILENCE_MS);
    if (!this.#ready) {
      this.#ready = true;
      onReady?.();
    }
    switch (report.kind) {
      case "touch": {
        const { contact, phase, x, y } = report;
        const down = this.#contacts.has(contact);
        if (phase === "up") {
          if (!down) return;
          this.#contacts.delete(contact);
        } else {
          // A move without its down is a touch whose beginning nobody saw: it must not select anything.
          if (phase === "move" && !down) return;
          if (phase === "down" && down) onTouch({ contact, phase: "up", x: -1, y: -1 });
          this.#contacts.add(contact);
        }
        onTouch({ contact, phase, x, y });
        return;
      }
      case "key":
        if (report.pressed === this.#keys.has(report.key)) return;
        if (report.pressed) this.#keys.add(report.key);
        else this.#keys.delete(report.key);
        onKey({ key: report.key, pressed: report.pressed });
        return;
      case "switches":
        if (this.#switches?.mains === report.mains && this.#switches.caseOpen === report.caseOpen) return;
        this.#switches = { mains: report.mains, caseOpen: report.caseOpen };
        onSwitch(this.#switches);
        return;
    }
  }

  #silent(): void {
    this.#ready = false;
    // What was held is let go outside of everything, so that it ends without choosing.
    for (const contact of [...this.#contacts]) {
      this.#contacts.delete(contact);
      this.#options.onTouch({ contact, phase: "up", x: -1, y: -1 });
    }
    for (const key of [...this.#keys]) {
      this.#keys.delete(key);
      this.#options.onKey({ key, pressed: false });
    }
    this.#options.onFault?.();
  }
}
