// npx sandogh inspect: what images of a terminal's storage media hold, and what is wrong with them.

import { countRecords } from "../../office/inspect/count.js";
import { type MediumView, inspect as inspectImages } from "../../office/inspect/inspect.js";
import { verificationCode } from "../../firmware/tally/results.js";
import {
  assignmentsBeside,
  assignmentsOption,
  auditHelp,
  auditKeysIn,
  keysFolder,
  kindLines,
  keysIn,
  readAssigned,
  readImage,
  readingCrypto,
} from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { inFile } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Validates images of a terminal's storage media and names what is wrong; with the keys of a test election
it opens and counts. Ends with 1 when anything is wrong.`;

function mediumLine(medium: MediumView): string {
  const { name, terminal, committed, voided, undecided, free, ticks, spent, openTransactions } = medium;
  const slots = `${committed.size} good records, ${voided} voided, ${undecided.length} undecided, ${free} free slots`;
  const marks = `${ticks} ticks, ${spent} spent marks, ${openTransactions} open transactions`;
  return `medium ${name}: terminal ${terminal ?? "unknown"}, ${slots}; ${marks}`;
}

export const inspect: CommandMaker = ({ streams, done }) =>
  commandOf("inspect", description, [
    "inspect --package DIR/election.pkg --a DIR/medium-a.bin --b DIR/medium-b.bin --keys DIR",
  ])
    .requiredOption("--package <file>", "the signed election package", inFile("--package"))
    .addOption(assignmentsOption)
    .option("--a <file>", "image of medium A", inFile("--a"))
    .option("--b <file>", "image of medium B", inFile("--b"))
    .option("--keys <dir>", "folder of a test election's keys: checks the package's signature, and counts", keysFolder)
    .option("--audit <file>", auditHelp, inFile("--audit"))
    .option("--journal", "the journal as well")
    .option("--json", jsonHelp)
    .action(async (options) => {
      const talk = new Talk(streams, options);
      if (options.a === undefined && options.b === undefined)
        throw new Complaint("neither --a nor --b: name the image of at least one medium");
      const keys = options.keys === undefined ? undefined : await keysIn(options.keys);
      const { pack, election } = readAssigned(
        options.package,
        assignmentsBeside(options.package, options.assignments),
        keys,
      );
      const audit = options.audit === undefined ? undefined : await auditKeysIn(options.audit, election);
      const images = {
        ...(options.a === undefined ? {} : { a: await readImage(options.a, election) }),
        ...(options.b === undefined ? {} : { b: await readImage(options.b, election) }),
      };
      const found = inspectImages(readingCrypto, election, images, audit);
      const counted =
        keys === undefined ? undefined : countRecords(readingCrypto, pack, election.terminals, found, keys);
      const problems = [...found.problems, ...(counted?.problems ?? [])];
      const results =
        found.results === undefined
          ? undefined
          : {
              ballots: found.results.results.ballots,
              code: verificationCode(readingCrypto, found.results.signedResults).join(" "),
            };
      const lines = [
        ...kindLines(election.kind),
        ...found.media.map(mediumLine),
        `${found.records.size} ballots in all`,
      ];
      if (results !== undefined)
        lines.push(`results signed by the terminal: ${results.ballots} ballots, verification code ${results.code}`);
      for (const { contest, ballots, blank, undervotes, votes } of counted?.contests ?? []) {
        const some = votes
          .filter((each) => each.votes > 0)
          .map((each) => `${each.code}:${each.votes}`)
          .join(" ");
        lines.push(`contest ${contest}: ${ballots} ballots, ${blank} blank, ${undervotes} undervotes; ${some}`);
      }
      if (options.journal === true) lines.push("", ...found.journal);
      for (const problem of problems) lines.push(`WRONG ${problem}`);
      for (const what of found.unchecked) lines.push(`not checked: ${what}`);
      lines.push(
        problems.length === 0 ? "nothing is wrong in what was checked" : `${problems.length} things are wrong`,
      );
      const media = found.media.map(({ committed, layout: _, ...medium }) => ({
        ...medium,
        committed: committed.size,
      }));
      talk.result(
        {
          kind: election.kind,
          media,
          ballots: found.records.size,
          results,
          contests: counted?.contests,
          problems,
          unchecked: found.unchecked,
          ...(options.journal === true ? { journal: found.journal } : {}),
        },
        lines,
      );
      done(problems.length === 0 ? exitCode.done : exitCode.failed);
    });
