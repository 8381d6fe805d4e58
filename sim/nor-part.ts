// What a serial NOR part says of itself, and the state of its bus side: registers, busy, power-down. Its cells are in
// sim/nor.ts, its commands in sim/board/spi-nor.ts.
//
// FAULTS
// - A reset of the microcontroller changes nothing here: the chip goes on with its erase and is busy (`busyLooks`).
// - Somebody has set its block protection (`protect`), which outlives a loss of power, or put it into power-down.
// - It is never ready again (`busyLooks = Infinity`); its write-enable latch does not take (`isLatchStuck`).

/** From data sheets: "Manufacturer and Device Identification", "Status Register Memory Protection". */
export interface NorPart {
  readonly name: string;
  /** JEDEC id: manufacturer, memory type, capacity */
  readonly id: readonly [number, number, number];
  /** bytes */
  readonly size: number;
  /** Bits of status register 1 that protect blocks. */
  readonly protection: number;
  /** Bits of status register 1 that the part comes with: quad enable, where it is there. */
  readonly delivered: number;
  /** Status registers 2 and 3, with CMP and WPS. */
  readonly hasComplement: boolean;
  readonly hasIndividual: boolean;
  /** A program or erase that protection refuses leaves the write-enable latch set. */
  readonly keepsLatch: boolean;
}

const mebibyte = 1024 * 1024;
const winbond = { protection: 0x1c, delivered: 0, hasComplement: true, hasIndividual: true, keepsLatch: true };
const gigaDevice = { protection: 0x1c, delivered: 0, hasComplement: true, hasIndividual: false, keepsLatch: true };
const macronix = { protection: 0x3c, delivered: 0x40, hasComplement: false, hasIndividual: false, keepsLatch: false };
const issi = { protection: 0x3c, delivered: 0x40, hasComplement: false, hasIndividual: false, keepsLatch: true };
const micron = { protection: 0x5c, delivered: 0, hasComplement: false, hasIndividual: false, keepsLatch: true };

export const norParts: readonly NorPart[] = [
  { name: "W25Q64JV", id: [0xef, 0x40, 0x17], size: 8 * mebibyte, ...winbond },
  { name: "W25Q128JV", id: [0xef, 0x40, 0x18], size: 16 * mebibyte, ...winbond },
  { name: "W25Q256JV", id: [0xef, 0x40, 0x19], size: 32 * mebibyte, ...winbond },
  { name: "W25Q01JV", id: [0xef, 0x40, 0x21], size: 128 * mebibyte, ...winbond },
  { name: "GD25Q128E", id: [0xc8, 0x40, 0x18], size: 16 * mebibyte, ...gigaDevice },
  { name: "GD25Q256E", id: [0xc8, 0x40, 0x19], size: 32 * mebibyte, ...gigaDevice },
  { name: "MX25L12833F", id: [0xc2, 0x20, 0x18], size: 16 * mebibyte, ...macronix },
  { name: "MX25L25645G", id: [0xc2, 0x20, 0x19], size: 32 * mebibyte, ...macronix },
  { name: "IS25LP128F", id: [0x9d, 0x60, 0x18], size: 16 * mebibyte, ...issi },
  { name: "IS25LP256D", id: [0x9d, 0x60, 0x19], size: 32 * mebibyte, ...issi },
  { name: "MT25QL128A", id: [0x20, 0xba, 0x18], size: 16 * mebibyte, ...micron },
  { name: "MT25QL01G", id: [0x20, 0xba, 0x21], size: 128 * mebibyte, ...micron },
];

export function norPart(name: string): NorPart {
  const part = norParts.find((each) => each.name === name);
  if (part === undefined) throw new RangeError(`no flash part "${name}"`);
  return part;
}

/** Of the reference terminal, and of its desk. */
export const referenceParts = {
  main: norPart("W25Q256JV"),
  medium: norPart("W25Q128JV"),
  deskMedium: norPart("W25Q64JV"),
};

/** Winbond's of this size; for a size that nobody sells, one that says so. */
export function norPartOfSize(size: number): NorPart {
  const known = norParts.find((part) => part.size === size && part.id[0] === 0xef);
  return known ?? { name: `${size} bytes`, id: [0xef, 0x40, Math.log2(size)], size, ...winbond };
}

/**
 * The serial flash discoverable parameters, as far as a driver of 4 KiB sectors reads them: JEDEC JESD216B, sections
 * 6.2 to 6.4.
 */
export function sfdpOf({ size }: NorPart): Uint8Array {
  const tableAt = 0x30;
  const bytes = new Uint8Array(tableAt + 16 * 4).fill(0xff);
  bytes.set([0x53, 0x46, 0x44, 0x50, 0x06, 0x01, 0x00, 0xff]);
  bytes.set([0x00, 0x06, 0x01, 0x10, tableAt, 0x00, 0x00, 0xff], 8);
  const table = new DataView(bytes.buffer, tableAt);
  // 4 KiB erase by command 20, addresses of 3 bytes, or of 3 and 4
  table.setUint32(0, size > 16 * mebibyte ? 0xff_fb_20_e5 : 0xff_f9_20_e5, true);
  table.setUint32(4, size * 8 - 1, true);
  return bytes;
}

export const status1 = { busy: 0x01, writeEnabled: 0x02 } as const;
const complement = 0x40;
const individual = 0x04;

export class NorRegisters {
  readonly part: NorPart;
  /** Without busy and write-enabled. Bits that power does not change. */
  status1: number;
  status2 = 0;
  status3 = 0;
  writeEnabled = false;
  /** How often the status register still says busy. */
  busyLooks = 0;
  isDown = false;
  isResetEnabled = false;
  isLatchStuck = false;
  /** Of WPS: blocks are locked until they are unlocked, after each power-up. */
  #isUnlocked = false;

  constructor(part: NorPart) {
    this.part = part;
    this.status1 = part.delivered;
  }

  /** All blocks, in the way that is named; a part of them is not modelled. */
  protect(how: "blocks" | "complement" | "individual"): void {
    if (how === "blocks") this.status1 |= this.part.protection;
    else if (how === "complement") this.status2 |= complement;
    else this.status3 |= individual;
  }

  get isProtected(): boolean {
    const { protection, hasComplement, hasIndividual } = this.part;
    if (hasIndividual && (this.status3 & individual) !== 0) return !this.#isUnlocked;
    const some = (this.status1 & protection) !== 0;
    return hasComplement && (this.status2 & complement) !== 0 ? !some : some;
  }

  unlock(): void {
    this.#isUnlocked = true;
  }

  /** Power lost, or the reset command: what is volatile is as after a power-up. */
  reset(): void {
    this.writeEnabled = false;
    this.busyLooks = 0;
    this.isDown = false;
    this.isResetEnabled = false;
    this.#isUnlocked = false;
  }
}
