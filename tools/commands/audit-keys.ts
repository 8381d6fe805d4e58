// npx sandogh audit-keys: the keys of a terminal's checks, opened by the auditor.

import { writeFileSync } from "node:fs";
import { openAuditKeys } from "../../firmware/device/loading.js";
import { encodeAuditFile } from "../../office/inspect/audit-file.js";
import { loadingInImage } from "../../office/tally/image.js";
import {
  assignmentsBeside,
  assignmentsOption,
  boxSecretIn,
  keysFolder,
  keysIn,
  readAssigned,
  readImage,
  readingCrypto,
} from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { inFile, outFile } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Opens the audit keys that a terminal has sealed to the auditor when it was loaded: what inspect and archive need to
judge checks that only the terminal's own keys can judge. They lie on its media, signed by it. Whoever has them can
make such checks too: for use after the close.`;

export const auditKeys: CommandMaker = ({ streams, done }) =>
  commandOf("audit-keys", description, [
    "audit-keys --package DIR/election.pkg --image DIR/medium-a.bin --keys DIR --out /tmp/audit.json",
  ])
    .requiredOption("--package <file>", "the signed election package", inFile("--package"))
    .addOption(assignmentsOption)
    .requiredOption("--image <file>", "image of one of the terminal's media", inFile("--image"))
    .requiredOption("--keys <dir>", "folder of a test election's keys", keysFolder)
    .option(
      "--secret <file>",
      "the audit secret, 64 hexadecimal digits; the test election's when absent",
      inFile("--secret"),
    )
    .requiredOption("--out <file>", "the audit keys, for inspect and archive", outFile("--out"))
    .option("--json", jsonHelp)
    .action(async ({ package: packagePath, assignments, image: imagePath, keys: keysPath, secret, out, json }) => {
      const talk = new Talk(streams, { json });
      const keys = await keysIn(keysPath);
      const { election } = readAssigned(packagePath, assignmentsBeside(packagePath, assignments), keys);
      const image = await readImage(imagePath, election);
      const loading = election.terminals
        .map((terminal) => loadingInImage(readingCrypto, election, terminal, image)?.statement)
        .find((statement) => statement !== undefined);
      if (loading === undefined)
        throw new Complaint(`--image ${imagePath}: holds no loading statement of a terminal of this election`);
      const opened = openAuditKeys(readingCrypto, loading, secret === undefined ? keys.audit : boxSecretIn(secret));
      if (opened === undefined) throw new Complaint(`${secret ?? keysPath}: is not the audit secret of this election`);
      writeFileSync(out, encodeAuditFile(loading.election, loading.terminal, opened), { mode: 0o600 });
      const names = Object.keys(opened);
      talk.result({ out, terminal: loading.terminal, keys: names }, [
        `${out}: ${names.length} keys of terminal ${loading.terminal}`,
      ]);
      done(exitCode.done);
    });
