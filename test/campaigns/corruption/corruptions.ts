// What may lie on a chip: bits and runs that have changed, blocks that have changed places or come from elsewhere,
// fields with extreme numbers, and chips that are other chips.

import { superblockLength } from "../../../firmware/vault/superblock.js";
import type { Layout } from "../../../firmware/vault/layout.js";
import { NorChip } from "../../../sim/nor.js";
import type { QuickChance } from "../../../sim/quick-chance.js";
import type { ChipName } from "../crash/day.js";

const blockLength = 4096;
/** In the superblock's block: see firmware/vault/pairing.ts and firmware/service/release.ts. */
const wordsOffset = 256;
const erasingOffset = 2048;
const runMax = 262_144;
const extremes = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff] as const;

/** What a corruption is made from. */
export interface Material {
  readonly name: ChipName;
  readonly layout: Layout;
  /** What this chip held before, and what it would hold in another election. */
  readonly older: Uint8Array;
  readonly other: Uint8Array;
}

type Change = (cells: Uint8Array, material: Material, chance: QuickChance) => void;

/**
 * Where the structures begin: superblock, words, the word of erasing, logs, counter, marks, slots, journal, results.
 */
function headers({ layout }: Material): readonly number[] {
  const { journal, transaction, head, counter, spent, store, slotLength } = layout;
  return [
    0,
    wordsOffset,
    erasingOffset,
    journal.address,
    journal.address + 128,
    transaction.address,
    transaction.address + blockLength,
    head.address,
    head.address + blockLength,
    counter.address,
    spent.address,
    store.address,
    store.address + slotLength,
    store.address + store.length,
    store.address + store.length + 256,
  ];
}

/** A place, more often than not where something is written. */
function place(cells: Uint8Array, material: Material, chance: QuickChance): number {
  const { layout } = material;
  const regions = [
    layout.superblock,
    layout.journal,
    layout.transaction,
    layout.head,
    layout.counter,
    layout.spent,
    layout.store,
    {
      address: layout.store.address + layout.store.length,
      length: cells.length - layout.store.address - layout.store.length,
    },
  ];
  const { address, length } = regions[chance.below(regions.length)]!;
  for (let attempt = 0; attempt < 16; attempt++) {
    // the journal is long and mostly empty
    const at = address + chance.below(chance.next() < 0.5 ? Math.min(length, 2 * blockLength) : length);
    if (cells[at] !== 0xff || attempt === 15) return at;
  }
  return address;
}

function written(cells: Uint8Array, material: Material, chance: QuickChance): number {
  return chance.next() < 0.5 ? place(cells, material, chance) : headers(material)[chance.below(15)]!;
}

function block(cells: Uint8Array, material: Material, chance: QuickChance): number {
  return Math.floor(place(cells, material, chance) / blockLength) * blockLength;
}

/** Short ones as often as long ones. */
function runLength(chance: QuickChance): number {
  return Math.ceil(runMax ** chance.next());
}

function run(value: number, length: (chance: QuickChance) => number): Change {
  return (cells, material, chance) => {
    const at = written(cells, material, chance);
    cells.fill(value, at, at + length(chance));
  };
}

function atHeader(value: number, length: number): Change {
  return (cells, material, chance) => {
    const at = headers(material)[chance.below(15)]!;
    cells.fill(value, at, at + length);
  };
}

function fillRandom(cells: Uint8Array, from: number, to: number, chance: QuickChance): void {
  for (let at = from; at < to && at < cells.length; at++) cells[at] = chance.below(256);
}

/** In place. */
export const changes = {
  "one bit": (cells, material, chance) => {
    cells[place(cells, material, chance)]! ^= 1 << chance.below(8);
  },
  "many bits": (cells, material, chance) => {
    const bits = 2 + chance.below(200);
    for (let i = 0; i < bits; i++) cells[place(cells, material, chance)]! ^= 1 << chance.below(8);
  },
  zeros: run(0, runLength),
  ones: run(0xff, runLength),
  "16 zeros at a header": atHeader(0, 16),
  "16 ones at a header": atHeader(0xff, 16),
  "48 zeros at a header": atHeader(0, 48),
  "48 ones at a header": atHeader(0xff, 48),
  "wrong bytes at a header": (cells, material, chance) => {
    const at = headers(material)[chance.below(15)]!;
    fillRandom(cells, at, at + [1, 4, 16, 48, 128][chance.below(5)]!, chance);
  },
  "swapped blocks": (cells, material, chance) => {
    for (let i = chance.below(4); i >= 0; i--) {
      const [x, y] = [block(cells, material, chance), block(cells, material, chance)];
      const kept = cells.slice(x, x + blockLength);
      cells.copyWithin(x, y, y + blockLength);
      cells.set(kept, y);
    }
  },
  "blocks of another election": (cells, material, chance) => {
    for (let i = chance.below(8); i >= 0; i--) {
      const at = block(cells, material, chance);
      cells.set(material.other.subarray(at, at + blockLength), at);
    }
  },
  "another election's chip": (cells, { other }) => cells.set(other),
  "another terminal's superblock": (cells, _, chance) => {
    cells[23]! ^= 1 + chance.below(255);
    fillRandom(cells, superblockLength - 16, superblockLength, chance);
  },
  "an older image": (cells, { older }) => cells.set(older),
  "extreme numbers": (cells, material, chance) => {
    const { layout } = material;
    const { slotLength, store, head, transaction, journal } = layout;
    const results = store.address + store.length;
    const slot = store.address + chance.below(layout.slots) * slotLength;
    const fields: readonly (readonly [number, number])[] = [
      [20, 4],
      [24, 4],
      [28, 4],
      [slot, 2],
      [slot + 2, 4],
      [results, 4],
      [results + 4, 4],
      [results + 8, 4],
      [results + 256, 4],
      [head.address + 64 * chance.below(128), 4],
      [transaction.address + 64 * chance.below(128), 4],
      [journal.address + 128 * chance.below(64), 1],
      [journal.address + 128 * chance.below(64) + 1, 8],
    ];
    for (let i = chance.below(3); i >= 0; i--) {
      const [at, length] = fields[chance.below(fields.length)]!;
      const value = extremes[chance.below(extremes.length)]!;
      for (let j = 0; j < length; j++) cells[at + j] = value >>> (8 * (length - 1 - j));
    }
  },
  "garbage blocks": (cells, material, chance) => {
    for (let i = chance.below(16); i >= 0; i--) {
      const at = block(cells, material, chance);
      fillRandom(cells, at, at + blockLength, chance);
    }
  },
  "garbage behind the superblock": (cells, _, chance) => fillRandom(cells, blockLength, cells.length, chance),
  garbage: (cells, _, chance) => fillRandom(cells, 0, cells.length, chance),
  "a new chip": (cells) => cells.fill(0xff),
  "all zeros": (cells) => cells.fill(0),
} as const satisfies Record<string, Change>;

/** Another chip in its place, which holds as much of the old one as it has room for; or none. */
export const exchanges = {
  absent: (chip) => ({ ...sizes(chip), present: false }),
  "a smaller chip": (chip, chance) => ({
    size: blockLength * (1 + chance.below(chip.size / blockLength - 1)),
    blockLength,
    present: true,
  }),
  "a larger chip": (chip, chance) => ({
    size: chip.size + blockLength * (1 + chance.below(64)),
    blockLength,
    present: true,
  }),
  "a chip with other blocks": (chip, chance) => {
    const other = [256, 512, 8192, 32_768, 65_536][chance.below(5)]!;
    return { size: Math.ceil(chip.size / other) * other, blockLength: other, present: true };
  },
} as const satisfies Record<string, (chip: NorChip, chance: QuickChance) => Exchange>;

interface Exchange {
  readonly size: number;
  readonly blockLength: number;
  readonly present: boolean;
}

function sizes({ size }: NorChip): { readonly size: number; readonly blockLength: number } {
  return { size, blockLength };
}

export type Kind = keyof typeof changes | keyof typeof exchanges;
export const kinds: readonly Kind[] = [...(Object.keys(changes) as Kind[]), ...(Object.keys(exchanges) as Kind[])];

/** Large, and so tried less often. */
const slow: ReadonlySet<Kind> = new Set<Kind>(["garbage", "garbage behind the superblock"]);

export function drawKind(chance: QuickChance): Kind {
  for (;;) {
    const kind = kinds[chance.below(kinds.length)]!;
    if (!slow.has(kind) || chance.next() < 0.1) return kind;
  }
}

/** The chip as the corruption leaves it: the same one, with other cells, or another. */
export function corrupt(kind: Kind, chip: NorChip, material: Material, chance: QuickChance): NorChip {
  if (kind in changes) {
    changes[kind as keyof typeof changes](chip.cells, material, chance);
    return chip;
  }
  const { size, blockLength: blocks, present } = exchanges[kind as keyof typeof exchanges](chip, chance);
  const made = new NorChip({ size, blockLength: blocks });
  made.present = present;
  made.cells.set(chip.cells.subarray(0, size));
  return made;
}
