// npx sandogh archive: verified copies of what a terminal holds, and the receipt that lets it release the election.

import { join } from "node:path";
import { archive as archiveImages, receiptFile } from "../../office/archive/archive.js";
import {
  assignmentsBeside,
  auditHelp,
  auditKeysIn,
  keysFolder,
  keysIn,
  readAssigned,
  readImage,
  readingCrypto,
} from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { exitCode } from "../command-line/complaint.js";
import { inFile, outFolder } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Verifies the images of both media of a terminal whose polls are closed and counted, keeps copies of them, of
the package and of the results, reads them back, and only then signs the receipt without which the terminal
releases nothing. The receipt belongs at 0x8000 of its main flash. Ends with 1, and signs nothing, when anything
is wrong.`;

export const archive: CommandMaker = ({ streams, done }) =>
  commandOf("archive", description, [
    "archive --package DIR/election.pkg --a DIR/medium-a.bin --b DIR/medium-b.bin --keys DIR --out ARCHIVE",
  ])
    .requiredOption("--package <file>", "the signed election package", inFile("--package"))
    .option("--assignments <file>", "the signed list of assignments; beside the package", inFile("--assignments"))
    .requiredOption("--a <file>", "image of medium A", inFile("--a"))
    .requiredOption("--b <file>", "image of medium B", inFile("--b"))
    .requiredOption("--keys <dir>", "folder of a test election's keys, to sign with", keysFolder)
    .option("--audit <file>", auditHelp, inFile("--audit"))
    .requiredOption("--out <dir>", "folder of the archive", outFolder("--out"))
    .option("--json", jsonHelp)
    .action(async ({ package: packagePath, assignments, a, b, keys: keysPath, audit, out, json }) => {
      const talk = new Talk(streams, { json });
      const keys = await keysIn(keysPath);
      const { bytes, election, assignmentsBytes } = readAssigned(
        packagePath,
        assignmentsBeside(packagePath, assignments),
        keys,
      );
      const archived = archiveImages(
        {
          crypto: readingCrypto,
          election,
          packageBytes: bytes,
          assignmentsBytes,
          a: await readImage(a, election),
          b: await readImage(b, election),
          authoritySecretKey: keys.authority.secretKey,
          ...(audit === undefined ? {} : { audit: await auditKeysIn(audit, election) }),
        },
        out,
      );
      if (!archived.ok) {
        const { problems } = archived;
        talk.result({ ok: false, problems }, [...problems.map((each) => `WRONG ${each}`), "nothing was signed"]);
        done(exitCode.failed);
        return;
      }
      const receipt = join(out, receiptFile);
      const { terminal, ballots } = archived;
      talk.result({ ok: true, out, receipt, terminal, ballots }, [
        `verified and kept in ${out}; ${receipt} lets the terminal release the election`,
      ]);
      done(exitCode.done);
    });
