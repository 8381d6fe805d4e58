// npx sandogh roll: a list of voters becomes the signed roll of a station's identity desks.

import { writeFileSync } from "node:fs";
import { checkInsMax } from "../../firmware/roll/layout.js";
import { DoesNotFit } from "../../office/package/tree.js";
import { buildRoll } from "../../office/roll/build.js";
import { parseVoters } from "../../office/roll/voters.js";
import { keysIn, readPackage } from "../command-line/authority.js";
import { withCardRules } from "../command-line/card-rules.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, complaining, exitCode } from "../command-line/complaint.js";
import { inFile, outFile, outFolder, whole } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";
import { textIn } from "../command-line/text-file.js";

const description = `Makes the signed electoral roll of a station's identity desks. Keys of a test election are made when there are
none. Ends with 1, and names every mistake, when the list of voters has any.`;
const stationMax = 999_999;
const capacityUsual = 3_000;

export const roll: CommandMaker = ({ streams, done }) =>
  commandOf("roll", description, [
    "roll --voters voters.txt --station 17 --keys /tmp/keys --package /tmp/election.pkg --out /tmp/roll.bin",
  ])
    .requiredOption("--voters <file>", "a line each: national number and ballot style", inFile("--voters"))
    .requiredOption("--station <n>", "the station's number", whole("--station", 1, stationMax))
    .requiredOption("--keys <dir>", "folder of a test election's keys", outFolder("--keys"))
    .requiredOption("--package <file>", "the election package whose ballots these voters get", inFile("--package"))
    .requiredOption("--out <file>", "the roll", outFile("--out"))
    .option("--capacity <n>", "check-ins that a desk has room for", whole("--capacity", 1, checkInsMax), capacityUsual)
    .option("--revoked <file>", "serials of lost cards, one a line", inFile("--revoked"))
    .option("--test", "a test election: its desks say so")
    .option("--json", jsonHelp)
    .action(async (options) => {
      const { voters: path, station, keys, package: packagePath, out, capacity, revoked, json } = options;
      const talk = new Talk(streams, { json });
      const authority = await keysIn(keys);
      const { id: election, station: ballots, cards, kind } = readPackage(packagePath, authority).pack.election;
      if (ballots !== station) throw new Complaint(`${packagePath}: is for station ${ballots}, not ${station}`);
      const file = textIn(path);
      const list = parseVoters(file.text);
      if (!list.ok) {
        const problems = list.problems.map((problem) => `${path}: ${problem}`);
        talk.result(
          { ok: false, problems },
          problems.map((each) => `WRONG ${each}`),
        );
        done(exitCode.failed);
        return;
      }
      const { voters, styles } = list;
      const notices = [...file.notices, ...list.notices];
      const rollKeys = await withCardRules(keys, cards.epoch, revoked);
      const bytes = await complaining(
        [DoesNotFit],
        () => buildRoll({ kind, station, styles, capacity, election, voters }, rollKeys),
        path,
      );
      writeFileSync(out, bytes);
      const bits = ((bytes.length * 8) / voters.length).toFixed(2);
      talk.result({ ok: true, out, voters: voters.length, areas: styles.length, bytes: bytes.length, notices }, [
        ...notices.map((notice) => `NOTICE ${path}: ${notice}`),
        `${out}: ${voters.length} voters, ${styles.length} areas, ${bytes.length} bytes, ${bits} bits a voter`,
      ]);
      done(exitCode.done);
    });
