// What a command says: lines for people, or one JSON result for a program, on stdout; how far it is on stderr.

import { Progress, type Streams } from "./progress.js";

export interface TalkOptions {
  /** No progress. */
  readonly quiet?: boolean | undefined;
  /** One JSON result instead of lines. */
  readonly json?: boolean | undefined;
}

export class Talk {
  readonly #streams: Streams;
  readonly #options: TalkOptions;
  #progress: Progress | undefined;

  constructor(streams: Streams, options: TalkOptions) {
    this.#streams = streams;
    this.#options = options;
  }

  /** A line for people as soon as it is known; not when a program reads. */
  say(line: string): void {
    if (this.#options.json === true) return;
    this.#progress?.clear();
    this.#streams.out(`${line}\n`);
  }

  /** A line that people should see beside the result. */
  warn(line: string): void {
    this.#progress?.clear();
    this.#streams.err(`${line}\n`);
  }

  /** The result, once: as JSON, or as these lines. */
  result(value: unknown, lines: readonly string[]): void {
    this.#progress?.clear();
    if (this.#options.json === true) this.#streams.out(`${JSON.stringify(value)}\n`);
    else for (const line of lines) this.#streams.out(`${line}\n`);
  }

  /** Runs a job with its progress. */
  async during<T>(text: string, job: (progress: Progress) => T | Promise<T>): Promise<T> {
    const progress = new Progress(this.#streams, text, this.#options.quiet ?? false);
    this.#progress = progress;
    try {
      return await job(progress);
    } finally {
      progress.end();
      this.#progress = undefined;
    }
  }
}
