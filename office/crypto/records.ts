// The part of the primitives that looks over the bytes of flash (platform/native/records.c), in TypeScript: for the
// tools, and its twin in tests.

import type { Primitives } from "../../firmware/crypto/primitives.js";
import { sipHash } from "./siphash.js";

const verdict = { free: 0, sound: 1, other: 2, blank: 3 } as const;
const checkLengthMax = 16;
const keyLength = 16;
const recordMax = 65_535;
const checkedMax = 8192;

function refuseUnless(condition: boolean, what: string): asserts condition {
  if (!condition) throw new RangeError(what);
}

function isFilled(bytes: Uint8Array, value: number, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== value) return false;
  return true;
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

type Hash = Pick<Primitives, "sipHash">;

/** The keyed ones ask the object that they are called on for the hash, so that one may be put in its place. */
export const recordPrimitives = {
  sipHash,

  firstUnlike(bytes: Uint8Array, from: number, to: number, value: number): number {
    refuseUnless(
      from >= 0 && from <= to && to <= bytes.length && value >= 0 && value <= 255,
      "a range inside the bytes",
    );
    let at = from;
    while (at < to && bytes[at] === value) at++;
    return at;
  },

  equal: isEqual,

  find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
    const pieces = bytes.length / wanted.length;
    refuseUnless(wanted.length > 0 && Number.isInteger(pieces) && from >= 0 && from <= pieces, "pieces of one length");
    for (let i = from; i < pieces; i++) {
      const at = i * wanted.length;
      if (bytes[at] === wanted[0] && isEqual(bytes.subarray(at, at + wanted.length), wanted)) return i;
    }
    return -1;
  },

  count(bytes: Uint8Array, value: number): number {
    refuseUnless(value >= 0 && value <= 255, "a byte");
    let count = 0;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === value) count++;
    return count;
  },

  zeroBits(bytes: Uint8Array, from: number, to: number): number {
    refuseUnless(from >= 0 && from <= to && to <= bytes.length, "a range inside the bytes");
    let zeros = 0;
    for (let i = from; i < to; i++) for (let bits = ~bytes[i]! & 0xff; bits !== 0; bits &= bits - 1) zeros++;
    return zeros;
  },

  review(
    this: Hash,
    verdicts: Uint8Array,
    a: Uint8Array,
    b: Uint8Array,
    head: number,
    checkAt: number,
    checkLength: number,
    tail: number,
    number: number,
    key: Uint8Array,
  ): void {
    const stride = a.length / verdicts.length;
    refuseUnless(
      verdicts.length > 0 && verdicts.length <= recordMax && Number.isInteger(stride) && a.length === b.length,
      "records of one length",
    );
    refuseUnless(
      [head, checkAt, tail].every((each) => each >= 0 && each <= Math.min(stride, recordMax)),
      "parts inside a record",
    );
    refuseUnless(
      checkAt <= checkedMax &&
        checkLength >= 1 &&
        checkLength <= checkLengthMax &&
        checkAt + checkLength <= stride &&
        number >= -1,
      "a check inside a record",
    );
    refuseUnless(key.length === keyLength, "a key of 16 bytes");
    const check = new Uint8Array(checkLengthMax);
    const checked = new Uint8Array(checkAt + (number < 0 ? 0 : 4));
    for (let i = 0; i < verdicts.length; i++) {
      const [start, end] = [i * stride, (i + 1) * stride];
      verdicts[i] = verdict.other;
      if (
        isFilled(a, 0xff, start, start + head) &&
        isFilled(b, 0xff, start, start + head) &&
        isFilled(a, 0xff, end - tail, end) &&
        isFilled(b, 0xff, end - tail, end)
      ) {
        verdicts[i] = verdict.free;
        continue;
      }
      const one = a.subarray(start, end);
      if (!isEqual(one, b.subarray(start, end))) continue;
      if (isFilled(one, 0, 0, stride)) verdicts[i] = verdict.blank;
      else if (isFilled(one, 0, stride - tail, stride)) {
        checked.set(one.subarray(0, checkAt));
        for (let byte = checkAt; byte < checked.length; byte++)
          checked[byte] = (number + i) >>> (8 * (checkAt + 3 - byte));
        this.sipHash(check, checked, key);
        if (isEqual(check.subarray(0, checkLength), one.subarray(checkAt, checkAt + checkLength)))
          verdicts[i] = verdict.sound;
      }
    }
  },

  fold(this: Hash, sum: Uint8Array, verdicts: Uint8Array, records: Uint8Array, checkAt: number, key: Uint8Array): void {
    const stride = records.length / verdicts.length;
    refuseUnless(
      sum.length === checkLengthMax && verdicts.length > 0 && Number.isInteger(stride),
      "records of one length",
    );
    refuseUnless(
      checkAt >= 0 && checkAt <= checkedMax && checkAt + checkLengthMax <= stride && key.length === keyLength,
      "a check inside a record",
    );
    const element = new Uint8Array(checkLengthMax);
    for (let i = 0; i < verdicts.length; i++) {
      if (verdicts[i] !== verdict.sound) continue;
      this.sipHash(element, records.subarray(i * stride + checkAt, i * stride + checkAt + checkLengthMax), key);
      for (let byte = 0; byte < checkLengthMax; byte++) sum[byte]! ^= element[byte]!;
    }
  },
};
