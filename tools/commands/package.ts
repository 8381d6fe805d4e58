// npx sandogh package: an election definition becomes a signed package.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { buildPackage } from "../../office/package/build.js";
import { parseDefinition, problemLine } from "../../office/package/definition.js";
import { packPhotos } from "../../office/package/photo.js";
import { TerminalsProblem, parseTerminals } from "../../office/package/terminals.js";
import { keysIn } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { complaining, exitCode } from "../command-line/complaint.js";
import { packingErrors } from "../command-line/election-errors.js";
import { inFile, outFile, outFolder } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Makes a signed package of an election definition. Keys of a test election are made when there are none.
Ends with 1, and names every mistake, when the definition has any.`;

export const packageElection: CommandMaker = ({ streams, done }) =>
  commandOf("package", description, [
    "package --election office/examples/example.yaml --keys /tmp/keys --out /tmp/election.pkg",
  ])
    .requiredOption("--election <file>", "the definition (YAML or JSON)", inFile("--election"))
    .requiredOption("--keys <dir>", "folder of a test election's keys", outFolder("--keys"))
    .requiredOption("--out <file>", "the package", outFile("--out"))
    .option(
      "--terminals <file>",
      "the station's terminals, as JSON: id, publicKey and partKey of each",
      inFile("--terminals"),
    )
    .option("--json", jsonHelp)
    .action(async ({ election, keys, out, terminals: list, json }) => {
      const talk = new Talk(streams, { json });
      const terminals =
        list === undefined
          ? []
          : await complaining([TerminalsProblem], () => parseTerminals(readFileSync(list, "utf8")), list);
      const definition = parseDefinition(readFileSync(election, "utf8"), election);
      if (!definition.ok) {
        const problems = definition.problems.map(problemLine);
        talk.result(
          { ok: false, problems },
          problems.map((each) => `WRONG ${each}`),
        );
        done(exitCode.failed);
        return;
      }
      const { contests } = definition.value;
      const bytes = await complaining(
        packingErrors,
        async () => {
          const photos = await packPhotos(definition.value, dirname(election));
          return buildPackage(definition.value, await keysIn(keys), terminals, photos);
        },
        election,
      );
      writeFileSync(out, bytes);
      const options = contests.reduce((sum, contest) => sum + contest.options.length, 0);
      const figures = { contests: contests.length, options, terminals: terminals.length, bytes: bytes.length };
      const line = Object.entries(figures)
        .map(([name, value]) => `${value} ${name}`)
        .join(", ");
      talk.result({ ok: true, out, ...figures }, [`${out}: ${line}`]);
      done(exitCode.done);
    });
