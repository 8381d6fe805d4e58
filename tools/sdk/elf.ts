// The sections of an ELF file, little-endian, of 32 or 64 bits: names, addresses and sizes, no more.

/** The file is no ELF, or is cut short. */
export class ElfError extends Error {
  override readonly name = "ElfError";
}

export interface Section {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  /** Takes memory when the program runs. */
  readonly isAllocated: boolean;
  /** Has no bytes in the file: .bss. */
  readonly isEmpty: boolean;
}

const MAGIC = 0x464c457f;
const LITTLE_ENDIAN = 1;
const NO_BITS = 8;
const ALLOCATED = 2;

interface Layout {
  /** Offsets of the header's fields: table's place, its entries' size, their number, the names' index. */
  readonly header: readonly [number, number, number, number];
  /** Offsets of a section's fields: flags, address, file offset, size. */
  readonly section: readonly [number, number, number, number];
  readonly word: (view: DataView, at: number) => number;
}

const layouts: Readonly<Record<number, Layout>> = {
  1: { header: [32, 46, 48, 50], section: [8, 12, 16, 20], word: (view, at) => view.getUint32(at, true) },
  2: {
    header: [40, 58, 60, 62],
    section: [8, 16, 24, 32],
    word: (view, at) => Number(view.getBigUint64(at, true)),
  },
};

/** Throws ElfError. */
export function sectionsOf(bytes: Uint8Array): readonly Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return read(view, bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new ElfError("the ELF file is cut short");
    throw thrown;
  }
}

function read(view: DataView, bytes: Uint8Array): readonly Section[] {
  if (view.byteLength < 64 || view.getUint32(0, true) !== MAGIC) throw new ElfError("no ELF file");
  const layout = layouts[view.getUint8(4)];
  if (layout === undefined || view.getUint8(5) !== LITTLE_ENDIAN) throw new ElfError("an ELF file of a kind not read");
  const { header, section, word } = layout;
  const table = word(view, header[0]);
  const entry = view.getUint16(header[1], true);
  const count = view.getUint16(header[2], true);
  const at = (index: number): number => table + index * entry;
  const field = (index: number, which: 0 | 1 | 2 | 3): number => word(view, at(index) + section[which]);
  const names = field(view.getUint16(header[3], true), 2);
  const nameAt = (start: number): string => {
    const end = bytes.indexOf(0, start);
    if (start >= bytes.length || end < 0) throw new ElfError("the ELF file is cut short");
    return new TextDecoder().decode(bytes.subarray(start, end));
  };
  return Array.from({ length: count }, (_, index) => ({
    name: nameAt(names + view.getUint32(at(index), true)),
    address: field(index, 1),
    size: field(index, 3),
    isAllocated: (field(index, 0) & ALLOCATED) !== 0,
    isEmpty: view.getUint32(at(index) + 4, true) === NO_BITS,
  }));
}
