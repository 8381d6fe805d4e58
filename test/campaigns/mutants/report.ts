// bench/MUTANTS.md, and the table that a run prints.

import { type PartName, partNames } from "./parts.js";
import type { Verdict, VerdictName } from "./campaign.js";

const columns = ["does-not-compile", "equivalent", "caught", "survived"] as const satisfies readonly VerdictName[];

export interface ReportFacts {
  readonly seed: string;
  readonly count: number;
  readonly date: string;
  readonly commit: string;
  /** Of each part: how many mutants there are to draw from. */
  readonly all: ReadonlyMap<PartName, number>;
}

export const replayOf = ({ part, mutant }: Verdict): string =>
  `npx sandogh campaign mutants --part ${part} --only ${mutant.id}`;

export function tableOf(verdicts: readonly Verdict[]): string[] {
  const rows = partNames
    .map((part) => [part, verdicts.filter((each) => each.part === part)] as const)
    .filter(([, own]) => own.length > 0);
  const line = (name: string, own: readonly Verdict[]): string =>
    [name, own.length, ...columns.map((column) => own.filter(({ verdict }) => verdict === column).length)].join(" | ");
  return [
    "| part | drawn | did not compile | equivalent | caught | survived |",
    "|---|---|---|---|---|---|",
    ...rows.map(([part, own]) => `| ${line(part, own)} |`),
    `| ${line("all", verdicts)} |`,
  ];
}

export function lineOf(verdict: Verdict): string {
  const { mutant } = verdict;
  return `${mutant.file}:${mutant.line} ${mutant.id} ${mutant.change} in: ${mutant.text}`;
}

export function pageOf(verdicts: readonly Verdict[], { seed, date, commit, all }: ReportFacts): string {
  const survivors = verdicts.filter(({ verdict }) => verdict === "survived");
  const same = verdicts.filter(({ verdict }) => verdict === "equivalent");
  const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;
  const place = ({ mutant }: Verdict): string =>
    `${mutant.file}:${mutant.line} ${code(mutant.change)} in ${code(mutant.text)}`;
  const total = [...all.values()].reduce((sum, each) => sum + each, 0);
  return [
    "# Mutants",
    "",
    "Made by `npx sandogh campaign mutants --write`; not to be written by hand.",
    "",
    `Seed ${seed}, ${date}, at ${commit}: ${verdicts.length} of the ${total} small changes that the campaign knows of`,
    "in these parts, drawn by seed. Each that compiles is run against the tests that reach it (test/campaigns/mutants/parts.ts)",
    "until one fails; a time-out counts as caught. Equivalent ones change nothing that anybody could notice.",
    "",
    ...tableOf(verdicts),
    "",
    "## Survivors",
    "",
    ...(survivors.length === 0 ? ["None."] : survivors.map((each) => `- ${place(each)}: ${code(replayOf(each))}`)),
    "",
    "## Equivalent",
    "",
    ...(same.length === 0 ? ["None was drawn."] : same.map((each) => `- ${place(each)}: ${each.by}`)),
    "",
  ].join("\n");
}
