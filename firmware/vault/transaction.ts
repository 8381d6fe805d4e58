// The transaction of the cast under way: which slot the ballot is in, which token pays for it, and where its mark goes.
// Its entry is durable before the slot is touched and blanked after the slip is cut, so a start knows where to look;
// between casts nothing of it is left.

import { readU16, writeU16 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import type { Media, MediumFault } from "../storage/media.js";
import { EntryLog } from "../storage/entry-log.js";
import { type VaultFault, mediumFault } from "./fault.js";
import type { Layout } from "./layout.js";
import type { SpentMarks } from "./spent-marks.js";

export const tokenLength = 16;
/** A place that does not keep its mark is passed over and another is drawn, at most so often. */
const placeAttemptsMax = 8;

export interface Transaction {
  readonly slot: number;
  readonly token: Uint8Array;
  /** Of its mark, once it is spent. */
  readonly place: number;
}

export interface TransactionLogOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly layout: Layout;
  readonly spent: SpentMarks;
  /** See DeviceKeys.transaction. */
  readonly key: Uint8Array;
}

export class TransactionLog {
  readonly #log: EntryLog;
  readonly #spent: SpentMarks;
  /** Drawn for the mark of the open transaction's token. */
  #place = 0;

  constructor({ crypto, media, layout, spent, key }: TransactionLogOptions) {
    this.#log = new EntryLog({ media, crypto, key, region: layout.transaction });
    this.#spent = spent;
  }

  /** What a start finds, newest first. */
  open(): Result<readonly Transaction[], MediumFault> {
    const entries = this.#log.open();
    return entries.ok ? ok(entries.value.map(decode)) : entries;
  }

  /** See EntryLog. */
  settle(): Result<void, MediumFault> {
    return this.#log.settle();
  }

  write(transaction: Transaction): Result<void, MediumFault> {
    return this.#log.write(encode(transaction));
  }

  /** From now on this is where the mark goes: the ballot is in its slot. */
  hold(place: number): void {
    this.#place = place;
  }

  /** The card's right is used up here. */
  spend({ slot, token }: Omit<Transaction, "place">): Result<void, VaultFault> {
    const mark = this.#spent.markOf(token);
    // after a cut the mark may be there in part, or read as if it were whole: it is programmed again at its place
    this.#place = this.#spent.placeOf(mark) ?? this.#place;
    for (let attempt = 0; attempt < placeAttemptsMax; attempt++) {
      const written = this.#spent.write(this.#place, mark);
      if (written.ok) return ok();
      if (written.error.what !== "verify") return mediumFault(written);
      const removed = this.#spent.remove(this.#place);
      if (!removed.ok) return mediumFault(removed);
      if (this.#spent.isFull) break;
      this.#place = this.#spent.drawFree();
      const entered = this.write({ slot, token, place: this.#place });
      if (!entered.ok) return mediumFault(entered);
    }
    return err({ kind: "full" });
  }

  /** Nothing is under way any more: token and slot need not be known together any longer. */
  clear(): Result<void, MediumFault> {
    this.#place = 0;
    return this.#log.clear();
  }
}

function encode({ slot, token, place }: Transaction): Uint8Array {
  const entry = new Uint8Array(4 + tokenLength);
  writeU16(entry, 0, slot);
  entry.set(token, 2);
  writeU16(entry, 2 + tokenLength, place);
  return entry;
}

function decode(entry: Uint8Array): Transaction {
  return { slot: readU16(entry, 0), token: entry.slice(2, 2 + tokenLength), place: readU16(entry, 2 + tokenLength) };
}
