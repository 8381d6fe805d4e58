// The harness owns time. Virtual devices and the terminal's cable know only this clock: real for `npm start`,
// virtual (it jumps to the next event when everybody is idle) for scripted runs and tests.

export interface SimClock {
  /** Microseconds since the harness started; whole. */
  nowUs(): number;
  /**
   * Calls back once after `delayUs`; the function returned cancels. Callbacks due at the same time run in the order
   * asked for.
   */
  after(delayUs: number, callback: () => void): () => void;
}

export class RealClock implements SimClock {
  readonly #start = process.hrtime.bigint();
  /**
   * A timer of Node's may come up to a millisecond early, and a device whose motor has run too short loses rows: what
   * is due is kept apart.
   */
  readonly #due = new VirtualClock();
  #handle: NodeJS.Timeout | undefined;

  nowUs(): number {
    return Number((process.hrtime.bigint() - this.#start) / 1000n);
  }

  after(delayUs: number, callback: () => void): () => void {
    const due = this.#due;
    const cancel = due.after(this.nowUs() + delayUs - due.nowUs(), callback);
    this.#arm();
    return cancel;
  }

  #arm(): void {
    clearTimeout(this.#handle);
    const nextUs = this.#due.nextUs();
    if (nextUs === undefined) return;
    this.#handle = setTimeout(
      () => {
        this.#due.advanceTo(this.nowUs());
        this.#arm();
      },
      Math.ceil(Math.max(0, nextUs - this.nowUs()) / 1000),
    );
  }
}

interface Due {
  readonly timeUs: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

export class VirtualClock implements SimClock {
  #nowUs = 0;
  #order = 0;
  /** A binary heap by (timeUs, order). */
  readonly #heap: Due[] = [];

  nowUs(): number {
    return this.#nowUs;
  }

  after(delayUs: number, callback: () => void): () => void {
    const due: Due = {
      timeUs: this.#nowUs + Math.max(0, Math.ceil(delayUs)),
      order: this.#order++,
      callback,
      cancelled: false,
    };
    this.#push(due);
    return () => {
      due.cancelled = true;
    };
  }

  /** When the next callback is due; undefined when none is. */
  nextUs(): number | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.cancelled) this.#pop();
    return this.#heap[0]?.timeUs;
  }

  /** Moves time forward to `timeUs` and runs everything due by then. Never moves back. */
  advanceTo(timeUs: number): void {
    for (let next = this.nextUs(); next !== undefined && next <= timeUs; next = this.nextUs()) {
      const due = this.#pop();
      this.#nowUs = Math.max(this.#nowUs, due.timeUs);
      due.callback();
    }
    this.#nowUs = Math.max(this.#nowUs, timeUs);
  }

  #before(a: Due, b: Due): boolean {
    return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.order < b.order);
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): Due {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
        if (!this.#before(heap[child]!, last)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
    }
    return top;
  }
}
