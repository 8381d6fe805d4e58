// What the terminal needs of a contactless card reader. The driver is drivers/card; this file holds types and limits.
// Nothing that tells one card from another passes here: the driver keeps the UID and the historical bytes to itself.

import type { Result } from "../result.js";

/**
 * removed: no longer in the field. silent: in the field, but gave no answer. garbled: answered what is not an APDU.
 * several: more than one card lies there, and none of them is spoken to.
 */
export type CardFault = "removed" | "silent" | "garbled" | "several";

/** A card in the field. After its removal every transmit is answered "removed" for ever. */
export interface Card {
  /**
   * One command APDU (ISO/IEC 7816-4, short form, 4..APDU_BYTES_MAX bytes) and its response (2..258 bytes, SW1 SW2
   * last), at the latest after `withinMs`, or WORK_MS. Sent once: the card never executes it twice. After "silent" or
   * "garbled" it may or may not have executed it.
   */
  transmit(apdu: Uint8Array, withinMs?: number): Promise<Result<Uint8Array, CardFault>>;
}

/** Enough for a card that signs (Ed25519) or writes; it may ask for more time (ISO/IEC 14443-4 section 7.3). */
export const WORK_MS = 2000;
/** Enough for a command that only selects, reads or draws a random number. */
export const QUICK_MS = 200;

/** Header, length, 255 bytes of data, expected length. */
export const APDU_BYTES_MAX = 261;

/**
 * no-answer: off, unplugged or hung. wrong-device: something answers that is not this reader. refused: it refuses its
 * settings.
 */
export type ReaderFault = "no-answer" | "wrong-device" | "refused";

export interface CardReaderHandlers {
  /** A card was put on the reader. Always followed by one onRemoved before the next onCard. */
  onCard(card: Card): void;
  /**
   * A transmit that is under way is answered "removed" right after it. Also called when the reader fails under a card.
   */
  onRemoved(): void;
  /** The reader stopped working; the driver goes on trying to reach it. */
  onFault(fault: ReaderFault): void;
  /** The reader works (again). */
  onReady(): void;
}

export interface CardReader {
  /** Once. */
  start(handlers: CardReaderHandlers): void;
  /** Idempotent; no handler is called after it. */
  close(): void;
}
