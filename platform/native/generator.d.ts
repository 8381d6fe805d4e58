/** Fills with bytes of the generator. The process ends when the generator fails. */
export function random(out: Uint8Array): void;
