// A virtual voter's card: what it does in the channel of secure-card.ts, which also says which faults there are.

import { equalBytes, fromHex, toHex } from "../../firmware/bytes.js";
import {
  INS_GET_DESK,
  INS_GET_STATE,
  INS_GRANT,
  INS_LOCK,
  INS_RESET,
  INS_SPEND,
  encodeCardState,
} from "../../firmware/access/protocol.js";
import { claimedRight, isOf, readRight } from "../../firmware/access/right.js";
import { status } from "./apdu.js";
import { type Executed, SecureCard, type SecureCardOptions, type Verified } from "./secure-card.js";

/** What the card keeps; `desk` is the signed assignment of the desk that has granted, `holder` a terminal's X25519 key. */
export type Kept =
  | { readonly kind: "empty"; readonly use: number }
  | { readonly kind: "granted"; readonly use: number; readonly right: Uint8Array; readonly desk: Uint8Array }
  | {
      readonly kind: "locked" | "spent";
      readonly use: number;
      readonly right: Uint8Array;
      readonly desk: Uint8Array;
      readonly holder: Uint8Array;
    };

export class ActivationCard extends SecureCard {
  #kept: Kept = { kind: "empty", use: 0 };

  constructor(options: SecureCardOptions) {
    super(options);
    if (options.kept !== undefined) this.#kept = fromKept(options.kept);
  }

  /** What an omniscient observer sees, for tests and the bench. */
  get kept(): Kept {
    return this.#kept;
  }

  toJSON(): unknown {
    const kept = this.#kept;
    const head = { card: "activation", serial: this.made.serial, epoch: this.epoch, state: kept.kind, use: kept.use };
    if (kept.kind === "empty") return head;
    const granted = { ...head, right: toHex(kept.right), desk: toHex(kept.desk) };
    return kept.kind === "granted" ? granted : { ...granted, holder: toHex(kept.holder) };
  }

  protected override forget(): void {}

  protected override accepts(): boolean {
    return true;
  }

  protected override execute(ins: number, data: Uint8Array, reader: Verified): Executed {
    const { role } = reader.assignment;
    switch (ins) {
      case INS_GET_STATE:
        return data.length === 0 ? { word: status.ok, data: this.#state(reader) } : { word: status.wrongLength };
      case INS_GET_DESK:
        if (this.#kept.kind === "empty") return { word: status.conditionsNotSatisfied };
        return { word: status.ok, data: this.#kept.desk };
      case INS_GRANT:
        return role === "identity" ? this.#grant(data, reader) : { word: status.notAllowed };
      case INS_LOCK:
        return role === "ballot" ? this.#lock(reader) : { word: status.notAllowed };
      case INS_SPEND:
        return role === "ballot" ? this.#spend(reader) : { word: status.notAllowed };
      case INS_RESET:
        if (data.length !== 1 || data[0]! > 1) return { word: status.wrongData };
        return role === "identity" ? this.#reset(reader, data[0] === 1) : { word: status.notAllowed };
      default:
        return { word: status.unknownInstruction };
    }
  }

  #state({ assignment }: Verified): Uint8Array {
    const kept = this.#kept;
    const isElsewhere = kept.kind === "locked" && !equalBytes(kept.holder, assignment.boxKey);
    return encodeCardState(isElsewhere ? { ...kept, kind: "locked-elsewhere" } : kept);
  }

  #grant(signed: Uint8Array, { assignment, signed: desk }: Verified): Executed {
    const kept = this.#kept;
    if (kept.kind === "granted" && equalBytes(kept.right, signed)) return { word: status.ok };
    if (kept.kind !== "empty") return { word: status.conditionsNotSatisfied };
    const right = readRight(this.crypto, signed, assignment.signKey);
    if (!right.ok || !isOf(right.value, assignment)) return { word: status.wrongData };
    if (!equalBytes(right.value.cardKey, this.keeps.key.publicKey) || right.value.use !== kept.use)
      return { word: status.wrongData };
    this.#kept = { kind: "granted", use: kept.use, right: signed, desk };
    return { word: status.ok };
  }

  #lock({ assignment }: Verified): Executed {
    const kept = this.#kept;
    if (kept.kind === "empty" || kept.kind === "spent") return { word: status.conditionsNotSatisfied };
    if (!this.#isOf(kept.right, assignment)) return { word: status.notAllowed };
    if (kept.kind === "locked")
      return { word: equalBytes(kept.holder, assignment.boxKey) ? status.ok : status.notAllowed };
    this.#kept = { ...kept, kind: "locked", holder: assignment.boxKey };
    return { word: status.ok };
  }

  #spend({ assignment }: Verified): Executed {
    const kept = this.#kept;
    if (kept.kind !== "locked" && kept.kind !== "spent") return { word: status.conditionsNotSatisfied };
    if (!equalBytes(kept.holder, assignment.boxKey)) return { word: status.notAllowed };
    if (kept.kind === "locked") this.#kept = { ...kept, kind: "spent" };
    return { word: status.ok };
  }

  #reset({ assignment }: Verified, override: boolean): Executed {
    const kept = this.#kept;
    if (kept.kind === "empty") return { word: status.ok };
    if (!this.#isOf(kept.right, assignment)) return { word: status.notAllowed };
    if (kept.kind === "locked" && !override) return { word: status.conditionsNotSatisfied };
    this.#kept = { kind: "empty", use: kept.use + 1 };
    return { word: status.ok };
  }

  #isOf(right: Uint8Array, place: Parameters<typeof isOf>[1]): boolean {
    const said = claimedRight(right);
    return said !== undefined && isOf(said, place);
  }
}

function fromKept(json: unknown): Kept {
  const { state, use, right, desk, holder } = json as Record<string, unknown>;
  const bytes = (value: unknown): Uint8Array => {
    const read = typeof value === "string" ? fromHex(value) : undefined;
    if (read === undefined) throw new TypeError("activation card: right, desk, holder");
    return read;
  };
  if (typeof use !== "number") throw new TypeError("activation card: use");
  switch (state) {
    case "empty":
      return { kind: "empty", use };
    case "granted":
      return { kind: "granted", use, right: bytes(right), desk: bytes(desk) };
    case "locked":
    case "spent":
      return { kind: state, use, right: bytes(right), desk: bytes(desk), holder: bytes(holder) };
    default:
      throw new TypeError("activation card: state");
  }
}
