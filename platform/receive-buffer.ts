/** Bytes that came and have not been read: at most `capacity`. */
export class ReceiveBuffer {
  readonly #bytes: Uint8Array;
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Returns how many of the bytes found room. */
  put(bytes: Uint8Array): number {
    const ring = this.#bytes;
    const count = Math.min(bytes.length, ring.length - this.#length);
    const end = (this.#start + this.#length) % ring.length;
    const first = Math.min(count, ring.length - end);
    ring.set(bytes.subarray(0, first), end);
    ring.set(bytes.subarray(first, count), 0);
    this.#length += count;
    return count;
  }

  /** The oldest bytes, at most `count`; what was taken is overwritten. */
  take(count: number): Uint8Array {
    const ring = this.#bytes;
    const out = new Uint8Array(Math.min(count, this.#length));
    const first = Math.min(out.length, ring.length - this.#start);
    out.set(ring.subarray(this.#start, this.#start + first), 0);
    ring.fill(0, this.#start, this.#start + first);
    out.set(ring.subarray(0, out.length - first), first);
    ring.fill(0, 0, out.length - first);
    this.#start = (this.#start + out.length) % ring.length;
    this.#length -= out.length;
    return out;
  }
}
