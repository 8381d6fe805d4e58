// The key that opens ballots. It is never in the JS heap: the platform puts it together from its shares, uses and wipes
// it where no collector copies what it moves. At most one count at a time. Types and lengths only.

/** A share: 32 bytes and its index, 1 to 255. */
export const shareLength = 33;
/** A share as a card gives it away, and the terminal's own part as the package carries it: sealed boxes. */
export const sealedShareLength = shareLength + 48;
export const sealedPartLength = 32 + 48;
/** Shares that make a key: the two offices act together, whichever of their cards is there. */
export const sharesNeeded = 2;
/** Shares of one key. */
export const sharesMax = 8;

export interface TallyKey {
  /** Wipes what there is and draws a fresh X25519 key pair; publicKey (32 bytes) is what shares are to be sealed to. */
  begin(publicKey: Uint8Array): void;
  /** box: sealedShareLength bytes. False when it does not open, or a share with its index is there. */
  addShare(box: Uint8Array): boolean;
  /**
   * Puts the key together from the shares and the terminal's part (sealedPartLength bytes, sealed to the key that
   * follows from deviceSecret, 32 bytes, and the election's id). False when it is not the secret of publicKey. The
   * shares are gone in any case.
   */
  combine(part: Uint8Array, deviceSecret: Uint8Array, election: Uint8Array, publicKey: Uint8Array): boolean;
  /** crypto_box_seal_open with the key that was put together. out.length = box.length - 48; zeroed when it is false. */
  open(out: Uint8Array, box: Uint8Array): boolean;
  /** Wipes everything. */
  end(): void;
}
