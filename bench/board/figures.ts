// The table of the last figures, committed beside the board: each with its goal and the change against the table
// before.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

export const FIGURES = "bench/board/FIGURES.md";
const head = `# Figures

Made by \`npx sandogh bench --target board --write\`. Instructions are exact and the same in every run of one commit; waiting is not in them. At 160 MHz and one instruction
a cycle 1 M instructions are 6.25 ms. Parts of a cast are looked at once in 2,003 instructions.

| what | measured | before | goal | |
|---|---:|---:|---:|---|
`;

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number;
  /** Where the goal is missed: why, as measured. */
  readonly why?: string;
}

function shown(value: number, unit: string): string {
  const many = value >= 1e6 ? `${(value / 1e6).toFixed(value >= 1e8 ? 0 : 2)} M` : String(Math.round(value));
  return unit === "bytes" ? `${Math.round(value).toLocaleString("en")} B` : many;
}

/** What the table has measured before, as it was written. */
function before(text: string): ReadonlyMap<string, string> {
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(rows.filter((cells) => cells.length >= 6).map((cells) => [cells[1]!, cells[2]!]));
}

export function writeFigures(figures: readonly Figure[]): void {
  const old = before(existsSync(FIGURES) ? readFileSync(FIGURES, "utf8") : "");
  const rows = figures.map(({ name, value, unit, goal, why }) => {
    const judged =
      goal === undefined
        ? ""
        : value <= goal
          ? "met"
          : `${(value / goal).toFixed(1)} times${why === undefined ? "" : `: ${why}`}`;
    return `| ${name} | ${shown(value, unit)} | ${old.get(name) ?? ""} | ${goal === undefined ? "" : shown(goal, unit)} | ${judged} |`;
  });
  writeFileSync(FIGURES, `${head}${rows.join("\n")}\n`);
}
