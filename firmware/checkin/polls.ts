// Whether a desk is open: the journal is where that is kept.

import type { Crypto } from "../crypto/crypto.js";
import { entropyTest } from "../crypto/entropy.js";
import type { Journal } from "../journal/journal.js";
import { type Result, err, ok } from "../result.js";
import { describeRollError } from "../roll/error.js";
import type { Roll } from "../roll/roll.js";
import type { CheckIns } from "./check-ins.js";
import type { DeskMessageCode } from "./messages.js";
import type { DeskPoll } from "./view.js";

/** `stop`: the desk goes out of service. */
export interface DeskActFault {
  readonly stop: boolean;
  readonly code: DeskMessageCode;
}

export interface DeskPollsOptions {
  readonly crypto: Crypto;
  readonly journal: Journal;
  readonly roll: Roll;
  readonly checkIns: CheckIns;
  readonly trace: (line: string) => void;
}

export class DeskPolls {
  readonly #options: DeskPollsOptions;

  constructor(options: DeskPollsOptions) {
    this.#options = options;
  }

  get state(): DeskPoll {
    const { poll } = this.#options.journal;
    return poll === undefined ? "before-opening" : poll === "closed" ? "closed" : "open";
  }

  get acts(): readonly ("open" | "close")[] {
    return this.state === "before-opening" ? ["open"] : this.state === "open" ? ["close"] : [];
  }

  /** The roll is read whole, the generator tested, and no right given before. Durable when it returns. */
  open(): Result<void, DeskActFault> {
    const { crypto, roll, checkIns } = this.#options;
    const verified = roll.verify();
    if (!verified.ok) {
      this.#options.trace(`roll: ${describeRollError(verified.error)}`);
      return this.#failed(4, "D-09");
    }
    if (!entropyTest((length) => crypto.random(length))) return this.#failed(1, "D-16");
    const { granted, open, returned } = checkIns.counts;
    if (granted + open + returned > 0) return this.#failed(3, "D-13");
    return this.#note("opened");
  }

  close(): Result<void, DeskActFault> {
    return this.#note("closed");
  }

  #note(event: "opened" | "closed"): Result<void, DeskActFault> {
    const written = this.#options.journal.append(event, this.#options.checkIns.counts.granted);
    return written.ok ? ok() : err({ stop: true, code: "D-11" });
  }

  #failed(detail: number, code: DeskMessageCode): Result<never, DeskActFault> {
    const noted = this.#options.journal.append("testFailed", detail);
    return err(noted.ok ? { stop: false, code } : { stop: true, code: "D-11" });
  }
}
