// From what was counted to time.

import type { Case } from "./constants.js";

/** What the plugin has counted since the reset: sim/board/memories.h. */
export interface Counts {
  readonly work: number;
  readonly jumps: number;
  readonly loads: number;
  readonly stores: number;
  /** Lines fetched, for each instruction cache. */
  readonly code: readonly number[];
  /** Lines fetched from each memory and written back, for each data cache. */
  readonly data: readonly { readonly flash: number; readonly psram: number; readonly back: number }[];
}

/** Which of the simulated caches there are, and the bytes of their lines. */
export interface Memories {
  readonly icache: { readonly index: number; readonly line: number };
  readonly dcache: { readonly index: number; readonly line: number };
  /** The display's driver copies on another core than the firmware's. */
  readonly isDisplayApart: boolean;
}

export interface Time {
  readonly seconds: number;
  /** Parts of all cycles: instructions with jumps and loads, code from flash, data from flash, PSRAM. */
  readonly processor: number;
  readonly code: number;
  readonly flash: number;
  readonly psram: number;
}

export function timeOf(counts: Counts, by: Case, { icache, dcache, isDisplayApart }: Memories): Time {
  const data = counts.data[dcache.index]!;
  const processor = by.instructions * counts.work + by.jump * counts.jumps + by.load * counts.loads;
  const code = counts.code[icache.index]! * by.flashFill(icache.line);
  const flash = data.flash * by.flashFill(dcache.line);
  const psram = data.psram * by.psramFill(dcache.line) + data.back * by.psramWrite(dcache.line);
  const cycles = processor + code + flash + psram;
  const part = (of: number): number => (cycles === 0 ? 0 : of / cycles);
  return {
    seconds: cycles / (isDisplayApart ? 1 : by.share(dcache.line)) / by.hz,
    processor: part(processor),
    code: part(code),
    flash: part(flash),
    psram: part(psram),
  };
}

function combine(a: Counts, b: Counts, by: (a: number, b: number) => number): Counts {
  return {
    work: by(a.work, b.work),
    jumps: by(a.jumps, b.jumps),
    loads: by(a.loads, b.loads),
    stores: by(a.stores, b.stores),
    code: a.code.map((value, index) => by(value, b.code[index]!)),
    data: a.data.map((value, index) => ({
      flash: by(value.flash, b.data[index]!.flash),
      psram: by(value.psram, b.data[index]!.psram),
      back: by(value.back, b.data[index]!.back),
    })),
  };
}

export function difference(end: Counts, begin: Counts): Counts {
  return combine(end, begin, (a, b) => a - b);
}

/** `few`, and `times` the difference to `many`. */
export function extended(few: Counts, many: Counts, times: number): Counts {
  return combine(few, many, (a, b) => a + times * (b - a));
}
