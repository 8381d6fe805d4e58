// A polling day over both roles, each a real process: the desk gives a card, the card votes at the ballot terminal and
// comes back. Then everything that either of them has stored is joined.

import test from "ava";
import { held as stopped } from "../attacks/catalogue.js";
import { occurrences } from "../support/process-memory.js";
import { concat, toHex } from "../../firmware/bytes.js";
import { cellLength } from "../../firmware/journal/journal.js";
import { checkDigit } from "../../firmware/roll/national-id.js";
import { Chance } from "../../sim/chance.js";
import type { ActivationCard } from "../../sim/devices/activation-card.js";
import { type Intention, People } from "../../sim/people.js";
import { Station } from "../../sim/station.js";
import { recordsInImage } from "../../office/tally/image.js";
import { openBallots } from "../../office/tally/tally.js";
import { drawVoters } from "../roll/support.js";
import { numberOf } from "../../office/roll/voters.js";
import { DeskScene, wallBase } from "./support.js";

const voters = drawVoters("election day", 3_000, 1);
/** Those who come, in this order. */
const coming = [2_500, 3, 1_700, 900, 44].map((place) => voters[place]!.key);
/** The shortest byte string that is looked for in both roles' media. */
const joined = 4;
/** Of both roles' media. */
const journalAt = 4096;
const chainLength = 16;

interface Day {
  readonly station: Station;
  readonly scene: DeskScene;
  readonly intended: readonly (readonly Intention[])[];
  readonly held: readonly { readonly key: Uint8Array; readonly right: Uint8Array }[];
  readonly traces: readonly string[];
  /** How often a card's key was in the terminal's memory while the card lay there. */
  readonly whileItLies: number;
}

async function day(seed: string): Promise<Day> {
  const traces: string[] = [];
  let people: People | undefined;
  const station = await Station.create({
    virtual: true,
    seed,
    wallBase,
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  const { election } = station.pack;
  const scene = new DeskScene(seed, {
    election: election.id,
    station: election.station,
    styles: [election.styles[0]!.id],
    voters,
  });
  people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
  await people.start();
  await people.officials("open", () => traces.includes("polls open"));
  await scene.open();
  const intended: Intention[][] = [];
  let whileItLies = 0;
  /** What is known of each right by whoever holds the card. */
  const held: { readonly key: Uint8Array; readonly right: Uint8Array }[] = [];
  // two cards go round
  const cards: ActivationCard[] = [scene.card(), scene.card()];
  for (const [i, key] of coming.entries()) {
    const card = cards[i % cards.length]!;
    await scene.giveTo(key, card);
    const intentions = election.contests.map((contest, c) => ({
      contest: contest.id,
      blank: false,
      choices: [station.pack.option(contest.id, ((i + c) % Math.min(3, contest.options)) as never).code],
    }));
    await people.vote(card, intentions);
    intended.push(intentions);
    if (i === 0) {
      // events of voters in both journals: who comes twice at the one, a card that comes twice at the other
      await scene.type(numberOf(key));
      await scene.press("green");
      await scene.until("number D-03");
      people.hold(card);
      await people.until("refused");
      whileItLies = occurrences(station.terminal.pid, card.made.key.publicKey);
      station.reader.lift();
      await people.until("idle");
    }
    const { kept } = card;
    if (kept.kind !== "spent") throw new Error(`a card that has voted is ${kept.kind}`);
    held.push({ key: card.made.key.publicKey, right: kept.right.slice(-64) });
  }
  await scene.act();
  await people.officials("close", () => traces.includes("polls closed"));
  return { station, scene, intended, held, traces, whileItLies };
}

/** Byte strings of `joined` bytes, except those of erased and cleared cells alone. */
function strings(...images: readonly Uint8Array[]): Set<number> {
  const found = new Set<number>();
  for (const image of images) {
    const view = new DataView(image.buffer, image.byteOffset, image.length);
    for (let at = 0; at + joined <= image.length; at++) {
      const value = view.getUint32(at);
      if (value !== 0 && value !== 0xffff_ffff) found.add(value);
    }
  }
  return found;
}

/** It says no more than one byte would. */
function isBlank(value: number): boolean {
  return (
    [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].filter((byte) => byte === 0 || byte === 0xff)
      .length >= 3
  );
}

/** What the entries of a journal say in the clear: event, time, a count; without chains and signatures. */
function entries(image: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = journalAt; image[at] !== 0xff; at += cellLength) {
    const signature = Buffer.from(image.subarray(at, at + cellLength)).indexOf(Buffer.from([0x58, 0x40]));
    const said = image.subarray(at, at + (signature > 0 ? signature + 2 : cellLength - chainLength));
    // the cell before may have been cleared
    found.push(concat(new Uint8Array(joined - 1), said));
  }
  return found;
}

test("five voters, two cards, one desk, one ballot terminal: as many ballots as rights, each as intended; and what both have stored cannot be joined", async (t) => {
  const { station, scene, intended, held, whileItLies } = await day("both roles");
  try {
    const desk = [scene.desk.chips.a.cells, scene.desk.chips.b.cells];
    const ballot = [station.chips.a.cells, station.chips.b.cells];
    const { ballots, rejected } = openBallots(
      station.crypto,
      station.pack,
      station.election.terminals,
      recordsInImage(station.chips.a.cells, station.pack.election),
      station.tallyKeyOf,
    );
    t.deepEqual(rejected, []);
    t.deepEqual(
      ballots.map(({ marks }) => JSON.stringify(marks)).sort(),
      intended.map((marks) => JSON.stringify(marks)).sort(),
    );

    // nothing that names a voter is at the ballot terminal; neither has a card's key or a right
    const at = (where: readonly Uint8Array[], bytes: Uint8Array): boolean =>
      where.some((image) => Buffer.from(image.buffer, image.byteOffset, image.length).includes(Buffer.from(bytes)));
    for (const key of coming) {
      const number = numberOf(key);
      t.is(number, String(key).padStart(9, "0") + String(checkDigit(key)));
      const whole = Buffer.alloc(4);
      whole.writeUInt32BE(key);
      for (const form of [
        Buffer.from(number),
        Uint8Array.from(number, Number),
        Buffer.from(number, "hex"),
        whole,
        Buffer.from(whole).reverse(),
      ]) {
        t.false(at(ballot, form), "a number at the ballot terminal");
        t.false(at(desk, form), "a number in the desk's check-ins");
      }
    }
    for (const { key, right } of held)
      for (const where of [desk, ballot]) {
        t.false(at(where, key), "a card's key");
        t.false(at(where, right), "a right");
      }

    // nor has what either of them still has in RAM: both are on, and at rest
    const pids = [scene.desk.terminal.pid, station.terminal.pid];
    const inRam = (bytes: Uint8Array): number[] => pids.map((pid) => occurrences(pid, bytes));
    for (const [nth, { key, right }] of held.entries()) {
      t.deepEqual(inRam(key), [0, 0], `a card's key in RAM, ${nth}`);
      t.deepEqual(inRam(right), [0, 0], `a right in RAM, ${nth}`);
    }
    for (const key of coming) {
      t.deepEqual(inRam(Buffer.from(numberOf(key))), [0, 0], "a number in RAM");
      t.deepEqual(inRam(Uint8Array.from(numberOf(key), Number)), [0, 0], "a number in RAM, as digits");
    }
    t.true(
      inRam(station.election.id).every((count) => count > 0),
      "what is there is found",
    );
    t.true(whileItLies > 0, "and so was a card's key, while it lay at the terminal");
    stopped(t, "desk-and-terminal-joined");

    // every string of four bytes that both have stored is the election's own, or what a journal says in the clear: an
    // event, its time, a count
    const deskStrings = strings(...desk);
    const ballotStrings = strings(...ballot);
    const constants = strings(
      station.packageBytes,
      station.election.root,
      ...desk.flatMap(entries),
      ...ballot.flatMap(entries),
    );
    const shared = [...deskStrings].filter((value) => ballotStrings.has(value) && !isBlank(value));
    const left = shared
      .filter((value) => !constants.has(value))
      .map((value) => toHex(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)));
    t.log(
      `${deskStrings.size} strings at the desk, ${ballotStrings.size} at the ballot terminal, shared ${shared.length}, unexplained ${left.length}`,
    );
    t.deepEqual(left, []);
    t.true(deskStrings.size > 500 && ballotStrings.size > 2_000);
    // the detector detects: one card's key at both would be seen
    t.true([...strings(held[0]!.key)].some((value) => !constants.has(value)));
  } finally {
    scene.desk.close();
    await station.close();
  }
});
