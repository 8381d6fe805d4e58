// Titles and names as plain text, from the signed package: what is printed beside votes is what was signed with them.

import { decode } from "../../firmware/cbor/cbor.js";
import { array, text, tuple } from "../../firmware/cbor/shape.js";
import { contestsMax, optionsPerContestMax } from "../../firmware/election/layout.js";
import type { ElectionPackage, OptionIndex } from "../../firmware/election/types.js";

/** UTF-8 bytes of a title or name. */
const nameMax = 4_096;

const shape = tuple<[string, string, [string, string[]][]]>(
  text(nameMax),
  text(nameMax),
  array(tuple<[string, string[]]>(text(nameMax), array(text(nameMax), optionsPerContestMax)), contestsMax),
);

export interface Names {
  readonly title: string;
  readonly station: string;
  readonly contests: ReadonlyMap<number, string>;
  /** By "contest/code". */
  readonly options: ReadonlyMap<string, string>;
}

/** Throws RangeError for a package whose names are not of its contests: its authority has signed it so. */
export function namesOf(pack: ElectionPackage): Names {
  const decoded = decode(pack.names());
  const read = decoded.ok ? shape.read(decoded.value) : undefined;
  if (read === undefined || !read.ok) throw new RangeError("the package's names are not in their form");
  const [title, station, contests] = read.value;
  const titles = new Map<number, string>();
  const options = new Map<string, string>();
  if (contests.length !== pack.election.contests.length) throw new RangeError("names of other contests");
  for (const [i, contest] of pack.election.contests.entries()) {
    const [name, names] = contests[i]!;
    if (names.length !== contest.options) throw new RangeError(`contest ${contest.id}: names of other options`);
    titles.set(contest.id, name);
    for (const [index, each] of names.entries())
      options.set(`${contest.id}/${pack.option(contest.id, index as OptionIndex).code}`, each);
  }
  return { title, station, contests: titles, options };
}
