// What a contactless card is to the virtual reader. A card keeps its own state; nothing about it is the reader's.

import type { Card } from "../../firmware/access/reader.js";
import { ok } from "../../firmware/result.js";

export interface VirtualCard {
  /** False for a card that does not speak ISO/IEC 14443-4 (a transport ticket of the older kind). */
  readonly exchanges: boolean;
  /** How long it asks for more time (S(WTX), ISO/IEC 14443-4 section 7.3) before it answers a command, microseconds. */
  readonly thinkUs?: number;
  /** The field reaches it (again): what a card forgets without power is forgotten. */
  powerOn(): void;
  /** One command APDU and its response, ISO/IEC 7816-4. Never throws, whatever the bytes. */
  apdu(command: Uint8Array): Uint8Array;
  /** Everything that the card keeps without power, for the bench's tray. */
  toJSON(): unknown;
}

/** A card that belongs to nobody here: it knows no application, or does not exchange APDUs at all. */
export class ForeignCard implements VirtualCard {
  readonly exchanges: boolean;

  constructor(options: { readonly exchanges: boolean }) {
    this.exchanges = options.exchanges;
  }

  powerOn(): void {}

  apdu(): Uint8Array {
    return Uint8Array.of(0x6a, 0x82);
  }

  toJSON(): unknown {
    return { card: "foreign", exchanges: this.exchanges };
  }
}

/** The desk's own reader, in which a card lies as long as the desk works on it. */
export function inDeskReader(card: VirtualCard): Card {
  card.powerOn();
  return { transmit: (apdu) => Promise.resolve(ok(card.apdu(apdu))) };
}
