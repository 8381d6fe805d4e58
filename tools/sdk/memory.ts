// What a linked program of the ESP32-S3 takes of each memory, from the sections of its ELF file, its manifest and its
// configuration; and what it may take.

import { type Section, sectionsOf } from "./elf.js";

const KIB = 1024;
const MIB = 1024 * KIB;

export type Memory = "IRAM" | "DRAM" | "RTC" | "PSRAM" | "flash code" | "flash data";

/** ESP32-S3 Technical Reference Manual, chapter 4, internal memory by both buses and external memory by the cache. */
const ranges: readonly (readonly [number, number, Memory])[] = [
  [0x3c000000, 0x3e000000, "flash data"],
  [0x3fc88000, 0x3fd00000, "DRAM"],
  [0x40370000, 0x403e0000, "IRAM"],
  [0x42000000, 0x44000000, "flash code"],
  [0x50000000, 0x50002000, "RTC"],
  [0x600fe000, 0x60100000, "RTC"],
];

/**
 * Where a section lies; undefined when it takes no memory. ESP-IDF's linker script steps over what the other bus of the
 * same memory holds with sections named "dummy".
 */
export function memoryOf({ name, address, size, isAllocated }: Section): Memory | undefined {
  if (!isAllocated || size === 0 || name.includes("dummy")) return undefined;
  const memory = ranges.find(([from, to]) => address >= from && address < to)?.[2];
  // PSRAM and flash are one range of the data cache
  return memory === "flash data" && name.startsWith(".ext_ram") ? "PSRAM" : memory;
}

/** Of a program that runs nowhere yet: what is asked of memory while it runs, by who asks. */
export const internalAtRunTime: readonly (readonly [string, number])[] = [
  ["bounce buffers of the panel", 2 * 10 * 1024 * 2],
  ["rings of three serial lines", 3 * (16 + 4) * KIB],
  ["tasks of lwIP, esp_eth and its events, their queues and DMA", 24 * KIB],
];

/**
 * ESP-IDF's memory.ld.in for the ESP32-S3: internal RAM that code and data of a program share, behind the caches and
 * before what the ROM keeps.
 */
const INTERNAL = 0x3fcdb700 - 0x3fc88000;
const PSRAM = 8 * MIB;
/** What ESP-IDF takes of PSRAM as larger buffers of its own and what malloc loses: not measured, so a round number. */
const PSRAM_RESERVE = 1 * MIB;
/** One picture of 1024x600 in RGB565. */
const PICTURE = 1024 * 600 * 2;
/** On the ESP32, 32 bits: txSlot is 16 bytes. */
const SLOT = 16;
/** A secure bootloader pads images to 64 KiB and appends a sector with the signature (Secure Boot V2). */
const IMAGE_STEP = 64 * KIB;
const SIGNATURE = 4 * KIB;
/**
 * The board's C stack is measured on RISC-V; a frame of windowed Xtensa also holds the registers that a deeper call
 * spills, up to 16 words of some 50 a frame there.
 */
const STACK_FACTOR = 1.5;

export interface Reserved {
  /** Of the manifest's creation. */
  readonly chunks: number;
  readonly slots: number;
  readonly stackSlots: number;
  /** Bytes of the task that runs JavaScript. */
  readonly nativeStack: number;
}

/** What the manifest reserves for the engine on the ESP32. */
export function reservedBy(manifest: string): Reserved {
  const { creation } = (
    JSON.parse(manifest) as {
      readonly platforms: {
        readonly esp32: {
          readonly creation: {
            readonly chunk: { readonly initial: number };
            readonly heap: { readonly initial: number };
            readonly stack: number;
            readonly nativeStack: number;
          };
        };
      };
    }
  ).platforms.esp32;
  return {
    chunks: creation.chunk.initial,
    slots: creation.heap.initial,
    stackSlots: creation.stack,
    nativeStack: creation.nativeStack,
  };
}

export const engineHeap = ({ chunks, slots }: Reserved): number => chunks + slots * SLOT;

/** Bytes of the one row of bench/board/FIGURES.md whose name begins so. NaN when there is none. */
export function figure(figures: string, name: string): number {
  const row = figures.split("\n").find((line) => line.startsWith(`| ${name}`));
  return Number((row?.split("|")[2] ?? "").replace(/[^\d]/g, "") || Number.NaN);
}

/** Bytes of a partition in ESP-IDF's table. NaN when there is none. */
export function partitionSize(table: string, name: string): number {
  const row = table
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .find(([first]) => first === name);
  return Number(row?.[4] ?? Number.NaN);
}

export interface Use {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly met: boolean;
}

export interface Linked {
  readonly program: Uint8Array;
  readonly imageLength: number;
  readonly bootloaderLength: number;
  /** Texts of partitions.csv, of the root's manifest, of the merged configuration, of the board's figures. */
  readonly partitions: string;
  readonly manifest: string;
  readonly sdkconfig: string;
  readonly figures: string;
}

export interface Assessment {
  readonly sections: readonly { readonly name: string; readonly memory: Memory; readonly size: number }[];
  readonly uses: readonly Use[];
}

const padded = (length: number, step: number): number => Math.ceil(length / step) * step;

/** Throws ElfError. */
export function assess(linked: Linked): Assessment {
  const sections = sectionsOf(linked.program).flatMap((section) => {
    const memory = memoryOf(section);
    return memory === undefined ? [] : [{ name: section.name, memory, size: section.size }];
  });
  const total = (memory: Memory): number =>
    sections.filter((each) => each.memory === memory).reduce((sum, { size }) => sum + size, 0);
  const reserved = reservedBy(linked.manifest);
  const atRunTime = internalAtRunTime.reduce((sum, [, size]) => sum + size, 0) + reserved.nativeStack;
  const table = Number(/^CONFIG_PARTITION_TABLE_OFFSET=(.+)$/m.exec(linked.sdkconfig)?.[1] ?? Number.NaN);
  const use = (name: string, used: number, limit: number): Use => ({ name, used, limit, met: used <= limit });
  return {
    sections,
    uses: [
      use("IRAM", total("IRAM"), 96 * KIB),
      use("DRAM", total("DRAM"), 96 * KIB),
      use("internal RAM with what is asked at run time", total("IRAM") + total("DRAM") + atRunTime, INTERNAL),
      use("RTC", total("RTC"), 8 * KIB),
      use(
        "PSRAM: engine, its stack, picture",
        total("PSRAM") + engineHeap(reserved) + reserved.stackSlots * SLOT + PICTURE,
        PSRAM - PSRAM_RESERVE,
      ),
      use(
        "flash slot, padded and signed",
        padded(linked.imageLength, IMAGE_STEP) + SIGNATURE,
        partitionSize(linked.partitions, "ota_0"),
      ),
      use("bootloader, signed", padded(linked.bootloaderLength, SIGNATURE) + SIGNATURE, table),
      use(
        "native stack, as the board's deepest by 1.5",
        Math.ceil(figure(linked.figures, "stack, deepest") * STACK_FACTOR),
        reserved.nativeStack,
      ),
      use("engine's heap, the board's peak", figure(linked.figures, "heap, peak"), engineHeap(reserved)),
    ],
  };
}
