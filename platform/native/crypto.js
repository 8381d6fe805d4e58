// firmware/crypto/primitives.ts in C: platform/native/crypto.c

export function sha256(out, message) @ "xs_sha256";
export function sha512(out, message) @ "xs_sha512";
export function blake2b(out, message, key) @ "xs_blake2b";
export function sipHash(out, message, key) @ "xs_sip_hash";
export function signKeyPair(publicKey, secretKey, seed) @ "xs_sign_key_pair";
export function sign(signature, message, secretKey) @ "xs_sign";
export function verify(signature, message, publicKey) @ "xs_verify";
export function boxKeyPair(publicKey, secretKey, seed) @ "xs_box_key_pair";
export function x25519(out, scalar, point) @ "xs_x25519";
export function seal(out, message, publicKey, ephemeralSeed) @ "xs_seal";
export function sealOpen(out, box, publicKey, secretKey) @ "xs_seal_open";
export function hmacSha256(out, key, message) @ "xs_hmac_sha256";
export function encrypt(out, message, data, nonce, key) @ "xs_encrypt";
export function decrypt(out, box, data, nonce, key) @ "xs_decrypt";

// Over the bytes of flash, in platform/native/records.c

export function firstUnlike(bytes, from, to, value) @ "xs_first_unlike";
export function equal(a, b) @ "xs_equal";
export function find(bytes, wanted, from) @ "xs_find_piece";
export function count(bytes, value) @ "xs_count";
export function zeroBits(bytes, from, to) @ "xs_zero_bits";
export function review(verdicts, a, b, head, checkAt, checkLength, tail, number, key) @ "xs_review";
export function fold(sum, verdicts, records, checkAt, key) @ "xs_fold";
