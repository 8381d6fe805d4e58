// Everything that a cut is tried as, for one operation.

import type { Tear, TearOptions } from "../../../sim/nor.js";
import type { Writing } from "./day.js";

export interface Fault {
  readonly name: string;
  readonly tear: Tear;
  readonly options: TearOptions;
}

const blockLength = 4096;
const pageLength = 256;
const subsets = 16;
/** A weak bit reads wrong once in so many reads. */
const flips = [50, 500, 5000] as const;
/** Where fields of the structures begin or end: see FORMAT.md. */
const boundaries = [1, 2, 4, 16, 32, 48] as const;

/**
 * "none" is power lost before the operation; "all" is power lost after it, and a reset of the microcontroller alone,
 * during which the chip finishes what it was told.
 */
export function faultsFor(operation: Writing): Fault[] {
  const length = operation.kind === "program" ? operation.data.length : blockLength;
  const faults: Fault[] = [
    { name: "none", tear: { kind: "subset", done: 0 }, options: {} },
    { name: "all", tear: { kind: "subset", done: 1 }, options: {} },
  ];
  if (operation.kind === "program") {
    for (const at of new Set([...boundaries, length - 16, length - 1])) {
      if (at <= 0 || at >= length) continue;
      faults.push(
        { name: `first ${at}`, tear: { kind: "bytes", from: 0, to: at }, options: {} },
        { name: `last ${length - at}`, tear: { kind: "bytes", from: at, to: length }, options: {} },
      );
    }
  } else {
    for (const from of zeroedFrom(operation))
      faults.push({ name: `zeroed from ${from}`, tear: { kind: "bytes", from, to: length }, options: {} });
  }
  for (let i = 0; i < subsets; i++) {
    const options = i % 4 === 3 ? { weakShare: 0.3, flip: 1 / flips[(i >> 2) % 3]!, harmed: i % 8 === 7 ? 1 : 0 } : {};
    faults.push({ name: `subset ${i}`, tear: { kind: "subset", done: (i + 0.5) / subsets }, options });
  }
  for (const flip of flips) {
    faults.push({ name: `reads done, weak 1-${flip}`, tear: { kind: "done-weak" }, options: { flip: 1 / flip } });
    faults.push({ name: `reads undone, weak 1-${flip}`, tear: { kind: "undone-weak" }, options: { flip: 1 / flip } });
  }
  return faults;
}

/**
 * From where on an erase that was cut has cleared its block: regions' parts, and before, in the middle of and behind
 * the majority of every word of 16 bytes that ends a slot (slots are whole pages), beside a record that is still there.
 */
export function zeroedFrom(operation: Writing): number[] {
  if (operation.kind !== "erase") return [];
  const words = Array.from({ length: blockLength / pageLength }, (_, page) => (page + 1) * pageLength).flatMap(
    (end) => [end - 16, end - 9, end - 7],
  );
  return [0, 1024, 2048, 4032, ...words];
}

export function classOf(fault: Fault): string {
  return fault.name.replace(/ \d.*$/, "").replace(/, weak.*/, ", weak");
}
