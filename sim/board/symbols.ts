// Addresses and names of the board's program.

import { spawnSync } from "node:child_process";
import { BOARD_ELF } from "./qemu.js";

export class Symbols {
  /** Ascending by address. */
  readonly #functions: readonly { readonly at: number; readonly name: string }[];
  readonly #address: ReadonlyMap<string, number>;

  /** Throws when the program is not there or holds no symbols. */
  constructor(elf: string = BOARD_ELF) {
    const { stdout, status } = spawnSync("riscv64-unknown-elf-nm", ["-n", elf], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`${elf}: no symbols`);
    const rows = stdout
      .split("\n")
      .map((line) => /^([0-9a-f]{8}) (\S) (\S+)$/.exec(line))
      .filter((row) => row !== null);
    this.#address = new Map(rows.map((row) => [row[3]!, parseInt(row[1]!, 16)]));
    // The assembler's own labels (.L12) are no functions.
    this.#functions = rows
      .filter((row) => /^[tTwW]$/.test(row[2]!) && !row[3]!.startsWith("."))
      .map((row) => ({ at: parseInt(row[1]!, 16), name: row[3]! }));
  }

  address(name: string): number {
    const found = this.#address.get(name);
    if (found === undefined) throw new Error(`the board's program has no ${name}`);
    return found;
  }

  /** The function that the address lies in. */
  functionAt(address: number): string {
    let low = 0;
    let high = this.#functions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#functions[middle]!.at <= address) low = middle + 1;
      else high = middle;
    }
    return this.#functions[low - 1]?.name ?? "?";
  }

  /** From where to where the function lies; undefined when the program has none of this name. */
  range(name: string): readonly [from: number, to: number] | undefined {
    const index = this.#functions.findIndex((each) => each.name === name);
    const next = this.#functions[index + 1];
    return index < 0 || next === undefined ? undefined : [this.#functions[index]!.at, next.at];
  }

  /** What the plugin must know in every run. */
  waits(): Readonly<Record<string, number>> {
    return { begin: this.address("board_begin_wait"), end: this.address("board_end_wait") };
  }
}
