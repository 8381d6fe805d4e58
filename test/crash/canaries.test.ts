// Each detector trips: stores that make one known mistake are caught by the campaign, or by the check that is meant for
// it, within seconds. (Linear probing and placement in order of arrival: test/vault/order.test.ts.)

import test from "ava";
import { readU32 } from "../../firmware/bytes.js";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import { campaign } from "../campaigns/crash/campaign.js";
import type { Variant } from "../campaigns/crash/day.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import {
  commitsBeforeTheEcho,
  erasesOnZeros,
  retiresLiveRecords,
  spendsOnTheCardOnly,
  trustsWhatItReads,
  withoutChecksums,
} from "../support/canaries.js";
import { Store } from "../support/store.js";

async function failuresOf(variant: Variant | undefined, casts: number): Promise<string[]> {
  const options = {
    seed: "canary",
    casts,
    primitives: sodiumPrimitives,
    part: 0,
    of: variant === undefined ? 30 : 3,
    // a mistake shows in the first recovery; the real store is cut again in it
    again: variant === undefined ? 2 : 0,
    failuresMax: 3,
  };
  return (await campaign(variant === undefined ? options : { ...options, variant })).failures.map(({ what }) => what);
}

const canaries: readonly (readonly [string, Variant, RegExp])[] = [
  [
    "a store without checksums",
    withoutChecksums,
    /tampered|lost|changed|invented|never vote|no mark|zeroed|VOID for|VALID for|out of service/,
  ],
  [
    "a store that trusts flash that looks erased or programmed",
    trustsWhatItReads,
    /weak cells are left|out of service/,
  ],
  ["a commit before the printer's echo", commitsBeforeTheEcho, /invented|was not decided/],
  ["a token that is spent on the card only", spendsOnTheCardOnly, /can vote again|tampered what=spent/],
  ["a region that is retired with live records in it", retiresLiveRecords, /lost|tampered|the media differ/],
];

for (const [name, variant, what] of canaries) {
  test(`${name} is caught`, async (t) => {
    const started = performance.now();
    const failures = await failuresOf(variant, 9);
    t.true(failures.length > 0, "nothing was found");
    t.log(`${((performance.now() - started) / 1000).toFixed(1)} s: ${failures[0]}`);
    t.true(
      failures.some((failure) => what.test(failure)),
      failures.join("\n"),
    );
  });
}

test("zeros over one superblock that are taken for a decision to erase are caught, where a medium is exchanged and the power cut in its rebuild", async (t) => {
  const options = {
    seed: "zeros",
    casts: 3,
    primitives: sodiumPrimitives,
    part: 0,
    of: 1,
    again: 0,
    sample: 1,
    failuresMax: 1,
  };
  const [failure] = (await campaign({ ...options, variant: erasesOnZeros })).failures;
  t.log(`${failure?.cut}: ${failure?.what}`);
  t.regex(failure?.cut ?? "", /replaced|alone/);
  t.regex(failure?.what ?? "", /lost|instead of|out of service|sealed to another key/);
  const found = await campaign({ ...options, only: failure!.cut, variant: erasesOnZeros });
  t.is(found.failures.length, 1, "found again by its name");
  t.deepEqual((await campaign({ ...options, only: failure!.cut })).failures, [], "and not in the real store");
});

test("the same campaign over the real store finds nothing", async (t) => {
  t.deepEqual(await failuresOf(undefined, 9), []);
});

/**
 * The bytes of the journal after two ballots, with everything else alike but the ballots, their slots and their tokens.
 */
function journalAfter(draws: string, choices: readonly number[], digestIn: boolean): Buffer {
  const store = new Store("one terminal");
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const { vault, layout } = opened.value;
  const journal = store.journal(opened.value);
  if (!journal.ok) throw new Error(journal.error.kind);
  const note = (result: { readonly ok: boolean }): void => {
    if (!result.ok) throw new Error("journal");
  };
  note(journal.value.append("opened", 0));
  for (let i = 0; i < draws.length; i++) store.chance.next();
  for (const choice of choices) {
    const prepared = vault.prepare(store.chance.bytes(16), store.plain([choice]));
    if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
      throw new Error("cast");
  }
  const digest = store.crypto.sha256(vault.record(vault.committedSlots()[0]!)!);
  note(journal.value.append("hourly", digestIn ? readU32(digest, 0) : vault.counts.ballots));
  note(journal.value.checkpoint());
  note(journal.value.append("closed", vault.counts.ballots));
  return Buffer.from(store.a.cells.subarray(layout.journal.address, layout.journal.address + layout.journal.length));
}

test("the journal is the same to the bit whatever was cast, wherever it lies and whoever cast it; with a digest of the vault in it, it is not", (t) => {
  const honest = [journalAfter("", [1, 2], false), journalAfter("1", [2, 1], false), journalAfter("22", [7, 7], false)];
  t.true(honest.every((each) => each.equals(honest[0]!)));
  t.false(journalAfter("", [1, 2], true).equals(journalAfter("1", [2, 1], true)), "the canary must trip");
});

test("no event has a field for a digest: a detail is one bounded number, with a meaning that the catalogue names", (t) => {
  for (const [name, text] of Object.entries(eventTexts)) {
    t.deepEqual(
      Object.keys(text).filter((key) => !["fa", "en", "detail"].includes(key)),
      [],
      name,
    );
    if (text.detail !== undefined)
      t.regex(
        text.detail,
        /^(\d|ballots$|ballots stored$|ballots stored; cards given at a desk$|slots voided$|per cent$)/,
        `${name}: ${text.detail}`,
      );
  }
});
