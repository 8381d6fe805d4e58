// Whether a slip says VALID or VOID, read off the paper as a person does: nothing of the firmware is asked. The mark is
// a frame of thick lines across the slip; a line from corner to corner through it means VOID (ui/slip).

import type { Slip } from "../devices/printer.js";

/** report: an official's, whole; one that was not completed is void. */
export type SlipMark = "valid" | "void" | "report" | "none";

const rowBytes = 72;
const left = 8;
const right = 568;
const frameRows = 150;
const lineRows = 6;
/** Of the band that begins a report: fewer than it has, more than a line. */
const reportBandRows = 24;
/**
 * Samples along the corner-to-corner line, and how many of them must be black: letters cover some, a stray row none.
 */
const samples = 100;
const blackNeeded = 90;

export function slipMark(slip: Pick<Slip, "height" | "bits">): SlipMark {
  // the last frame counts: a slip that was begun again after a fault may carry two
  for (let top = slip.height - frameRows; top >= 0; top--) {
    if (!isFrame(slip.bits, top)) continue;
    return isCrossed(slip.bits, top) ? "void" : "valid";
  }
  return isReport(slip) ? "report" : "none";
}

/** Whether anything but marks is on the slip: a strip that carries marks alone begins with the line of a frame. */
export function hasBody(slip: Pick<Slip, "height" | "bits">): boolean {
  for (let y = 0; y < slip.height; y++) {
    for (let x = left; x < right; x++) if (isBlack(slip.bits, x, y)) return !isFullRow(slip.bits, y);
  }
  return false;
}

/**
 * Whether the strip is an official's report: it begins with a black band that is thicker than the line of any frame.
 */
export function isReport(slip: Pick<Slip, "height" | "bits">): boolean {
  let top = 0;
  while (top < slip.height && !isFullRow(slip.bits, top)) {
    for (let x = left; x < right; x++) if (isBlack(slip.bits, x, top)) return false;
    top++;
  }
  for (let y = top; y < top + reportBandRows; y++) if (y >= slip.height || !isFullRow(slip.bits, y)) return false;
  return true;
}

function isBlack(bits: Uint8Array, x: number, y: number): boolean {
  return ((bits[y * rowBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

function isFullRow(bits: Uint8Array, y: number): boolean {
  for (let x = left; x < right; x += 8) if (bits[y * rowBytes + (x >> 3)] !== 0xff) return false;
  return true;
}

function isFrame(bits: Uint8Array, top: number): boolean {
  for (let i = 0; i < lineRows; i++)
    if (!isFullRow(bits, top + i) || !isFullRow(bits, top + frameRows - 1 - i)) return false;
  for (let y = top; y < top + frameRows; y++)
    if (!isBlack(bits, left + 2, y) || !isBlack(bits, right - 3, y)) return false;
  return true;
}

function isCrossed(bits: Uint8Array, top: number): boolean {
  let black = 0;
  for (let i = 0; i < samples; i++) {
    const x = left + 12 + Math.floor(((right - left - 36) * i) / samples);
    const y = top + lineRows + 3 + Math.floor(((x - left) * (frameRows - 18)) / (right - left));
    if (isBlack(bits, x, y)) black++;
  }
  return black >= blackNeeded;
}
