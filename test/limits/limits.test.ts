// What an election takes of each limit, and how long what is written can become.

import test from "ava";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { capacityMax, contestsMax, optionsMax } from "../../firmware/election/layout.js";
import type { StationElection } from "../../firmware/election/types.js";
import {
  type Limit,
  type LimitName,
  exceeded,
  limitsOf,
  listLength,
  referenceMedium,
  resultsLength,
} from "../../firmware/service/limits.js";
import {
  batchRecordsMax,
  inventoryPartMax,
  messageLimits,
  recordsThatFit,
  signMessage,
} from "../../firmware/sync/messages.js";
import { messageLengthMax } from "../../firmware/sync/mqtt-packet.js";
import { signRecordList, signResults } from "../../firmware/tally/results.js";
import { recordLengthMax, signRecord } from "../../firmware/vault/record.js";
import { versionMax } from "../../firmware/version.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { randomFrom } from "../support/serial-pair.js";
import { Store } from "../support/store.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(1) });

function limitOf(name: LimitName, policy: Partial<StationElection["policy"]> = {}): Limit {
  const { election } = new Store("limits");
  const measured = {
    ...election,
    policy: { ...election.policy, ...policy },
    paper: { slipRows: 1, slipWords: 1, reportRows: 1 },
  } as unknown as StationElection;
  return limitsOf(measured, referenceMedium).find((each) => each.name === name)!;
}

test("a limit that is just reached is kept, one more exceeds it", (t) => {
  const limit = { name: "slipRows", taken: 5, most: 5, unit: "rows" } as const;
  t.is(exceeded([limit]), undefined);
  const over = { ...limit, taken: 6 };
  t.is(exceeded([limit, over]), over);
});

test("a slot holds the length of its record, the longest record, a check and a commit word", (t) => {
  const { keys, election } = new Store("limits");
  const box = new Uint8Array(election.ballotLength + 48);
  const record = signRecord(
    crypto,
    { election: election.id, terminal: 0xffff_ffff, slot: 0xffff, box },
    keys.sign.secretKey,
  );
  // firmware/vault/FORMAT.md
  t.is(limitOf("slot").taken, 2 + record.length + 16 + 16);
});

test("lengths of records, results, lists and batches are what is written, at their worst", (t) => {
  const pair = crypto.signKeyPair(new Uint8Array(32).fill(3));
  const election = new Uint8Array(16).fill(1);
  for (const boxLength of [64, 128, 303, 304, 1_072]) {
    const box = new Uint8Array(boxLength);
    const record = signRecord(crypto, { election, terminal: 0xffff_ffff, slot: 0xffff, box }, pair.secretKey);
    t.is(record.length, recordLengthMax(boxLength));
    const records = new Array<Uint8Array>(batchRecordsMax + 3).fill(record);
    const count = recordsThatFit(records);
    t.is(recordsThatFit(records, 1), 1);
    const batch = { election, terminal: 0xffff_ffff, records: records.slice(0, count), total: 0xffff_ffff };
    const { length } = signMessage(crypto, "batch", batch, pair.secretKey);
    t.true(
      length <= messageLengthMax && (count === 64 || length > messageLengthMax - record.length - 20),
      String(length),
    );
  }
  const hashes = new Array<Uint8Array>(inventoryPartMax).fill(new Uint8Array(16));
  const inventory = { election, terminal: 0xffff_ffff, nonce: new Uint8Array(16), part: 64, parts: 64, hashes };
  const { length } = signMessage(crypto, "inventory", inventory, pair.secretKey);
  t.true(length <= messageLimits.inventory.length && length > messageLimits.inventory.length - 40, String(length));

  const capacity = capacityMax;
  const names = new Uint8Array(16 * capacity);
  const list = signRecordList(crypto, { election, terminal: 0xffff_ffff, names }, pair.secretKey);
  t.is(list.length, listLength(capacity));
  const contests = Array.from({ length: contestsMax }, (_, i) => ({
    contest: 0xff00 + i,
    options: optionsMax / contestsMax,
  }));
  const results = {
    root: new Uint8Array(32),
    terminal: 0xffff_ffff,
    generatedAt: 0xffff_ffff,
    ballots: capacity,
    voids: 4_096,
    records: new Uint8Array(32),
    media: 2 as const,
    k: 100,
    contests: contests.map(({ contest, options }) => ({
      contest: contest as never,
      ballots: capacity,
      blank: capacity,
      undervotes: 64 * capacity,
      votes: new Array<number>(options).fill(capacity),
    })),
    version: "9".repeat(versionMax),
    kind: "test" as const,
  };
  const said = resultsLength({ contests: contests as never, policy: { capacity } as never });
  const written = signResults(crypto, results, pair.secretKey).length;
  t.true(written <= said && written > said - 300, `${written} of ${said}`);
});
