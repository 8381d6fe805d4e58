// How far a job is. Nothing in the first two seconds; then a bar on a terminal, and elsewhere a plain line every few
// seconds. All of it goes to stderr, so that stdout holds nothing but results.

/** Where a command writes. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal, on which a line can be drawn anew; and its width. */
  readonly isTerminal: boolean;
  readonly columns: number;
}

/** Of this process. */
export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  get isTerminal() {
    return process.stderr.isTTY;
  },
  get columns() {
    return process.stderr.isTTY ? process.stderr.columns : columnsUsual;
  },
};

export const silentMs = 2_000;
export const lineMs = 5_000;
const barMs = 100;
const tickMs = 200;
const columnsUsual = 80;
const barLength = 20;
/** What is left is guessed when so much is done. */
const guessShare = 0.05;
const clearLine = "\r\u001b[2K";

export class Progress {
  readonly #streams: Streams;
  readonly #isQuiet: boolean;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #shownMs = -Infinity;
  #isDrawn = false;
  #text: string;
  #done: number | undefined;
  #of: number | undefined;

  /** `text`: what is done, as "building". */
  constructor(streams: Streams, text: string, isQuiet: boolean, nowMs: () => number = () => performance.now()) {
    this.#streams = streams;
    this.#text = text;
    this.#isQuiet = isQuiet;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    // for work that waits; what computes without a pause is seen when it calls `at`
    this.#timer = isQuiet ? undefined : setInterval(() => this.#show(), tickMs).unref();
  }

  /** Goes on with something else. */
  step(text: string): void {
    this.#text = text;
    this.#done = undefined;
    this.#of = undefined;
    this.#show();
  }

  /** So much is done, of so much where that is known; `text` says of what, as "ballots". */
  at(done: number, of: number | undefined, text: string): void {
    this.#text = text;
    this.#done = done;
    this.#of = of;
    this.#show();
  }

  /** Takes the bar away, so that a line can be written where it stands. */
  clear(): void {
    if (this.#isDrawn) this.#streams.err(clearLine);
    this.#isDrawn = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #show(): void {
    const nowMs = this.#nowMs();
    const { isTerminal } = this.#streams;
    if (this.#isQuiet || nowMs - this.#startMs < silentMs) return;
    if (nowMs - this.#shownMs < (isTerminal ? barMs : lineMs)) return;
    this.#shownMs = nowMs;
    const line = this.#line(isTerminal, (nowMs - this.#startMs) / 1000);
    this.#streams.err(isTerminal ? `${clearLine}${line.slice(0, this.#streams.columns - 1)}` : `${line}\n`);
    this.#isDrawn = isTerminal;
  }

  #line(withBar: boolean, seconds: number): string {
    const [done, of] = [this.#done, this.#of];
    const time = `${Math.round(seconds)} s`;
    if (done === undefined) return `${this.#text}, ${time}`;
    if (of === undefined) return `${done} ${this.#text}, ${time}`;
    const share = of > 0 ? Math.min(1, done / of) : 1;
    const left =
      share < guessShare || share === 1 ? "" : `, about ${Math.ceil((seconds * (1 - share)) / share)} s left`;
    const full = Math.round(share * barLength);
    const bar = withBar ? `[${"#".repeat(full)}${"-".repeat(barLength - full)}] ` : "";
    return `${bar}${done} of ${of} ${this.#text}, ${time}${left}`;
  }
}
