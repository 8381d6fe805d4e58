// npx sandogh archive: verified copies of what a terminal holds, and the receipt that lets it release the election.

import { join } from "node:path";
import { archive as archiveImages, receiptFile } from "../../office/archive/archive.js";
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
import { inFile, outFolder } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Verifies the images of both media of a terminal whose polls are closed and counted, keeps copies of them, of
the package and of the results, reads them back, and only then signs the receipt without which the terminal
releases nothing. It needs the terminal's audit keys, which the auditor opens: no receipt is signed for what
nobody could check. The receipt belongs at 0x8000 of its main flash. Ends with 1, and signs nothing, when
anything is wrong.`;

const noAudit =
  `--audit is missing: a receipt is signed only for what was checked to the last; the auditor opens the terminal's
audit keys with "npx sandogh audit-keys"`.replace("\n", " ");

export const archive: CommandMaker = ({ streams, done }) =>
  commandOf("archive", description, [
    "archive --package DIR/election.pkg --a DIR/medium-a.bin --b DIR/medium-b.bin --keys DIR --audit FILE --out ARCHIVE",
  ])
    .requiredOption("--package <file>", "the signed election package", inFile("--package"))
    .addOption(assignmentsOption)
    .requiredOption("--a <file>", "image of medium A", inFile("--a"))
    .requiredOption("--b <file>", "image of medium B", inFile("--b"))
    .requiredOption("--keys <dir>", "folder of a test election's keys, to sign with", keysFolder)
    .option("--audit <file>", auditHelp, inFile("--audit"))
    .requiredOption("--out <dir>", "folder of the archive", outFolder("--out"))
    .option("--json", jsonHelp)
    .action(async ({ package: packagePath, assignments, a, b, keys: keysPath, audit, out, json }) => {
      const talk = new Talk(streams, { json });
      if (audit === undefined) throw new Complaint(noAudit);
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
          audit: await auditKeysIn(audit, election),
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
      talk.result({ ok: true, kind: election.kind, out, receipt, terminal, ballots }, [
        ...kindLines(election.kind),
        `verified and kept in ${out}; ${receipt} lets the terminal release the election`,
      ]);
      done(exitCode.done);
    });
