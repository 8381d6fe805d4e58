// The primitives a platform hands to the crypto facade. The device's are libsodium (platform/xs, ESP-IDF component);
// the host tools' and the tests' reference are tweetnacl-es6. Every function writes into `out`, whose length is exact.
// Implementations check lengths and throw on a wrong one (only a bug can pass it); the facade checks what comes from
// outside.

export interface Primitives {
  /** FIPS 180-4. out: 32 bytes. */
  sha256(out: Uint8Array, message: Uint8Array): void;
  /** FIPS 180-4. out: 64 bytes. */
  sha512(out: Uint8Array, message: Uint8Array): void;
  /** RFC 7693 BLAKE2b, keyed when key.length is 1..64, else unkeyed (length 0). out: 16..64 bytes. */
  blake2b(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
  /**
   * SipHash-2-4 with 128 bits (SipHash's reference code; libsodium's crypto_shorthash_siphashx24). out, key: 16 bytes.
   */
  sipHash(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
  /** RFC 8032 key pair. publicKey: 32, secretKey: 64 (seed || public), seed: 32 bytes. */
  signKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  /** RFC 8032 Ed25519 detached. signature: 64, secretKey: 64 bytes. */
  sign(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  /**
   * Strict: refuses non-canonical S and small-order public keys or R, as libsodium's crypto_sign_verify_detached does.
   */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** X25519 key pair from a 32-byte seed as crypto_box_seed_keypair: secretKey = SHA-512(seed)[0..32]. */
  boxKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  /** RFC 7748. out: 32 bytes. False for a low-order point (all-zero result). */
  x25519(out: Uint8Array, scalar: Uint8Array, point: Uint8Array): boolean;
  /**
   * crypto_box_seal: out = ephemeral public key (32) || MAC (16) || ciphertext; out.length = message.length + 48.
   * The box is opened again with the ephemeral secret and compared with the message before it is returned;
   * false when it differs or the public key is a low-order point. Ephemeral secrets are wiped.
   */
  seal(out: Uint8Array, message: Uint8Array, publicKey: Uint8Array, ephemeralSeed: Uint8Array): boolean;
  /** crypto_box_seal_open. out.length = box.length - 48. False when the MAC does not match; out is then zeroed. */
  sealOpen(out: Uint8Array, box: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): boolean;
  /** RFC 2104. out: 32 bytes; key: any length. */
  hmacSha256(out: Uint8Array, key: Uint8Array, message: Uint8Array): void;
  /** ChaCha20-Poly1305 (RFC 8439): out = ciphertext || tag (16). nonce: 12, key: 32 bytes; data is authenticated. */
  encrypt(out: Uint8Array, message: Uint8Array, data: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** The way back. out.length = box.length - 16. False when the tag does not match; out is then zeroed. */
  decrypt(out: Uint8Array, box: Uint8Array, data: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;

  // Over the bytes of flash: loops that cost an interpreter a hundred times as much. A range or length that only a bug
  // can pass is a RangeError.

  /** The first place in [from, to) whose byte is not `value`; `to` when there is none. */
  firstUnlike(bytes: Uint8Array, from: number, to: number, value: number): number;
  /** False for different lengths. The time does not tell where two arrays differ. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /**
   * Of the pieces of `wanted.length` bytes that `bytes` is made of, the number of the first one from number `from` on
   * that equals `wanted`; -1: none.
   */
  find(bytes: Uint8Array, wanted: Uint8Array, from: number): number;
  /** How many bytes are `value`. */
  count(bytes: Uint8Array, value: number): number;
  /** Bits in [from, to) that are 0: programmed cells of NOR flash. */
  zeroBits(bytes: Uint8Array, from: number, to: number): number;
  /**
   * Looks at `verdicts.length` records of one length that lie one behind the other, in two copies `a` and `b`, and says
   * of each (Verdict below): "free", the first `head` and the last `tail` bytes are erased in both; "blank", all of it
   * is 0 in both; "sound", both are the same, the last `tail` bytes are 0, and the `checkLength` bytes at `checkAt`
   * begin sipHash of what stands before them and, when `number` is not -1, the record's number as u32: `number` for the
   * first one; "other", none of these. checkLength: 1..16, checkAt: at most 8192, a record at most 65535.
   */
  review(
    verdicts: Uint8Array,
    a: Uint8Array,
    b: Uint8Array,
    head: number,
    checkAt: number,
    checkLength: number,
    tail: number,
    number: number,
    key: Uint8Array,
  ): void;
  /** XORs into `sum` (16 bytes) sipHash of the 16 bytes at `checkAt` of each record whose verdict is "sound". */
  fold(sum: Uint8Array, verdicts: Uint8Array, records: Uint8Array, checkAt: number, key: Uint8Array): void;
}

/** What `review` says of a record. */
export const verdicts = { free: 0, sound: 1, other: 2, blank: 3 } as const;
