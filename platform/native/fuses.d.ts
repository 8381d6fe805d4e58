/** HMAC-SHA-256 of `message` under the fuses' key into `out`, 32 bytes; false when they hold none. */
export function mac(message: Uint8Array, out: Uint8Array): boolean;
