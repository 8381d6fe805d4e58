// The tables of the last figures, committed beside the board: each figure with its goal and the change against the
// table before, and both engines beside each other. Each table is renewed by itself.

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

const enginesHead = `## Two engines

Made by \`MODDABLE=... npx sandogh bench --target board --engine sdk --write\`: the engine of the npm package and that
of the Moddable SDK under the same firmware, each with the interpreter's loop as we compile it
(tools/build/interpreter.ts) and as its makers wrote it. A percentage is against the first column.
`;

/** One thing measured with several engines, by their names. */
export interface EngineFigure {
  readonly name: string;
  readonly unit: string;
  readonly values: Readonly<Record<string, number>>;
}

interface Written {
  readonly figures: string;
  readonly engines: string;
}

function written(): Written {
  const text = existsSync(FIGURES) ? readFileSync(FIGURES, "utf8") : "";
  const at = text.indexOf("## Two engines");
  return at < 0 ? { figures: text, engines: "" } : { figures: text.slice(0, at), engines: text.slice(at) };
}

function write({ figures, engines }: Written): void {
  writeFileSync(FIGURES, [figures.trimEnd(), engines.trimEnd()].filter((part) => part !== "").join("\n\n") + "\n");
}

export function writeEngines(figures: readonly EngineFigure[]): void {
  const titles = Object.keys(figures[0]?.values ?? {});
  const rows = figures.map(({ name, unit, values }) => {
    const first = values[titles[0]!]!;
    const cells = titles.map((title, index) => {
      const value = values[title]!;
      const change = Math.round((100 * (value - first)) / first);
      return index === 0 ? shown(value, unit) : `${shown(value, unit)} (${change < 0 ? "" : "+"}${change} %)`;
    });
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  const table = [`| what | ${titles.join(" | ")} |`, `|---|${titles.map(() => "---:|").join("")}`, ...rows];
  write({ ...written(), engines: `${enginesHead}\n${table.join("\n")}` });
}

/** What the table has measured before, as it was written. */
function before(text: string): ReadonlyMap<string, string> {
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(rows.filter((cells) => cells.length >= 6).map((cells) => [cells[1]!, cells[2]!]));
}

export function writeFigures(figures: readonly Figure[]): void {
  const { figures: last, engines } = written();
  const old = before(last);
  const rows = figures.map(({ name, value, unit, goal, why }) => {
    const judged =
      goal === undefined
        ? ""
        : value <= goal
          ? "met"
          : `${(value / goal).toFixed(1)} times${why === undefined ? "" : `: ${why}`}`;
    return `| ${name} | ${shown(value, unit)} | ${old.get(name) ?? ""} | ${goal === undefined ? "" : shown(goal, unit)} | ${judged} |`;
  });
  write({ figures: `${head}${rows.join("\n")}`, engines });
}
