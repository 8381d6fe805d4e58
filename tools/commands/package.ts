// npx sandogh package: an election definition becomes a signed package.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type PackedElection, packElection } from "../../office/package/build.js";
import { parseDefinition, problemLine } from "../../office/package/definition.js";
import { LimitsExceeded, type TakenLimit } from "../../office/package/limits.js";
import { OfficialsProblem, parseOfficials } from "../../office/package/officials.js";
import { packPhotos } from "../../office/package/photo.js";
import { kindLines, needKind } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { complaining, exitCode } from "../command-line/complaint.js";
import { packingErrors } from "../command-line/election-errors.js";
import { withCardRules } from "../command-line/card-rules.js";
import { inFile, outFile, outFolder, whole } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";
import { textIn } from "../command-line/text-file.js";

const description = `Makes a signed package of an election definition. Keys of a test election are made when there are none.
Says what the election takes of each limit of a terminal. Ends with 1, and names every mistake and every limit that
is exceeded, when there are any.`;

export const packageElection: CommandMaker = ({ streams, done }) =>
  commandOf("package", description, [
    "package --election office/examples/example.yaml --keys /tmp/keys --out /tmp/election.pkg",
  ])
    .requiredOption("--election <file>", "the definition (YAML or JSON)", inFile("--election"))
    .requiredOption("--keys <dir>", "folder of a test election's keys", outFolder("--keys"))
    .requiredOption("--out <file>", "the package", outFile("--out"))
    .option(
      "--officials <file>",
      "the station's officials' cards, as JSON: office and boxKey of each; those of the test election when absent",
      inFile("--officials"),
    )
    .option("--epoch <n>", "number of the election, as its cards have it", whole("--epoch", 0, 0xffff_ffff), 1)
    .option("--revoked <file>", "serials of lost cards, one a line", inFile("--revoked"))
    .option("--json", jsonHelp)
    .action(async ({ election, keys, out, officials: cards, epoch, revoked, json }) => {
      const talk = new Talk(streams, { json });
      const officials =
        cards === undefined
          ? undefined
          : await complaining([OfficialsProblem], () => parseOfficials(readFileSync(cards, "utf8")), cards);
      const file = textIn(election);
      const definition = parseDefinition(file.text, election);
      if (!definition.ok) {
        const problems = definition.problems.map(problemLine);
        talk.result(
          { ok: false, problems },
          problems.map((each) => `WRONG ${each}`),
        );
        done(exitCode.failed);
        return;
      }
      const { contests, kind } = definition.value;
      const own = await withCardRules(keys, epoch, revoked);
      needKind(election, kind, own);
      const packed = await complaining(
        packingErrors,
        async (): Promise<PackedElection | LimitsExceeded> => {
          const photos = await packPhotos(definition.value, dirname(election));
          try {
            return packElection(definition.value, own, photos, officials);
          } catch (thrown) {
            if (thrown instanceof LimitsExceeded) return thrown;
            throw thrown;
          }
        },
        election,
      );
      if (packed instanceof LimitsExceeded) {
        const { problems, limits } = packed;
        talk.result(
          { ok: false, problems: problems.map((each) => `${election}: ${each}`), limits },
          problems.map((each) => `WRONG ${election}: ${each}`),
        );
        done(exitCode.failed);
        return;
      }
      const { bytes, limits } = packed;
      writeFileSync(out, bytes);
      const options = contests.reduce((sum, contest) => sum + contest.options.length, 0);
      const figures = { contests: contests.length, options, bytes: bytes.length };
      const line = Object.entries(figures)
        .map(([name, value]) => `${value} ${name}`)
        .join(", ");
      talk.result({ ok: true, out, kind, ...figures, limits, notices: file.notices }, [
        ...file.notices.map((notice) => `NOTICE ${election}: ${notice}`),
        `${out}: ${line}`,
        ...kindLines(kind),
        ...limitTable(limits),
      ]);
      done(exitCode.done);
    });

/** What the election takes of each limit, as a table. */
function limitTable(limits: readonly TakenLimit[]): string[] {
  const rows = limits.map(({ what, taken, most, unit }) => [
    what,
    taken.toLocaleString("en"),
    most.toLocaleString("en"),
    unit === "count" ? "" : unit,
  ]);
  const widthOf = (column: number): number => Math.max(...rows.map((row) => row[column]!.length));
  const [whatWidth, takenWidth, mostWidth] = [widthOf(0), widthOf(1), widthOf(2)];
  return rows.map(([what, taken, most, unit]) =>
    `  ${what!.padEnd(whatWidth)}  ${taken!.padStart(takenWidth)} of ${most!.padStart(mostWidth)} ${unit!}`.trimEnd(),
  );
}
