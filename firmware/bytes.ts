// Byte helpers that need no global of the platform (XS has neither TextEncoder nor Buffer). For much flash there are
// primitives (crypto/primitives.ts).

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return concatAll(parts);
}

/** For parts without number: arguments lie on the engine's stack, which has room for some thousands. */
export function concatAll(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** value: 0 or 0xff */
export function isFilledWith(bytes: Uint8Array, value: 0 | 0xff): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== value) return false;
  return true;
}

/** Cleared bits of a range: programmed cells of NOR flash. */
export function countZeroBits(bytes: Uint8Array, at: number, length: number): number {
  let zeros = 0;
  for (let i = at; i < at + length; i++) for (let bit = ~bytes[i]! & 0xff; bit !== 0; bit &= bit - 1) zeros++;
  return zeros;
}

/** Whether NOR cells that hold `cells` can still become `wanted`, which needs every bit that is 0 to be 0 in it. */
export function isProgrammable(cells: Uint8Array, wanted: Uint8Array): boolean {
  for (let i = 0; i < cells.length; i++) if ((~cells[i]! & wanted[i]!) !== 0) return false;
  return true;
}

/** Order of RFC 8949 section 4.2.1: bytewise lexicographic, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const HEX = "0123456789abcdef";

export function toHex(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += HEX[bytes[i]! >> 4]! + HEX[bytes[i]! & 15]!;
  return out;
}

/** Returns undefined for an odd length or a character outside 0-9a-fA-F. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) {
    const high = HEX.indexOf(text[2 * i]!.toLowerCase());
    const low = HEX.indexOf(text[2 * i + 1]!.toLowerCase());
    if (high < 0 || low < 0) return undefined;
    out[i] = (high << 4) | low;
  }
  return out;
}

/** UTF-8 (RFC 3629) of a string; an unpaired surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  // three bytes for each unit of UTF-16 are enough
  const out = new Uint8Array(text.length * 3);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) {
      out[at++] = code;
      continue;
    }
    if (code < 0x800) out[at++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) out[at++] = 0xe0 | (code >> 12);
      else {
        out[at++] = 0xf0 | (code >> 18);
        out[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      out[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    out[at++] = 0x80 | (code & 0x3f);
  }
  return out.slice(0, at);
}

/** Bytes that `utf8` makes of it. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

export function readU16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
