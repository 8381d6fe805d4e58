// A serial NOR flash chip on its SPI bus: the commands of Winbond's W25Q family (W25Q64JV data sheet, section 8.2) in
// front of the one model of the cells, sim/nor.ts.
//
// FAULTS
// Those of sim/nor.ts. An absent chip drives nothing: every byte read is FF. A command that the family does not have,
// or one that is cut short, is a bug of the driver and throws. Programs and erases are done when the select goes up, so
// BUSY is never seen set; without a write enable before them they are ignored, as by the real chip.

import type { FlashChip } from "../flash-port.js";

/** Data sheet table 8.1.2. */
const Command = {
  pageProgram: 0x02,
  readData: 0x03,
  readStatus1: 0x05,
  writeEnable: 0x06,
  sectorErase: 0x20,
  jedecId: 0x9f,
} as const;
const STATUS_WRITE_ENABLED = 0x02;
const MANUFACTURER_WINBOND = 0xef;
/** W25Q-JV; the third byte of the id is the logarithm of the size. */
const MEMORY_TYPE = 0x40;
const PAGE = 256;
const SECTOR = 4096;

export class SpiNor {
  readonly #chip: FlashChip;
  #writeEnabled = false;

  constructor(chip: FlashChip) {
    this.#chip = chip;
  }

  /**
   * One transfer with the chip selected: `out` goes to it, then `inLength` bytes come back. Throws what the chip
   * throws.
   */
  transfer(out: Uint8Array, inLength: number): Uint8Array {
    const status = this.#chip.status();
    if (status === undefined) return new Uint8Array(inLength).fill(0xff);
    switch (out[0]) {
      case Command.jedecId:
        return this.#answer(inLength, MANUFACTURER_WINBOND, MEMORY_TYPE, Math.log2(status.size));
      case Command.readStatus1:
        return this.#answer(inLength, this.#writeEnabled ? STATUS_WRITE_ENABLED : 0);
      case Command.writeEnable:
        this.#writeEnabled = true;
        return new Uint8Array(inLength);
      case Command.readData:
        return this.#chip.read(inLength, address(out)) ?? new Uint8Array(inLength).fill(0xff);
      case Command.pageProgram:
        if (this.#takeEnable()) this.#program(address(out), out.slice(4));
        return new Uint8Array(inLength);
      case Command.sectorErase:
        if (this.#takeEnable()) this.#chip.erase(Math.floor(address(out) / SECTOR));
        return new Uint8Array(inLength);
      default:
        throw new Error(`the flash chip has no command 0x${(out[0] ?? 0).toString(16)}`);
    }
  }

  /** Section 8.2.17: what would go beyond the page's end wraps to its beginning. */
  #program(at: number, data: Uint8Array): void {
    if (data.length === 0 || data.length > PAGE) throw new Error(`a page program of ${data.length} bytes`);
    const first = Math.min(data.length, PAGE - (at % PAGE));
    this.#chip.program(at, data.subarray(0, first));
    if (first < data.length) this.#chip.program(at - (at % PAGE), data.subarray(first));
  }

  #takeEnable(): boolean {
    const was = this.#writeEnabled;
    this.#writeEnabled = false;
    return was;
  }

  /** The chip goes on with its answer for as long as it is clocked. */
  #answer(length: number, ...bytes: readonly number[]): Uint8Array {
    return Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length]!);
  }
}

function address(out: Uint8Array): number {
  if (out.length < 4) throw new Error("a flash command without its address");
  return (out[1]! << 16) | (out[2]! << 8) | out[3]!;
}
