// A line that carries so many bits a second each way, as a modem's does: ten bits a byte.

import { Duplex } from "node:stream";
import type { SimClock } from "./clock.js";

/** Bytes that are on their way together. */
const pieceLength = 48;
/** What either end has buffered for it, as a modem has. */
const bufferLength = 1_024;

/** The near end of a slow line whose far end is `far`. */
export function slowLine(far: Duplex, clock: SimClock, bitsPerS: number): Duplex {
  const byteUs = 10_000_000 / bitsPerS;
  const near = new Duplex({
    readableHighWaterMark: bufferLength,
    writableHighWaterMark: bufferLength,
    read: () => fetch(),
    write: (chunk: Buffer, _encoding, done) => {
      carry(chunk, 0, (piece) => far.write(piece), done);
    },
    final: (done) => {
      far.end();
      done();
    },
    destroy: (error, done) => {
      if (!far.destroyed) far.destroy();
      done(error);
    },
  });
  /** One piece after the other. */
  const carry = (chunk: Buffer, at: number, give: (piece: Buffer) => void, done: () => void): void => {
    if (at >= chunk.length || near.destroyed) return done();
    const piece = chunk.subarray(at, at + pieceLength);
    clock.after(piece.length * byteUs, () => {
      if (!near.destroyed) give(piece);
      carry(chunk, at + piece.length, give, done);
    });
  };
  let fetching = false;
  const fetch = (): void => {
    if (fetching) return;
    const bytes = far.read(Math.min(far.readableLength, bufferLength)) as Buffer | null;
    if (bytes === null) return;
    fetching = true;
    carry(
      bytes,
      0,
      (piece) => near.push(piece),
      () => {
        fetching = false;
        fetch();
      },
    );
  };
  far.on("readable", fetch);
  far.on("end", () => near.push(null));
  far.on("error", () => near.destroy());
  far.on("close", () => near.destroy());
  return near;
}
