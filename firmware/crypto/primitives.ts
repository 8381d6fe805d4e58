// The primitives a platform hands to the crypto facade. The device's are libsodium (sim/host, ESP-IDF component);
// the host tools' and the tests' reference are tweetnacl-es6. Every function writes into `out`, whose length is exact.
// Implementations check lengths and throw on a wrong one (only a bug can pass it); the facade checks what comes from outside.

export interface Primitives {
  /** FIPS 180-4. out: 32 bytes. */
  sha256(out: Uint8Array, message: Uint8Array): void;
  /** FIPS 180-4. out: 64 bytes. */
  sha512(out: Uint8Array, message: Uint8Array): void;
  /** RFC 7693 BLAKE2b, keyed when key.length is 1..64, else unkeyed (length 0). out: 16..64 bytes. */
  blake2b(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
  /** RFC 8032 key pair. publicKey: 32, secretKey: 64 (seed || public), seed: 32 bytes. */
  signKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  /** RFC 8032 Ed25519 detached. signature: 64, secretKey: 64 bytes. */
  sign(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  /** Strict: refuses non-canonical S and small-order public keys or R, as libsodium's crypto_sign_verify_detached does. */
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
}
