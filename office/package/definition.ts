// An election as people write it, in YAML or JSON: read strictly, every mistake with its file, line, column, and what
// to do.

import { LineCounter, type Node, isMap, isScalar, isSeq, parseDocument } from "yaml";
import {
  codeMax,
  contestsMax,
  optionsMax,
  optionsPerContestMax,
  stylesMax,
  votesAllowedMax,
} from "../../firmware/election/layout.js";
import { lookOf, problemOfText } from "../text/readable.js";
import { contestKinds, electionKinds, policyLimits } from "../../firmware/election/shapes.js";
import type { ContestKind, ElectionKind, Policy } from "../../firmware/election/types.js";

export interface OptionDefinition {
  readonly code: number;
  readonly name: string;
  readonly affiliation: string | undefined;
  /** In an open list: the code of the list that the candidate is on. */
  readonly list: number | undefined;
  /** A picture's file, from the definition's folder. */
  readonly photo: string | undefined;
}

export interface ContestDefinition {
  readonly id: number;
  readonly kind: ContestKind;
  readonly title: string;
  readonly votesAllowed: number;
  readonly blank: boolean;
  /** Ascending by code. */
  readonly options: readonly OptionDefinition[];
}

export interface ElectionDefinition {
  readonly title: string;
  readonly kind: ElectionKind;
  readonly station: { readonly number: number; readonly name: string };
  readonly contests: readonly ContestDefinition[];
  readonly styles: readonly { readonly id: number; readonly contests: readonly number[] }[];
  readonly policy: Policy;
}

export interface DefinitionProblem {
  readonly file: string;
  /** 1-based */
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** More than these are not reported at once. */
export const problemsMax = 20;
/** Bytes of a definition file. */
export const definitionFileMax = 4_000_000;
/** Characters; what fits on the screen and on paper is measured by the packager besides. */
export const nameLengthMax = 60;
export const titleLengthMax = 80;
const pathLengthMax = 300;

export const policyDefaults: Policy = {
  capacity: 3_000,
  inactivity_s: 180,
  alert_s: 30,
  parked_s: 120,
  slip_s: 7,
  slipAttempts: 3,
  k: 10,
};

export function problemLine(problem: DefinitionProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.what}`;
}

export type DefinitionResult =
  | { readonly ok: true; readonly value: ElectionDefinition }
  | { readonly ok: false; readonly problems: readonly DefinitionProblem[] };

export function parseDefinition(text: string, file: string): DefinitionResult {
  if (text.length > definitionFileMax)
    return {
      ok: false,
      problems: [
        {
          file,
          line: 1,
          column: 1,
          what: `the file is longer than ${definitionFileMax} characters; split the election by constituency`,
        },
      ],
    };
  const lines = new LineCounter();
  // aliases are refused: a small file must not become a large election
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
    version: "1.2",
  });
  const reader = new DefinitionReader(file, lines);
  for (const error of document.errors) reader.problemAt(error.pos[0], `${error.message}; correct the YAML`);
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const value = reader.election(document.contents);
  return value !== undefined && reader.problems.length === 0
    ? { ok: true, value }
    : { ok: false, problems: reader.problems };
}

type Fields = ReadonlyMap<string, { readonly key: Node; readonly value: Node }>;

class DefinitionReader {
  readonly problems: DefinitionProblem[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  problemAt(offset: number, what: string): undefined {
    if (this.problems.length === problemsMax) return undefined;
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ file: this.#file, line: Math.max(1, line), column: Math.max(1, col), what });
    return undefined;
  }

  election(node: unknown): ElectionDefinition | undefined {
    const fields = this.#map(node, "the election", ["title", "kind", "station", "contests", "styles"], ["policy"]);
    if (fields === undefined) return undefined;
    const title = this.#text(fields, "title", titleLengthMax);
    const kind = this.#one(fields, "kind", electionKinds);
    const station = this.#station(fields.get("station")?.value);
    const contests = this.#list(fields.get("contests"), "contests", contestsMax, (each) => this.#contest(each));
    if (contests !== undefined) {
      const total = contests.reduce((sum, contest) => sum + contest.options.length, 0);
      if (total > optionsMax)
        this.problemAt(
          start(fields.get("contests")!.key),
          `the contests have ${total} options together; a terminal holds at most ${optionsMax}: split the election by constituency`,
        );
      this.#once(
        fields,
        "contests",
        contests.map((contest) => contest.id),
        "contest id",
      );
    }
    const ids = contests?.map((contest) => contest.id) ?? [];
    const styles = this.#list(fields.get("styles"), "styles", stylesMax, (each) =>
      this.#style(each, ids, contests !== undefined),
    );
    if (styles !== undefined)
      this.#once(
        fields,
        "styles",
        styles.map((style) => style.id),
        "style id",
      );
    const policy = this.#policy(fields.get("policy")?.value);
    if (
      title === undefined ||
      kind === undefined ||
      station === undefined ||
      contests === undefined ||
      styles === undefined ||
      policy === undefined
    )
      return undefined;
    return { title, kind, station, contests, styles, policy };
  }

  #station(node: unknown): ElectionDefinition["station"] | undefined {
    if (node === undefined) return undefined;
    const fields = this.#map(node, "station", ["number", "name"], []);
    if (fields === undefined) return undefined;
    const number = this.#whole(fields, "number", 1, 999_999);
    const name = this.#text(fields, "name", titleLengthMax);
    return number === undefined || name === undefined ? undefined : { number, name };
  }

  #contest(node: unknown): ContestDefinition | undefined {
    const fields = this.#map(
      node,
      "a contest",
      ["id", "kind", "title", "options"],
      ["votesAllowed", "preferences", "blank"],
    );
    if (fields === undefined) return undefined;
    const id = this.#whole(fields, "id", 1, 0xffff);
    const kind = this.#one(fields, "kind", contestKinds);
    const title = this.#text(fields, "title", titleLengthMax);
    const blank = fields.has("blank") ? this.#bool(fields, "blank") : true;
    const entry = fields.get("options")!;
    if (isSeq(entry.value) && entry.value.items.length > optionsPerContestMax)
      return this.problemAt(
        start(entry.key),
        `this contest has ${entry.value.items.length} options; a contest holds at most ${optionsPerContestMax}: divide it into constituencies`,
      );
    const options = this.#list(entry, "options", optionsPerContestMax, (each) => this.#option(each));
    if (fields.has("votesAllowed") && (kind === "list" || kind === "question"))
      return this.problemAt(start(fields.get("votesAllowed")!.key), `a ${kind} allows one choice: remove votesAllowed`);
    if (kind === "open-list" && fields.has("votesAllowed"))
      return this.problemAt(
        start(fields.get("votesAllowed")!.key),
        "an open-list has one list and its preferences: replace votesAllowed by preferences",
      );
    if (fields.has("preferences") !== (kind === "open-list"))
      return this.problemAt(
        start((fields.get("preferences") ?? fields.get("kind"))!.key),
        kind === "open-list"
          ? "an open-list contest needs preferences"
          : "preferences are for an open-list: remove them",
      );
    if (kind === "n-of-m" && !fields.has("votesAllowed"))
      return this.problemAt(start(fields.get("kind")!.key), "an n-of-m contest needs votesAllowed");
    const preferences = fields.has("preferences") ? this.#whole(fields, "preferences", 1, votesAllowedMax - 1) : 0;
    const votesAllowed = fields.has("votesAllowed")
      ? this.#whole(fields, "votesAllowed", 1, votesAllowedMax)
      : preferences === undefined
        ? undefined
        : 1 + preferences;
    if (
      id === undefined ||
      kind === undefined ||
      title === undefined ||
      blank === undefined ||
      options === undefined ||
      votesAllowed === undefined
    )
      return undefined;
    if (votesAllowed > options.length)
      return this.problemAt(
        start(fields.get("votesAllowed")!.value),
        `votesAllowed is ${votesAllowed}, but there are only ${options.length} options`,
      );
    const items = (entry.value as { items: readonly unknown[] }).items;
    const seen = new Map<number, number>();
    options.forEach((option, i) => {
      if (seen.has(option.code))
        this.problemAt(
          start(items[i]),
          `code ${option.code} is used twice in this contest (first by option ${seen.get(option.code)! + 1}): every option needs its own`,
        );
      else seen.set(option.code, i);
    });
    options.forEach((option, i) => {
      if (option.list === undefined) return;
      const list = options.find((each) => each.code === option.list);
      if (kind !== "open-list")
        this.problemAt(start(items[i]), `only an open-list has candidates on lists: remove "list"`);
      else if (list === undefined || list.list !== undefined)
        this.problemAt(start(items[i]), `there is no list ${option.list}: an option without "list" is one`);
    });
    this.#twins(id, options, items);
    return { id, kind, title, votesAllowed, blank, options: [...options].sort((a, b) => a.code - b.code) };
  }

  /** Names that differ for a machine and not for a voter. Namesakes, written alike, may stand on one ballot. */
  #twins(contest: number, options: readonly OptionDefinition[], items: readonly unknown[]): void {
    const seen = new Map<string, OptionDefinition>();
    options.forEach((option, i) => {
      const look = `${lookOf(option.name)} ${lookOf(option.affiliation ?? "")}`;
      const other = seen.get(look);
      if (other === undefined) seen.set(look, option);
      else if (other.name !== option.name)
        this.problemAt(
          start(items[i]),
          `contest ${contest}: the names of ${other.code} and ${option.code} look the same and are written differently: write them alike, or tell the two apart`,
        );
    });
  }

  #option(node: unknown): OptionDefinition | undefined {
    const fields = this.#map(node, "an option", ["code", "name"], ["affiliation", "list", "photo"]);
    if (fields === undefined) return undefined;
    const code = this.#whole(fields, "code", 1, codeMax);
    const name = this.#text(fields, "name", nameLengthMax);
    const affiliation = fields.has("affiliation") ? this.#text(fields, "affiliation", nameLengthMax) : undefined;
    const list = fields.has("list") ? this.#whole(fields, "list", 1, codeMax) : undefined;
    const photo = fields.has("photo") ? this.#text(fields, "photo", pathLengthMax) : undefined;
    return code === undefined || name === undefined ? undefined : { code, name, affiliation, list, photo };
  }

  #style(node: unknown, ids: readonly number[], known: boolean): { id: number; contests: number[] } | undefined {
    const fields = this.#map(node, "a ballot style", ["id", "contests"], []);
    if (fields === undefined) return undefined;
    const id = this.#whole(fields, "id", 1, 0xffff);
    const seen = new Set<number>();
    const contests = this.#list(fields.get("contests"), "contests", contestsMax, (each) => {
      const contest = isScalar(each) ? each.value : undefined;
      if (typeof contest !== "number" || (known && !ids.includes(contest)))
        return this.problemAt(
          start(each),
          `expected the id of a contest${known ? ` (${ids.slice(0, 8).join(", ")})` : ""}`,
        );
      if (seen.has(contest)) return this.problemAt(start(each), `contest ${contest} is in this style twice`);
      seen.add(contest);
      return contest;
    });
    return id === undefined || contests === undefined ? undefined : { id, contests };
  }

  #policy(node: unknown): Policy | undefined {
    if (node === undefined) return policyDefaults;
    const names = Object.keys(policyLimits) as (keyof typeof policyLimits)[];
    const fields = this.#map(node, "policy", [], names);
    if (fields === undefined) return undefined;
    let good = true;
    const policy: { -readonly [Key in keyof Policy]: Policy[Key] } = { ...policyDefaults };
    for (const name of names) {
      if (!fields.has(name)) continue;
      const [least, most] = policyLimits[name];
      const value = this.#whole(fields, name, least, most);
      if (value === undefined) good = false;
      else policy[name] = value;
    }
    return good ? policy : undefined;
  }

  #once(fields: Fields, name: string, ids: readonly number[], what: string): void {
    const entry = fields.get(name)!;
    const items = isSeq(entry.value) ? entry.value.items : [];
    ids.forEach((id, i) => {
      if (ids.indexOf(id) !== i)
        this.problemAt(start(items[i]), `${what} ${id} is used twice: every one needs its own`);
    });
  }

  #map(node: unknown, what: string, required: readonly string[], optional: readonly string[]): Fields | undefined {
    if (!isMap(node))
      return this.problemAt(
        start(node),
        `${what} must be a list of "key: value" with ${[...required, ...optional].join(", ")}`,
      );
    const fields = new Map<string, { key: Node; value: Node }>();
    let good = true;
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      if (!required.includes(key) && !optional.includes(key)) {
        this.problemAt(start(pair.key), `${what} has no "${key}"; known are ${[...required, ...optional].join(", ")}`);
        good = false;
      } else fields.set(key, { key: pair.key as Node, value: pair.value as Node });
    }
    for (const name of required) {
      if (fields.has(name)) continue;
      this.problemAt(start(node), `${what} lacks "${name}"`);
      good = false;
    }
    return good ? fields : undefined;
  }

  #list<T>(
    entry: { readonly key: Node; readonly value: Node } | undefined,
    what: string,
    max: number,
    read: (node: unknown) => T | undefined,
  ): T[] | undefined {
    if (entry === undefined) return undefined;
    if (!isSeq(entry.value)) return this.problemAt(start(entry.value ?? entry.key), `${what} must be a list`);
    if (entry.value.items.length === 0)
      return this.problemAt(start(entry.key), `${what} is empty: at least one is needed`);
    if (entry.value.items.length > max)
      return this.problemAt(start(entry.key), `${what} has ${entry.value.items.length} entries; at most ${max} fit`);
    const out: T[] = [];
    let good = true;
    for (const item of entry.value.items) {
      const value = read(item);
      if (value === undefined) good = false;
      else out.push(value);
    }
    return good ? out : undefined;
  }

  #text(fields: Fields, name: string, max: number): string | undefined {
    const { value, key } = fields.get(name)!;
    const text = isScalar(value) ? value.value : undefined;
    if (typeof text !== "string" || text.trim() === "")
      return this.problemAt(start(value ?? key), `${name} must be a text; put it in quotes if it looks like a number`);
    const clean = text.normalize("NFC").trim();
    if ([...clean].length > max)
      return this.problemAt(start(value), `${name} has ${[...clean].length} characters; at most ${max} fit`);
    const problem = problemOfText(clean);
    return problem === undefined ? clean : this.problemAt(start(value), `${name} ${problem}`);
  }

  #whole(fields: Fields, name: string, least: number, most: number): number | undefined {
    const { value, key } = fields.get(name)!;
    const number = isScalar(value) ? value.value : undefined;
    // 1e3 and 0x65 are numbers in YAML; in a list of codes they are slips of somebody
    if (typeof number === "number" && isScalar(value) && !/^-?\d+$/.test(value.source ?? ""))
      return this.problemAt(start(value), `${name} is written as ${value.source}: write ${number} in digits 0 to 9`);
    if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most)
      return this.problemAt(start(value ?? key), `${name} must be a whole number from ${least} to ${most}`);
    return number;
  }

  #bool(fields: Fields, name: string): boolean | undefined {
    const { value, key } = fields.get(name)!;
    const flag = isScalar(value) ? value.value : undefined;
    return typeof flag === "boolean" ? flag : this.problemAt(start(value ?? key), `${name} must be true or false`);
  }

  #one<const T extends string>(fields: Fields, name: string, allowed: readonly T[]): T | undefined {
    const { value, key } = fields.get(name)!;
    const found = allowed.find((each) => isScalar(value) && each === value.value);
    return found ?? this.problemAt(start(value ?? key), `${name} must be one of ${allowed.join(", ")}`);
  }
}

function start(node: unknown): number {
  return (node as { range?: readonly [number, number, number] | null } | null)?.range?.[0] ?? 0;
}
