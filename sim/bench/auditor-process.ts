// The auditor's own process (auditor.ts). It ends when the bench does.

import { randomFillSync } from "node:crypto";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { openPackage } from "../../firmware/election/package.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import { readAssignments } from "../../firmware/device/assignment.js";
import { packageAddress } from "../../firmware/device/layout.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { type AssignedElection, withTerminals } from "../../office/device/enrol.js";
import { entryLine, readJournal } from "../../office/journal/journal.js";
import { openBallots, tally } from "../../office/tally/tally.js";
import { NorChip } from "../nor.js";
import { referenceParts } from "../nor-part.js";
import type {
  AuditAnswer,
  AuditQuestion,
  AuditSetup,
  JournalAnswer,
  JournalQuestion,
  SourceTally,
  TallyQuestion,
} from "./auditor.js";

const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => void randomFillSync(out) });

interface Setup {
  readonly pack: ElectionPackage;
  readonly election: AssignedElection;
}

let setup: Setup | undefined;

function open(keys: AuditSetup): void {
  const main = new NorChip({ size: referenceParts.main.size });
  main.cells.set(keys.main);
  const flash = {
    read: (length: number, address: number) => main.read(length, address),
    write: () => false,
    eraseBlock: () => false,
    status: () => main.status(),
  };
  const opened = openPackage(flash, packageAddress, crypto, keys.authorityKey);
  if (!opened.ok) throw new Error(`the package does not open: ${opened.error.code}`);
  const pack = opened.value;
  const list = readAssignments(crypto, keys.assignments, keys.authorityKey, pack.election.root);
  if (!list.ok) throw new Error(list.error.what);
  setup = { pack, election: withTerminals(pack.election, list.value) };
}

function journal(election: AssignedElection, question: JournalQuestion): JournalAnswer {
  const whole = (beginning: Uint8Array): Uint8Array => {
    const image = new Uint8Array(question.size).fill(0xff);
    image.set(beginning);
    return image;
  };
  const own = election.terminals.find((each) => each.id === question.terminal);
  if (own === undefined) return { problem: "no such terminal is assigned" };
  const read = readJournal({
    crypto,
    election,
    terminal: own.id,
    publicKey: own.publicKey,
    a: whole(question.a),
    b: whole(question.b),
  });
  if (!read.ok) return { problem: read.error.kind };
  return { lines: read.value.map((entry) => ({ event: entry.event, line: entryLine(entry) })) };
}

function count({ pack, election }: Setup, question: TallyQuestion): SourceTally[] {
  return question.sources.map(({ name, records }) => {
    const opened = openBallots(crypto, pack, election.terminals, records, () => question.key);
    return {
      name,
      tally: tally(pack, opened.ballots),
      rejected: opened.rejected.map(({ index, why }) => `record ${index}: ${why}`),
    };
  });
}

function answer(question: Exclude<AuditQuestion, AuditSetup>): unknown {
  if (setup === undefined) throw new Error("asked before the setup");
  return question.kind === "journal" ? journal(setup.election, question) : count(setup, question);
}

process.on("message", (question: AuditQuestion) => {
  if (question.kind === "setup") return open(question);
  const reply: AuditAnswer = { id: question.id, answer: answer(question) };
  // the bench may have ended while the answer was made
  process.send?.(reply, undefined, undefined, () => undefined);
});
process.on("disconnect", () => process.exit(0));
// the bench decides when this ends, not the key that reaches both
process.on("SIGINT", () => undefined);
