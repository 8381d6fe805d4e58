// What the board tells about itself when it is asked, as it does at the end of a wait.

import type { Board } from "../../sim/board/qemu.js";

const waitMs = 5;
const waitsMax = 2000;

export interface BoardStatistics {
  /** Bytes. */
  readonly heap: Readonly<
    Record<"heap_length" | "chunks_peak" | "slots_peak" | "slots_kept" | "chunks_kept" | "code", number>
  >;
  /** Depth of the C stack, bytes. */
  readonly stack: number;
  /** For each native: how often it was called, and its work in instructions. */
  readonly natives: Readonly<Record<string, readonly [number, number]>>;
}

export class Statistics {
  #answer: BoardStatistics | undefined;

  /** To be given to boardMachine. */
  readonly take = (json: string): void => {
    this.#answer = JSON.parse(json) as BoardStatistics;
  };

  async ask(board: Board): Promise<BoardStatistics> {
    this.#answer = undefined;
    board.askStatistics();
    for (let waits = 0; waits < waitsMax; waits++) {
      // set by `take`
      const answer = this.#answer as BoardStatistics | undefined;
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    throw new Error("the board does not tell its statistics");
  }
}
