// A raster cut into what is sent: pictures without their white margins, and feeds where nothing is printed. A slip in
// Persian has most of its black at the right, so margins are most of its bytes.

import { ROW_BYTES, type Raster } from "../../firmware/cast/printer.js";
import { ECHO_REQUEST_BYTES, type Find, RASTER_HEAD_BYTES, feed, holdsRealTimeCommand, raster } from "./escpos.js";

/** Bytes of the dots of one band, 24 full rows of them; of a narrow picture it holds more rows. */
export const BAND_BYTES = 24 * ROW_BYTES;
const FEED_ROWS_MAX = 255;

export interface Band {
  /** With ECHO_REQUEST_BYTES of room at the end, so that a band and the request for its echo go in one write. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Bytes that must have arrived before the paper can begin to move. */
  readonly head: number;
}

/** From top to bottom; each band is drawn when it is asked for. */
export function* bandsOf(source: Raster, find: Find): Generator<Band, void, undefined> {
  let row = 0;
  while (row < source.height) {
    const { rows, left, right } = source.span(row);
    if (left === right) {
      for (let done = 0; done < rows; done += FEED_ROWS_MAX) yield blank(Math.min(FEED_ROWS_MAX, rows - done));
    } else {
      // one byte more for a picture that has to be moved
      const rowsMax = Math.floor(BAND_BYTES / Math.min(ROW_BYTES, right - left + 1));
      for (let done = 0; done < rows; done += rowsMax)
        yield* pictures(source, row + done, row + Math.min(done + rowsMax, rows), left, right, find);
    }
    row += rows;
  }
}

function blank(rows: number): Band {
  const bytes = feed(rows, ECHO_REQUEST_BYTES);
  return { bytes, rows, head: bytes.length - ECHO_REQUEST_BYTES };
}

/** Rows from..to-1 with black in the bytes left..right-1. */
function* pictures(
  source: Raster,
  from: number,
  to: number,
  left: number,
  right: number,
  find: Find,
): Generator<Band, void, undefined> {
  const rows = to - from;
  // A picture that holds the bytes of a real-time command is moved by a few dots inside its own frame, which breaks the
  // bytes up.
  for (let shift = 0; shift < 8; shift++) {
    const width = right - left + (shift > 0 ? 1 : 0);
    const leftDots = left * 8 - shift;
    if (leftDots < 0) break;
    const bytes = raster(leftDots, width, rows, ECHO_REQUEST_BYTES);
    source.draw(bytes, RASTER_HEAD_BYTES, from, rows, leftDots, width);
    if (!holdsRealTimeCommand(bytes, find)) {
      yield { bytes, rows, head: bytes.length - ECHO_REQUEST_BYTES - width * (rows - 1) };
      return;
    }
    bytes.fill(0);
  }
  if (rows > 1) {
    const middle = (from + to) >> 1;
    yield* pictures(source, from, middle, left, right, find);
    yield* pictures(source, middle, to, left, right, find);
    return;
  }
  // One row that holds such bytes however it is moved, or has no white margin of 8 dots at the left to be moved into:
  // one dot more, 0.125 mm, is the smaller harm.
  const bytes = raster(left * 8, right - left, 1, ECHO_REQUEST_BYTES);
  source.draw(bytes, RASTER_HEAD_BYTES, from, 1, left * 8, right - left);
  for (let i = RASTER_HEAD_BYTES; i < bytes.length; i++) if (bytes[i] === 0x10) bytes[i] = 0x18;
  yield { bytes, rows: 1, head: bytes.length - ECHO_REQUEST_BYTES };
}
