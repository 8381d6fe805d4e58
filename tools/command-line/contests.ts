// Totals for people: contests and their options by name.

import { readFileSync } from "node:fs";
import { parseDefinition, problemLine } from "../../office/package/definition.js";
import type { Tally } from "../../office/tally/tally.js";
import { Complaint } from "./complaint.js";

/** Titles by contest and names by contest and code. Throws a Complaint for a definition that is none. */
export function namesOf(file: string | undefined): ReadonlyMap<string, string> {
  if (file === undefined) return new Map();
  const definition = parseDefinition(readFileSync(file, "utf8"), file);
  if (!definition.ok) throw new Complaint(definition.problems.map(problemLine).join("\n"));
  return new Map(
    definition.value.contests.flatMap((contest) => [
      [String(contest.id), contest.title] as const,
      ...contest.options.map((option) => [`${contest.id}/${option.code}`, option.name] as const),
    ]),
  );
}

export function contestLines(contests: Tally["contests"], names: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  for (const { contest, ballots: cast, blank, undervotes, votes } of contests) {
    lines.push("", `contest ${contest} ${names.get(String(contest)) ?? ""}`.trimEnd());
    lines.push(`  ballots ${cast}   blank ${blank}   undervotes ${undervotes}`);
    const order = votes.filter((each) => each.votes > 0).sort((x, y) => y.votes - x.votes || x.code - y.code);
    for (const { code, votes: count } of order)
      lines.push(`  ${String(count).padStart(6)}  ${code}  ${names.get(`${contest}/${code}`) ?? ""}`.trimEnd());
  }
  return lines;
}
