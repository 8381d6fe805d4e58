// What the model of an ESP32-S3 takes to be true, each constant with where it is from. Clocks are those of the memory
// bus, cycles those of the processor.

/** Of a figure that no document gives: as little and as much as it may be, and what is thought likely. */
interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Stated {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

export type Flash = "quad" | "octal";

const cpuHz = 240_000_000;
const busHz = 80_000_000;
const cyclesPerClock = cpuHz / busHz;

/** Command on one line, address and mode bits on four, dummies, then two clocks a byte. */
const quadRead = { command: 8, address: 6, dummy: 6, clocksPerByte: 2 };
/** Command and address on eight lines at both edges, dummies, then half a clock a byte. */
const octalRead = { command: 1, address: 2, dummy: 20, clocksPerByte: 0.5 };
const psramRead = { command: 1, address: 2, dummy: 9, clocksPerByte: 0.5 };
const psramWritten = { command: 1, address: 2, dummy: 4, clocksPerByte: 0.5 };
/** Selecting the chip and letting it go. */
const flashSelect = 2;
const psramSelect = 3 + 3 + 2;

const instructions: Range = { low: 0.9, expected: 1.05, high: 1.25 };
const jump: Range = { low: 2, expected: 2.5, high: 4 };
const load: Range = { low: 0.2, expected: 0.5, high: 1 };
/** Of each line that is fetched or written: cache controller, arbiter, crossing between two clocks. */
const crossing: Range = { low: 6, expected: 20, high: 50 };
/** Flash and PSRAM are encrypted: what the last block waits for when the bus is done. */
const decryption: Range = { low: 0, expected: 10, high: 40 };
/** Of a write-back, the part that the processor waits for. */
const writeBack: Range = { low: 0, expected: 1, high: 1 };

/** Instructions for each word that it copies, a load and a store, and the interrupt's own. */
const displayPerWord: Range = { low: 2, expected: 2.5, high: 4 };

export const display = {
  pixelHz: 18_000_000,
  /** With the pauses between lines and pictures. */
  columns: 1024 + 20 + 140 + 160,
  rows: 600 + 3 + 20 + 12,
  width: 1024,
  height: 600,
  bounceRows: 10,
};

/** Bytes that its driver copies in a second. */
export const displayBytes = (2 * display.width * display.height * display.pixelHz) / (display.columns * display.rows);

type Transfer = typeof quadRead;

function cyclesOf({ command, address, dummy, clocksPerByte }: Transfer, select: number, line: number): number {
  return cyclesPerClock * (command + address + dummy + clocksPerByte * line + select);
}

/** One set of all constants. Costs are cycles for a line of so many bytes. */
export interface Case {
  readonly hz: number;
  /** Of Xtensa for one of RISC-V, a cycle each. */
  readonly instructions: number;
  /** Cycles lost at a jump that is taken. */
  readonly jump: number;
  /** Cycles lost at a load, on the average. */
  readonly load: number;
  readonly flashFill: (line: number) => number;
  readonly psramFill: (line: number) => number;
  readonly psramWrite: (line: number) => number;
  /** What the display's driver leaves of the core that it copies on. */
  readonly share: (line: number) => number;
}

function caseOf(which: keyof Range, flash: Flash): Case {
  const more = crossing[which] + decryption[which];
  const psramFill = (line: number): number => cyclesOf(psramRead, psramSelect, line) + more;
  const copyOfAByte = (line: number): number => psramFill(line) / line + displayPerWord[which] / 4;
  return {
    hz: cpuHz,
    instructions: instructions[which],
    jump: jump[which],
    load: load[which],
    flashFill: (line) => cyclesOf(flash === "quad" ? quadRead : octalRead, flashSelect, line) + more,
    psramFill,
    psramWrite: (line) => writeBack[which] * (cyclesOf(psramWritten, psramSelect, line) + more),
    share: (line) => 1 - (displayBytes * copyOfAByte(line)) / cpuHz,
  };
}

/** Everything at its best, as expected, and everything at its worst. */
export function cases(flash: Flash): readonly [low: Case, expected: Case, high: Case] {
  return [caseOf("low", flash), caseOf("expected", flash), caseOf("high", flash)];
}

const range = ({ low, expected, high }: Range): string => `${low} / ${expected} / ${high}`;
const idf = "ESP-IDF v6.0, components";

export const stated: readonly Stated[] = [
  {
    name: "processor",
    value: "240 MHz",
    source: "ESP32-S3 data sheet, CPU and memory; sdkconfig of SDK 8.2.3: ESP_DEFAULT_CPU_FREQ_MHZ_240",
  },
  {
    name: "bus of flash and PSRAM",
    value: "80 MHz; PSRAM and octal flash at both edges",
    source: `platform/sdk/esp32/sdkconfig: SPIRAM_SPEED_80M; ${idf}/spi_flash/esp32s3/Kconfig.flash_freq: 80 MHz`,
  },
  {
    name: "caches",
    value:
      "16 or 32 KB for code, 32 or 64 KB for data, 8 ways, lines of 32 (data: or 64) bytes; write-back; the least recently used way goes",
    source: `ESP32-S3 TRM, chapter System and Memory, cache; ${idf}/esp_system/port/soc/esp32s3/Kconfig.cache: 16 and 32 KB, 8 ways, 32 bytes unless asked otherwise. The order of replacement is assumed`,
  },
  {
    name: "a line waits for its last byte",
    value: "yes",
    source: "Kconfig.cache: wrap mode is not available",
  },
  {
    name: "quad flash, clocks before the data",
    value: `${quadRead.command} + ${quadRead.address} + ${quadRead.dummy}, ${flashSelect} for the select, 2 a byte`,
    source: `Winbond W25Q128JV data sheet, Fast Read Quad I/O (EBh); ${idf}/esp_rom/esp32s3/include/esp32s3/rom/spi_flash.h: SPI0_R_QIO_ADDR_BITSLEN, SPI0_R_QIO_DUMMY_CYCLELEN`,
  },
  {
    name: "octal flash, clocks before the data",
    value: `${octalRead.command} + ${octalRead.address} + ${octalRead.dummy}, ${flashSelect} for the select, half a clock a byte`,
    source: `${idf}/spi_flash/esp32s3/opi_flash_cmd_format_mxic.h: cache_rd_cmd of OPI_CMD_FORMAT_MXIC_DTR`,
  },
  {
    name: "PSRAM, clocks before the data of a read",
    value: `${psramRead.command} + ${psramRead.address} + ${psramRead.dummy}, ${psramSelect} for the select, half a clock a byte`,
    source: `AP Memory APS6408L data sheet, synchronous read, latency code of 10 clocks; ${idf}/esp_psram/esp32s3/esp_psram_impl_octal.c: OCT_PSRAM_RD_DUMMY_BITLEN, OCT_PSRAM_CS_SETUP_TIME, _HOLD_TIME, _HOLD_DELAY`,
  },
  {
    name: "the same of a write",
    value: `${psramWritten.command} + ${psramWritten.address} + ${psramWritten.dummy}`,
    source: "the same file: OCT_PSRAM_WR_DUMMY_BITLEN",
  },
  {
    name: "Xtensa instructions for one of RISC-V, a cycle each",
    value: range(instructions),
    source:
      "instructions in the assembly of twelve files of XS, natives and libsodium by gcc for riscv32 and gcc-xtensa-lx106 -mabi=windowed: natives 0.87 to 0.97, heap and properties 0.77 to 0.94, interpreter 1.19, libsodium 1.24 to 1.40 (that core multiplies no 32 x 32 to 64 bits, the S3's does)",
  },
  {
    name: "cycles lost at a jump that is taken",
    value: range(jump),
    source: "assumed of a five-stage pipeline; windows that overflow are in the high value",
  },
  {
    name: "cycles lost at a load, on the average",
    value: range(load),
    source: "assumed: one when the next instruction needs what was loaded",
  },
  {
    name: "cycles of each line for controller and clock crossing",
    value: range(crossing),
    source: "assumed; the TRM does not tell",
  },
  {
    name: "cycles of each line for decryption",
    value: range(decryption),
    source:
      "assumed; ESP32-S3 TRM, chapter External Memory Encryption and Decryption: flash and, with it, PSRAM pass through XTS-AES",
  },
  {
    name: "part of a write-back that the processor waits for",
    value: range(writeBack),
    source: "assumed",
  },
  {
    name: "the display",
    value: `${(displayBytes / 1e6).toFixed(1)} MB a second, copied by the processor through the data cache, ${2 * display.width * display.bounceRows} bytes at a time; ${range(displayPerWord)} instructions a word`,
    source: `platform/sdk/esp32/panel.c; ${idf}/esp_lcd/rgb/esp_lcd_panel_rgb.c: lcd_rgb_panel_fill_bounce_buffer`,
  },
];
