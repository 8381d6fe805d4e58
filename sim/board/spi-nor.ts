// A serial NOR flash chip on its SPI bus: the commands that W25Q parts and their like have (W25Q64JV data sheet,
// section 8.2; JESD216B for those with addresses of 4 bytes) in front of the one model of the cells, sim/nor.ts, and of
// the registers, sim/nor-part.ts.
//
// FAULTS
// Those of sim/nor.ts and sim/nor-part.ts. An absent chip, and one in power-down, drives nothing: every byte read is
// FF. A busy one hears nothing but reads of its status. A program or erase that protection refuses is ignored, as is
// one without a write enable before it. A command that the part does not have, one that is cut short, and a reset of a
// busy chip, which may harm what it is writing, are bugs of the driver and throw. How long a chip is busy is counted in
// looks at its status, since no time passes for a board at work.

import type { BusChip } from "../flash-port.js";
import { sfdpOf, status1 } from "../nor-part.js";

/** Data sheet table 8.1.2. */
const Command = {
  writeStatus1: 0x01,
  pageProgram: 0x02,
  readData: 0x03,
  writeDisable: 0x04,
  readStatus1: 0x05,
  writeEnable: 0x06,
  pageProgram4: 0x12,
  readData4: 0x13,
  readStatus3: 0x15,
  sectorErase: 0x20,
  sectorErase4: 0x21,
  writeStatus2: 0x31,
  readStatus2: 0x35,
  readSfdp: 0x5a,
  enableReset: 0x66,
  globalUnlock: 0x98,
  reset: 0x99,
  jedecId: 0x9f,
  releasePowerDown: 0xab,
  powerDown: 0xb9,
} as const;
const PAGE = 256;
const SECTOR = 4096;
const SIZE_OF_3_BYTES = 0x100_0000;
/** Looks at the status for which a chip is busy. */
const BUSY = { program: 1, erase: 3, register: 2 } as const;

export class SpiNor {
  readonly #chip: BusChip;

  constructor(chip: BusChip) {
    this.#chip = chip;
  }

  /**
   * One transfer with the chip selected: `out` goes to it, then `inLength` bytes come back. Throws what the chip
   * throws.
   */
  transfer(out: Uint8Array, inLength: number): Uint8Array {
    const { registers } = this.#chip;
    const nothing = new Uint8Array(inLength).fill(0xff);
    if (this.#chip.status() === undefined) return nothing;
    const op = out[0]!;
    if (registers.isDown) {
      if (op === Command.releasePowerDown) registers.isDown = false;
      return nothing;
    }
    if (registers.busyLooks > 0) {
      if (op === Command.readStatus1) {
        registers.busyLooks--;
        return new Uint8Array(inLength).fill(registers.status1 | status1.busy);
      }
      if (op === Command.reset) throw new Error("the driver resets a flash chip that is busy");
      return nothing;
    }
    const wasResetEnabled = registers.isResetEnabled;
    registers.isResetEnabled = op === Command.enableReset;
    switch (op) {
      case Command.jedecId:
        return this.#answer(inLength, ...registers.part.id);
      case Command.readSfdp: {
        const at = this.#address(out, 3);
        const sfdp = sfdpOf(registers.part);
        if (out.length !== 5) throw new Error("SFDP is read with a dummy byte");
        return Uint8Array.from({ length: inLength }, (_, index) => sfdp[at + index] ?? 0xff);
      }
      case Command.readStatus1:
        return this.#answer(inLength, registers.status1 | (registers.writeEnabled ? status1.writeEnabled : 0));
      case Command.readStatus2:
        return registers.part.hasComplement ? this.#answer(inLength, registers.status2) : this.#unknown(op);
      case Command.readStatus3:
        return registers.part.hasIndividual ? this.#answer(inLength, registers.status3) : this.#unknown(op);
      case Command.writeEnable:
        registers.writeEnabled = !registers.isLatchStuck;
        return nothing;
      case Command.writeDisable:
        registers.writeEnabled = false;
        return nothing;
      case Command.writeStatus1:
      case Command.writeStatus2:
        this.#writeStatus(op, out);
        return nothing;
      case Command.globalUnlock:
        if (!registers.part.hasIndividual) return this.#unknown(op);
        if (this.#takeEnable()) registers.unlock();
        return nothing;
      case Command.readData:
      case Command.readData4: {
        const at = this.#address(out, op === Command.readData ? 3 : 4);
        return this.#chip.read(inLength, at) ?? nothing;
      }
      case Command.pageProgram:
      case Command.pageProgram4: {
        const bytes = op === Command.pageProgram ? 3 : 4;
        this.#write(BUSY.program, () => this.#program(this.#address(out, bytes), out.slice(1 + bytes)));
        return nothing;
      }
      case Command.sectorErase:
      case Command.sectorErase4: {
        const at = this.#address(out, op === Command.sectorErase ? 3 : 4);
        this.#write(BUSY.erase, () => void this.#chip.erase(Math.floor(at / SECTOR)));
        return nothing;
      }
      case Command.enableReset:
      case Command.releasePowerDown:
        return nothing;
      case Command.reset:
        if (wasResetEnabled) registers.reset();
        return nothing;
      case Command.powerDown:
        registers.isDown = true;
        return nothing;
      default:
        return this.#unknown(op);
    }
  }

  #unknown(op: number): never {
    throw new Error(`the flash chip ${this.#chip.registers.part.name} has no command 0x${op.toString(16)}`);
  }

  /** The latch goes back when the chip has done what it was told. */
  #write(busyLooks: number, work: () => void): void {
    const { registers } = this.#chip;
    if (!registers.writeEnabled) return;
    if (registers.isProtected) {
      registers.writeEnabled = registers.part.keepsLatch;
      return;
    }
    registers.writeEnabled = false;
    registers.busyLooks = busyLooks;
    work();
  }

  #writeStatus(op: number, out: Uint8Array): void {
    if (out.length !== 2) throw new Error("a status register takes one byte");
    const { registers } = this.#chip;
    if (op === Command.writeStatus2 && !registers.part.hasComplement) this.#unknown(op);
    if (!this.#takeEnable()) return;
    registers.busyLooks = BUSY.register;
    if (op === Command.writeStatus1) registers.status1 = out[1]! & ~(status1.busy | status1.writeEnabled);
    else registers.status2 = out[1]!;
  }

  /** Section 8.2.17: what would go beyond the page's end wraps to its beginning. */
  #program(at: number, data: Uint8Array): void {
    if (data.length === 0 || data.length > PAGE) throw new Error(`a page program of ${data.length} bytes`);
    const first = Math.min(data.length, PAGE - (at % PAGE));
    this.#chip.program(at, data.subarray(0, first));
    if (first < data.length) this.#chip.program(at - (at % PAGE), data.subarray(first));
  }

  #takeEnable(): boolean {
    const { registers } = this.#chip;
    const was = registers.writeEnabled;
    registers.writeEnabled = false;
    return was;
  }

  /** The chip goes on with its answer for as long as it is clocked. */
  #answer(length: number, ...bytes: readonly number[]): Uint8Array {
    return Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length]!);
  }

  #address(out: Uint8Array, bytes: 3 | 4): number {
    if (out.length < 1 + bytes) throw new Error("a flash command without its address");
    if (bytes === 4 && this.#chip.registers.part.size <= SIZE_OF_3_BYTES) this.#unknown(out[0]!);
    let address = 0;
    for (let i = 1; i <= bytes; i++) address = address * 0x100 + out[i]!;
    return address;
  }
}
