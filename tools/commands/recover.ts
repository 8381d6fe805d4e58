// npx sandogh recover: the ballots of a terminal that is dead, opened by the escrow and both offices' cards.

import { randomFillSync } from "node:crypto";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { inspect } from "../../office/inspect/inspect.js";
import { type Recovery, askCard, recoveryAssignment, recoveryStatement } from "../../office/tally/ask-card.js";
import { type OpenedShare, recoverKey } from "../../office/tally/recover.js";
import { openBallots, tally } from "../../office/tally/tally.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { CardFileProblem, readCardFile, writeCardFile } from "../../sim/devices/card-file.js";
import {
  assignmentsBeside,
  assignmentsOption,
  boxSecretIn,
  keysFolder,
  keysIn,
  kindLines,
  readAssigned,
  readImage,
} from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, complaining, exitCode } from "../command-line/complaint.js";
import { namesOf } from "../../office/package/names.js";
import { contestLines } from "../command-line/contests.js";
import { inFile, words } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Opens and counts the ballots on the media of a terminal that is dead. Its tally key is put together from its own part,
which the escrow opens, and both offices' parts, which officials' cards of each give after their PINs, since the
authority has signed that the terminal will not count any more. Any two of the three open nothing. Ends with 1 when
the key cannot be put together or a record cannot be counted.`;

/** Each time the option is given, one more. */
function collect<T>(parse: (value: string) => T): (value: string, before: readonly T[] | undefined) => readonly T[] {
  return (value, before = []) => [...before, parse(value)];
}

export const recover: CommandMaker = ({ streams, done }) =>
  commandOf("recover", description, [
    "recover --package DIR/election.pkg --a DIR/medium-a.bin --keys DIR --card DIR/card-executive.json --pin 1404 " +
      "--card DIR/card-supervision.json --pin 2026",
  ])
    .requiredOption("--package <file>", "the signed election package", inFile("--package"))
    .addOption(assignmentsOption)
    .option("--a <file>", "image of medium A", inFile("--a"))
    .option("--b <file>", "image of medium B", inFile("--b"))
    .requiredOption("--keys <dir>", "folder of a test election's keys: its authority signs", keysFolder)
    .option(
      "--escrow <file>",
      "the escrow's secret, 64 hexadecimal digits; the test election's when absent",
      inFile("--escrow"),
    )
    .requiredOption("--card <file>", "an official's virtual card, once for each", collect(inFile("--card")))
    .requiredOption("--pin <digits>", "its PIN, in the same order", collect(words("--pin")))
    .option("--json", jsonHelp)
    .action(async (options) => {
      const { package: packagePath, a, b, keys: keysPath, escrow, card: cards, pin: pins } = options;
      const talk = new Talk(streams, options);
      const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => void randomFillSync(out) });
      if (a === undefined && b === undefined)
        throw new Complaint("neither --a nor --b: name the image of at least one medium");
      if (cards.length !== pins.length) throw new Complaint(`--pin: ${pins.length} for ${cards.length} cards`);
      const keys = await keysIn(keysPath);
      const { pack, election } = readAssigned(packagePath, assignmentsBeside(packagePath, options.assignments), keys);
      const found = inspect(crypto, election, {
        ...(a === undefined ? {} : { a: await readImage(a, election) }),
        ...(b === undefined ? {} : { b: await readImage(b, election) }),
      });
      const { loading } = found;
      const terminal = election.terminals.find(({ id }) => id === loading?.terminal);
      if (loading === undefined || terminal === undefined)
        throw new Complaint(`${a ?? b}: holds no loading statement of a terminal of this election`);
      const fresh = crypto.boxKeyPair(crypto.random(32));
      const statement = recoveryStatement(crypto, election, terminal, fresh, keys.authority.secretKey);
      const box = crypto.boxKeyPair(crypto.random(32));
      const assignment = recoveryAssignment(crypto, election, terminal, box, keys.authority.secretKey);
      const recovery: Recovery = { crypto, election, terminal, loading, fresh, statement, box, assignment };
      const shares: OpenedShare[] = [];
      const problems: string[] = [];
      for (const [i, path] of cards.entries()) {
        const card = await complaining([CardFileProblem], () => readCardFile(crypto, path));
        const asked = await askCard(recovery, inDeskReader(card), pins[i]!);
        // it has counted its wrong PINs
        writeCardFile(path, card);
        if (typeof asked === "string") problems.push(`${path}: ${asked}`);
        else shares.push(asked);
      }
      const secret = escrow === undefined ? keys.escrow : boxSecretIn(escrow);
      const recovered = recoverKey(crypto, loading, secret, shares);
      if (!recovered.ok) {
        problems.push(recovered.why);
        talk.result(
          { ok: false, terminal: terminal.id, problems },
          problems.map((each) => `WRONG ${each}`),
        );
        done(exitCode.failed);
        return;
      }
      const opened = openBallots(crypto, pack, election.terminals, [...found.records.values()], (id) =>
        id === terminal.id ? recovered.key : undefined,
      );
      recovered.key.secretKey.fill(0);
      problems.push(...opened.rejected.map(({ why }) => `a record that cannot be counted: ${why}`));
      const { contests } = tally(pack, opened.ballots);
      talk.result(
        {
          ok: problems.length === 0,
          kind: election.kind,
          terminal: terminal.id,
          ballots: opened.ballots.length,
          problems,
          contests,
        },
        [
          ...kindLines(election.kind),
          `${opened.ballots.length} ballots of terminal ${terminal.id}`,
          ...contestLines(contests, namesOf(pack)),
          ...problems.map((each) => `WRONG ${each}`),
        ],
      );
      done(problems.length === 0 ? exitCode.done : exitCode.failed);
    });
