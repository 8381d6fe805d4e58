// Totals for people: contests and their options by name.

import type { Names } from "../../office/package/names.js";
import type { Tally } from "../../office/tally/tally.js";

export function contestLines(contests: Tally["contests"], { contests: titles, options: names }: Names): string[] {
  const lines: string[] = [];
  for (const { contest, ballots: cast, blank, undervotes, votes } of contests) {
    lines.push("", `contest ${contest} ${titles.get(contest) ?? ""}`.trimEnd());
    lines.push(`  ballots ${cast}   blank ${blank}   undervotes ${undervotes}`);
    const order = votes.filter((each) => each.votes > 0).sort((x, y) => y.votes - x.votes || x.code - y.code);
    for (const { code, votes: count } of order)
      lines.push(`  ${String(count).padStart(6)}  ${code}  ${names.get(`${contest}/${code}`) ?? ""}`.trimEnd());
  }
  return lines;
}
