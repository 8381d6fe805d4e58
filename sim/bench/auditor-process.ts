// The auditor's own process (auditor.ts). It ends when the bench does.

import { randomFillSync } from "node:crypto";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { openPackage } from "../../firmware/election/package.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import { packageAddress } from "../../firmware/device/identity.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
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

let setup: { readonly pack: ElectionPackage } | undefined;

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
  setup = { pack: opened.value };
}

function journal(pack: ElectionPackage, question: JournalQuestion): JournalAnswer {
  const whole = (beginning: Uint8Array): Uint8Array => {
    const image = new Uint8Array(question.size).fill(0xff);
    image.set(beginning);
    return image;
  };
  const own = pack.election.terminals.find((each) => each.id === question.terminal);
  if (own === undefined) return { problem: "no such terminal in the package" };
  const read = readJournal({
    crypto,
    election: pack.election,
    terminal: own.id,
    publicKey: own.publicKey,
    a: whole(question.a),
    b: whole(question.b),
  });
  if (!read.ok) return { problem: read.error.kind };
  return { lines: read.value.map((entry) => ({ event: entry.event, line: entryLine(entry) })) };
}

function count(pack: ElectionPackage, question: TallyQuestion): SourceTally[] {
  return question.sources.map(({ name, records }) => {
    const opened = openBallots(crypto, pack, records, () => question.key);
    return {
      name,
      tally: tally(pack, opened.ballots),
      rejected: opened.rejected.map(({ index, why }) => `record ${index}: ${why}`),
    };
  });
}

function answer(question: Exclude<AuditQuestion, AuditSetup>): unknown {
  if (setup === undefined) throw new Error("asked before the setup");
  return question.kind === "journal" ? journal(setup.pack, question) : count(setup.pack, question);
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
