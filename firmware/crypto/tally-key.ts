// The key that opens ballots. It is never in the JS heap: the platform draws it, splits it, puts it together from its
// shares, uses and wipes it where no collector copies what it moves. Types and lengths only.
//
//   secret = executive part XOR supervision part XOR own part
//
// An office's part is shared (Shamir, k of n) among that office's cards, so the cards of one office alone never give
// the key; the own part is the terminal's, and the escrow's for a terminal that is dead.

/** Whose part it is, in this order. */
export const officeNumbers = { executive: 0, supervision: 1 } as const;
/** Cards that may share an office's part. */
export const sharesMax = 8;
/** A share: 32 bytes and its index, 1 to 255. */
export const shareLength = 33;
/** Behind the share when it is sealed to its card: see device/loading.ts. */
export const bindingLength = 16;
const sealLength = 48;
/** A share as it lies with the terminal: sealed to its card, with its binding. */
export const cardBoxLength = shareLength + bindingLength + sealLength;
/** A share as a card gives it away: sealed to a fresh key. */
export const sealedShareLength = shareLength + sealLength;
/** The own part, sealed. */
export const sealedPartLength = 32 + sealLength;

/** Bytes that `draw` writes for so many cards. */
export function drawnLength(cards: number): number {
  return 32 + cards * cardBoxLength + 2 * sealedPartLength;
}

export interface TallyKey {
  /**
   * Draws a key and wipes it. `out` (drawnLength bytes): its public key, a box for each card, the own part sealed to
   * the key that follows from deviceSecret (32 bytes) and the election's id, and sealed to escrowKey. `offices`: k and
   * n of the executive, then of the supervision; `cards`: the box keys (X25519, 32 bytes each) of the first office's
   * cards, then of the second's. False, and `out` zeroed, when something cannot be sealed to its key.
   */
  draw(
    out: Uint8Array,
    offices: Uint8Array,
    cards: Uint8Array,
    binding: Uint8Array,
    deviceSecret: Uint8Array,
    election: Uint8Array,
    escrowKey: Uint8Array,
  ): boolean;
  /**
   * Wipes what there is and draws a fresh X25519 key pair; publicKey (32 bytes) is what shares are to be sealed to. At
   * most one count at a time.
   */
  begin(publicKey: Uint8Array): void;
  /**
   * box: sealedShareLength bytes; office: see officeNumbers. False when it does not open, or the office's share with
   * its index is there.
   */
  addShare(box: Uint8Array, office: number): boolean;
  /**
   * Puts the key together from the shares of both offices and the terminal's part (sealedPartLength bytes). False when
   * it is not the secret of publicKey. The shares are gone in any case.
   */
  combine(part: Uint8Array, deviceSecret: Uint8Array, election: Uint8Array, publicKey: Uint8Array): boolean;
  /** crypto_box_seal_open with the key that was put together. out.length = box.length - 48; zeroed when it is false. */
  open(out: Uint8Array, box: Uint8Array): boolean;
  /** Wipes everything. */
  end(): void;
}
