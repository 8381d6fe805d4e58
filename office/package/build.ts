// Definition + keys -> signed election package (firmware/election/FORMAT.md). Same input, same bytes.

import { writeU32 } from "../../firmware/bytes.js";
import { ballotLengthMax as longestBallot } from "../../firmware/election/ballot.js";
import { encode } from "../../firmware/cbor/cbor.js";
import {
  ballotLengthStep,
  dataPagesMax,
  noList,
  noText,
  photoWidth,
  packageMagic,
  packageVersion,
  pageLength,
  section,
  sectionNames,
} from "../../firmware/election/layout.js";
import { contestKinds, electionKinds } from "../../firmware/election/shapes.js";
import type { Contest, BallotStyle, Officials } from "../../firmware/election/types.js";
import { type FaceName, type Role, narrowMedium, paperMedium, roles, textSizes } from "../../ui/text/faces.js";
import { BundleWriter, TextTooLong, type Use, lineCount, widestLine } from "../text/bundle-writer.js";
import type { ElectionDefinition, OptionDefinition } from "./definition.js";
import type { ElectionKeys } from "./keys.js";
import { LimitsExceeded, type TakenLimit, problemsOf, takenLimits } from "./limits.js";
import { checkOfficials, officialsOf } from "./officials.js";
import { measurePaper } from "./paper.js";
import { searchKeys } from "./search-keys.js";
import { DoesNotFit, fields, signedTree } from "./tree.js";

/**
 * How each kind of text is shown on each medium: faces, where lines break, how many lines there may be. What is cut on
 * the screen stands in full on the slip; a name that has no room there is refused.
 */
const paperDots = { title: 560, name: 440 } as const;

function screens(role: readonly Role[], wrap: readonly [number, number, number, number], lines?: number): Use[] {
  return textSizes.map((size) => ({
    medium: size,
    faces: [...new Set(role.map((each) => roles[each][size]))],
    wrap: wrap[size],
    ...(lines === undefined ? {} : { lines }),
  }));
}

/** The same in a narrow column, for the two sizes in which that is another width. */
function narrow(role: readonly Role[], lines?: number, wrap: readonly [number, number] = [460, 460]): Use[] {
  return ([2, 3] as const).map((size) => ({
    medium: narrowMedium[size],
    faces: [...new Set(role.map((each) => roles[each][size]))],
    wrap: wrap[size - 2]!,
    ...(lines === undefined ? {} : { lines }),
  }));
}

const paper = (face: FaceName, wrap: number): Use => ({ medium: paperMedium, faces: [face], wrap });
const nameRoles = ["body-bold", "body", "caption"] as const;
/** What stands beside a name takes its room: a code of four or five digits, a photo. */
function nameUses(longCode: boolean, photos: boolean): readonly Use[] {
  const less = photos ? photoWidth + 10 : 0;
  const widths = longCode ? [304, 304, 700, 660] : [330, 330, 740, 710];
  const [small, normal, large, largest] = widths.map((width) => width - less) as [number, number, number, number];
  return [
    ...screens(nameRoles, [small, normal, large, largest], 2),
    ...narrow(nameRoles, 4, longCode ? [460, 400] : [460, 460]),
    paper("slip", paperDots.name),
  ];
}

function affiliationUses(photos: boolean): readonly Use[] {
  const small = photos ? 230 : 260;
  return [...screens(["caption"], [small, small, 600, 590], 1), ...narrow(["caption"], 2)];
}

const uses = {
  election: [...screens(["body"], [940, 940, 940, 940], 2), paper("slip-bold", paperDots.title)],
  station: [...screens(["body", "caption"], [940, 940, 940, 940], 2), paper("slip", paperDots.title)],
  contest: [
    ...screens(["body-bold", "caption-bold", "title"], [460, 680, 700, 700], 3),
    ...narrow(["caption-bold"]),
    paper("slip-bold", paperDots.title),
  ],
  heading: screens(["frame-bold"], [500, 500, 430, 430], 1),
} as const satisfies Record<string, readonly Use[]>;

export interface PackedElection {
  readonly bytes: Uint8Array;
  /** What the election takes of everything that bounds it. */
  readonly limits: readonly TakenLimit[];
}

export function buildPackage(
  definition: ElectionDefinition,
  keys: ElectionKeys,
  photos?: ReadonlyMap<string, Uint8Array>,
  officials?: Officials,
): Uint8Array {
  return packElection(definition, keys, photos, officials).bytes;
}

/**
 * `officials`: those of the test election whose keys these are when absent. Throws LimitsExceeded and DoesNotFit,
 * OfficialsProblem, and MissingCharacter of the text pipeline.
 */
export function packElection(
  definition: ElectionDefinition,
  keys: ElectionKeys,
  photos?: ReadonlyMap<string, Uint8Array>,
  officials: Officials = officialsOf(keys),
): PackedElection {
  checkOfficials(officials);
  const { sections, limits, problems } = layOutElection(definition, keys, photos, officials);
  if (problems.length > 0) throw new LimitsExceeded(limits, problems);
  return { bytes: seal(sections, keys), limits };
}

export interface LaidOutElection {
  readonly sections: Readonly<Record<keyof typeof section, Uint8Array>>;
  readonly limits: readonly TakenLimit[];
  /** Limits that are exceeded, in words. */
  readonly problems: readonly string[];
}

/** What is to be signed, whatever it exceeds. Exported for the tests, which sign what the packager itself would not. */
export function layOutElection(
  definition: ElectionDefinition,
  keys: ElectionKeys,
  photos: ReadonlyMap<string, Uint8Array> = new Map(),
  officials: Officials = officialsOf(keys),
): LaidOutElection {
  const writer = new BundleWriter();
  /** Many candidates of a large election share a name, and all of a list its affiliation. */
  const known = new Map<string, number>();
  const text = (
    kind: keyof typeof uses | "name" | "affiliation",
    value: string,
    shown: readonly Use[] = uses[kind as keyof typeof uses],
  ): number => {
    const key = JSON.stringify([kind, value, shown]);
    const number = known.get(key) ?? newText(kind, value, shown);
    known.set(key, number);
    return number;
  };
  const newText = (kind: keyof typeof uses | "name" | "affiliation", value: string, shown: readonly Use[]): number => {
    const style = { base: "rtl" as const, uses: shown };
    for (const use of style.uses) {
      for (const face of use.faces) {
        const wide = widestLine(value, style.base, use, face);
        const most = use.medium === paperMedium ? use.wrap! : 984;
        if (wide > most)
          throw new DoesNotFit(
            `${kind} "${value}" has a word of ${wide} pixels in ${face}; at most ${most} fit: shorten it`,
          );
      }
    }
    try {
      return writer.add(value, style);
    } catch (thrown) {
      if (thrown instanceof TextTooLong) throw new DoesNotFit(thrown.message);
      throw thrown;
    }
  };

  const title = text("election", definition.title);
  const stationName = text("station", definition.station.name);
  const options: number[] = [];
  /** Number of each option's name. */
  const names = new Map<OptionDefinition, number>();
  const search: Uint8Array[] = [];
  const pictures: Uint8Array[] = [];
  let picturesLength = 0;
  /** Where a photo begins, behind those before it. */
  const photoAt = (file: string | undefined): number => {
    const packed = file === undefined ? undefined : photos.get(file);
    if (packed === undefined) return noText;
    const at = picturesLength;
    pictures.push(Uint8Array.of(packed.length >> 8, packed.length & 255), packed);
    picturesLength += 2 + packed.length;
    return at;
  };
  const contests = definition.contests.map((contest) => {
    let twoLines = 0;
    const entries: { readonly key: Uint8Array; readonly option: number }[] = [];
    const seen = new Set<string>();
    const hasPhotos = contest.options.some((option) => option.photo !== undefined);
    const places = new Map(contest.options.map((option, index) => [option.code, index]));
    // beneath a candidate of an open list stands the list
    const affiliationOf = ({ affiliation, list }: OptionDefinition): string | undefined =>
      affiliation ?? (list === undefined ? undefined : contest.options[places.get(list)!]!.name);
    contest.options.forEach((option, index) => {
      const shown = nameUses(option.code > 999, hasPhotos);
      const affiliation = affiliationOf(option);
      const list = option.list === undefined ? noList : places.get(option.list)!;
      const name = text("name", option.name, shown);
      names.set(option, name);
      options.push(
        contest.id * 0x1_0000 + list,
        option.code,
        name,
        affiliation === undefined ? noText : text("affiliation", affiliation, affiliationUses(hasPhotos)),
        photoAt(option.photo),
      );
      const isNew = !seen.has(option.name);
      seen.add(option.name);
      for (const size of textSizes) if (isNew && lineCount(option.name, "rtl", shown[size]!) > 1) twoLines |= 1 << size;
      for (const key of searchKeys(option.name)) entries.push({ key, option: index });
    });
    entries.sort((a, b) => Buffer.compare(a.key, b.key) || a.option - b.option);
    for (const { key, option } of entries) search.push(Uint8Array.of(...key, option >> 8, option & 255));
    return {
      ...contest,
      title: text("contest", contest.title),
      heading: text("heading", contest.title),
      twoLines,
      affiliations: contest.options.some((option) => affiliationOf(option) !== undefined),
      searchEntries: entries.length,
      photos: hasPhotos,
    };
  });

  const { policy } = definition;
  const rules = {
    contests: contests.map((contest) => ({
      ...contest,
      options: contest.options.length,
      blankAllowed: contest.blank,
    })) as unknown as Contest[],
    styles: definition.styles as unknown as BallotStyle[],
  };
  const ballotLength = Math.ceil(longestBallot(rules) / ballotLengthStep) * ballotLengthStep;
  const paper = measurePaper({
    kind: definition.kind,
    title: writer.record(title),
    station: writer.record(stationName),
    styles: definition.styles,
    contests: contests.map((contest) => ({
      ...contest,
      title: writer.record(contest.title),
      options: contest.options.map((option) => ({ ...option, name: writer.record(names.get(option)!) })),
    })),
  });
  const { slipRows, slipWords, reportRows } = paper.needs;
  const encoded = encode(
    fields(
      electionKinds.indexOf(definition.kind),
      title,
      definition.station.number,
      stationName,
      contests.map((contest) =>
        fields(
          contest.id,
          contestKinds.indexOf(contest.kind),
          contest.title,
          contest.votesAllowed,
          contest.options.length,
          contest.blank,
          contest.heading,
          contest.twoLines,
          contest.affiliations,
          contest.searchEntries,
          contest.photos,
        ),
      ),
      definition.styles.map((style) => fields(style.id, style.contests)),
      fields(
        policy.capacity,
        policy.inactivity_s,
        policy.alert_s,
        policy.parked_s,
        policy.slip_s,
        policy.slipAttempts,
        policy.k,
      ),
      keys.collector.publicKey,
      fields(keys.cards.issuerKey, keys.cards.epoch, keys.cards.revoked),
      ballotLength,
      fields(slipRows, slipWords, reportRows),
      keys.escrow.publicKey,
      keys.audit.publicKey,
      officials.cards.map(({ role, boxKey }) => fields(role === "executive" ? 1 : 2, boxKey)),
      [officials.needed.executive, officials.needed.supervision],
    ),
  );
  const table = new Uint8Array(4 * options.length);
  options.forEach((value, i) => writeU32(table, 4 * i, value));
  const sections = {
    definition: encoded,
    options: table,
    texts: writer.texts(),
    search: new Uint8Array(Buffer.concat(search)),
    photos: new Uint8Array(Buffer.concat(pictures)),
    atlas: writer.atlas(),
    names: encode([
      definition.title,
      definition.station.name,
      definition.contests.map((contest) => [contest.title, contest.options.map((option) => option.name)]),
    ]),
  };
  const election = { ...rules, policy, ballotLength, paper: paper.needs };
  const limits = takenLimits(
    { ...election, options: names.size },
    {
      definition: encoded.length,
      glyphs: sections.atlas.length,
      pages: Math.ceil(Object.values(sections).reduce((sum, bytes) => sum + bytes.length, 0) / pageLength),
    },
  );
  return { sections, limits, problems: problemsOf(limits, definition, election, paper) };
}

/** Pages, hash tree, envelope, signature. Exported for the tests, which sign what the packager itself would not. */
export function seal(
  sections: Readonly<Record<keyof typeof section, Uint8Array>>,
  keys: Pick<ElectionKeys, "authority">,
): Uint8Array {
  const directory: number[][] = [];
  let offset = 0;
  for (const name of sectionNames) {
    directory.push([section[name], offset, sections[name].length]);
    offset += sections[name].length;
  }
  const pages = Math.ceil(offset / pageLength);
  if (pages > dataPagesMax) throw new DoesNotFit(`the package takes ${pages} pages; at most ${dataPagesMax} fit`);
  const data = new Uint8Array(pages * pageLength);
  sectionNames.forEach((name, i) => data.set(sections[name], directory[i]![1]));

  return signedTree(data, keys, {
    kind: "sandogh/package",
    magic: packageMagic,
    version: packageVersion,
    head: (root) => fields(1, pages, root, directory),
  });
}
