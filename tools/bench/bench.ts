// npm run bench: what things cost on the desktop, one JSON object a line {name, value, unit}. Counts are exact; times are of this machine
// and this moment, so compare them within one run.

import { readFileSync, statSync } from "node:fs";
import { encodeBallot } from "../../firmware/cast/ballot.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import type { Election, StyleId, TerminalId } from "../../firmware/election/types.js";
import { deriveKeys } from "../../firmware/service/identity.js";
import { Vault } from "../../firmware/vault/vault.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { People } from "../../sim/people.js";
import { Station, ballotImage, uiText } from "../../sim/station.js";
import { buildForRun } from "../build/build.js";
import { referencePrimitives } from "../crypto/reference.js";

const capacity = 200;
const ballots = 10;

function report(name: string, value: number, unit: string): void {
  process.stdout.write(`${JSON.stringify({ name, value: Math.round(value * 1000) / 1000, unit })}\n`);
}

/** Flash work of one cast at several fills: it must not depend on the fill. */
function flashPerCast(): void {
  const chance = new Chance("bench", "flash");
  const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
  const id = chance.bytes(16);
  const keys = deriveKeys(crypto, chance.bytes(32), id);
  const election = {
    id, policy: { capacity }, ballotLength: 144, tallyKey: crypto.boxKeyPair(chance.bytes(32)).publicKey,
    contests: [{ id: 1, kind: "n-of-m", votesAllowed: 3, options: 9, blankAllowed: true }], styles: [{ id: 1, contests: [1] }],
  } as unknown as Election;
  const chips = [0, 1].map(() => new NorChip({ size: 2 * 1024 * 1024 }));
  const flash = chips.map(flashOf);
  const open = (): Vault => {
    const opened = Vault.open({ crypto, keys, election, terminal: 1 as TerminalId, a: flash[0]!, b: flash[1]! });
    if (!opened.ok) throw new Error(opened.error.kind);
    return opened.value.vault;
  };
  const vault = open();
  const plain = encodeBallot({ style: 1 as StyleId, marks: [{ contest: 1 as never, blank: false, choices: [1, 2, 3] }] }, 144);
  const sums = (): number[] => ["reads", "bytesRead", "programs", "bytesProgrammed", "erases"].map((key) => chips.reduce((sum, chip) => sum + chip.counters[key as "reads"], 0));
  const span = 64;
  for (let cast = 0; cast < capacity; ) {
    const before = sums();
    const from = cast;
    for (; cast < Math.min(capacity, from + span); cast++) {
      const prepared = vault.prepare(chance.bytes(16), plain);
      if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok) throw new Error("cast failed");
    }
    const count = cast - from;
    const [reads, bytesRead, programs, bytesProgrammed, erases] = sums().map((sum, i) => (sum - before[i]!) / count) as [number, number, number, number, number];
    const name = `flash/cast at ${Math.round((from * 100) / capacity)} %`;
    report(`${name}: programs`, programs, "operations");
    report(`${name}: programmed`, bytesProgrammed, "bytes");
    report(`${name}: erases`, erases, "operations");
    report(`${name}: reads`, reads, "operations");
    report(`${name}: read`, bytesRead, "bytes");
  }
  const before = sums();
  open();
  report(`flash/boot with ${capacity} ballots: read`, sums()[1]! - before[1]!, "bytes");
}

/** CPU milliseconds of this process's children so far are not told by Node, so the terminal's own process is asked. */
function cpuMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

async function run(): Promise<void> {
  let people: People | undefined;
  const traces: string[] = [];
  const station = await Station.create({
    virtual: true, seed: "bench", wallBase: 1_795_235_400,
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  people = new People({ station, chance: new Chance("bench", "people"), cut: 0 });
  await people.start();
  const pid = station.terminal.pid;
  report("boot to idle, terminal's CPU", cpuMs(pid), "ms");
  await people.officials("open", () => traces.at(-1) === "screen idle" && traces.includes("polls open"));
  const intentions = station.pack.election.contests.map((contest) => ({
    contest: contest.id, blank: false, choices: Array.from({ length: Math.min(10, contest.votesAllowed) }, (_, i) => station.pack.option(contest.id, i as never).code),
  }));
  const cpu = cpuMs(pid);
  const start = performance.now();
  for (let i = 0; i < ballots; i++) {
    const card = station.card();
    await station.grant(card);
    await people.vote(card, intentions);
  }
  report("vote, wall", (performance.now() - start) / ballots, "ms/ballot");
  report("vote, terminal's CPU", (cpuMs(pid) - cpu) / ballots, "ms/ballot");
  await station.close();
}

if (process.argv.join(" ").includes("--target board")) {
  const { benchBoard } = await import("../emulate/bench.js");
  await benchBoard();
} else {
  await buildForRun("ballot");
  report("image/ballot", statSync(ballotImage).size, "bytes");
  report("image/text", statSync(uiText).size, "bytes");
  flashPerCast();
  await run();
}
