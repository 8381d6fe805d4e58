// A terminal that is dead: its ballots are opened by the escrow with both offices' cards, and by no two of the three.
// And its audit keys by the auditor, for an inspection that leaves nothing unchecked. By the commands, on what a day
// has left.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { loadOrCreateElectionKeys } from "../../office/package/keys.js";
import { scriptedDay } from "../../sim/scripted-day.js";
import type { Streams } from "../../tools/command-line/progress.js";
import { run } from "../../tools/program.js";
import { shortElection } from "../support/short-election.js";

const out = mkdtempSync(join(tmpdir(), "sandogh-recover-"));
const at = (name: string): string => join(out, name);
test.after.always(() => rmSync(out, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly result: Readonly<Record<string, unknown>>;
}

async function sandogh(...args: readonly string[]): Promise<Said> {
  let [text, err] = ["", ""];
  const streams: Streams = {
    out: (more) => void (text += more),
    err: (more) => void (err += more),
    isTerminal: false,
    columns: 100,
  };
  const code = await run([...args, "--json"], { streams });
  return { code, out: text, err, result: text === "" ? {} : (JSON.parse(text) as Said["result"]) };
}

const pins = { executive: "1404", supervision: "2026", deputy: "1404" } as const;
type Holder = keyof typeof pins;

function cards(...holders: readonly Holder[]): string[] {
  return holders.flatMap((holder) => ["--card", at(`card-${holder}.json`), "--pin", pins[holder]]);
}

const recover = (...more: readonly string[]): Promise<Said> =>
  sandogh("recover", "--package", at("election.pkg"), "--keys", out, ...more);
const [a, b] = [
  ["--a", at("medium-a.bin")],
  ["--b", at("medium-b.bin")],
] as const;

test.before(async () => {
  const definition = join(tmpdir(), `sandogh-recover-${process.pid}.yaml`);
  writeFileSync(definition, shortElection);
  const report = await scriptedDay({ ballots: 5, seed: "recover", out, cut: 0, election: definition });
  rmSync(definition);
  if (report.disagreements.length > 0) throw new Error(report.disagreements.join());
});

test("escrow and both offices: every ballot, from both media or from one, with either of the executive's cards", async (t) => {
  const { contests } = JSON.parse(readFileSync(at("tally.json"), "utf8")) as { readonly contests: unknown };
  for (const media of [a, b, [...a, ...b]])
    for (const holders of [
      ["executive", "supervision"],
      ["supervision", "deputy"],
    ] as const) {
      const said = await recover(...media, ...cards(...holders));
      t.deepEqual([said.code, said.err], [0, ""]);
      t.like(said.result, { ok: true, terminal: 2, ballots: 5, problems: [] });
      t.deepEqual(said.result["contests"], contests);
    }
});

test("any two of the three open nothing: without an office, without the escrow, two cards of one office", async (t) => {
  const other = at("other-escrow.txt");
  writeFileSync(other, toHex(new Uint8Array(32).fill(9)));
  for (const [args, why] of [
    [cards("executive"), /0 of 1 shares of the supervision office/],
    [cards("supervision"), /0 of 1 shares of the executive office/],
    [cards("executive", "deputy"), /0 of 1 shares of the supervision office/],
    [[...cards("executive", "supervision"), "--escrow", other], /own part does not open with this escrow key/],
  ] as const) {
    const said = await recover(...a, ...args);
    t.is(said.code, 1);
    t.regex(String(said.result["problems"]), why);
    t.false("contests" in said.result);
  }
});

/** As the supervision's card keeps them. */
function triesLeft(): number {
  const { kept } = JSON.parse(readFileSync(at("card-supervision.json"), "utf8")) as { kept: { triesLeft: number } };
  return kept.triesLeft;
}

test("a wrong PIN opens nothing, and the card remembers it; the escrow's own key is taken from a file", async (t) => {
  const wrong = await recover(...a, ...cards("executive"), "--card", at("card-supervision.json"), "--pin", "1111");
  t.is(wrong.code, 1);
  t.regex(String(wrong.result["problems"]), /wrong PIN, 14 tries left/);
  t.is(triesLeft(), 14);
  const escrow = at("escrow.txt");
  writeFileSync(escrow, `${toHex(loadOrCreateElectionKeys(out).escrow.secretKey)}\n`);
  t.is((await recover(...a, ...cards("executive", "supervision"), "--escrow", escrow)).code, 0);
  t.is(triesLeft(), 15);
  const uneven = await recover(...a, ...cards("executive"), "--card", at("card-supervision.json"));
  t.deepEqual([uneven.code, /--pin: 1 for 2 cards/.test(uneven.err)], [2, true]);
});

test("the auditor opens the terminal's audit keys: inspection then leaves nothing unchecked", async (t) => {
  const audit = at("audit.json");
  const opened = await sandogh(
    "audit-keys",
    ...["--package", at("election.pkg"), "--image", at("medium-a.bin"), "--keys", out, "--out", audit],
  );
  t.deepEqual([opened.code, opened.err], [0, ""]);
  t.deepEqual(opened.result["keys"], ["slot", "set", "head", "token", "transaction", "journal", "state"]);
  const images = ["inspect", "--package", at("election.pkg"), ...a, ...b, "--keys", out];
  const without = (await sandogh(...images)).result["unchecked"] as string[];
  t.true(without.some((each) => /slots' checks/.test(each)));
  const inspected = await sandogh(...images, "--audit", audit);
  t.is(inspected.code, 0);
  t.deepEqual(inspected.result["problems"], []);
  t.deepEqual(inspected.result["unchecked"], []);
  const archived = await sandogh(
    ...["archive", "--package", at("election.pkg"), ...a, ...b],
    ...["--keys", out, "--audit", audit, "--out", at("archive")],
  );
  t.is(archived.code, 0);
  const secret = at("secret.txt");
  writeFileSync(secret, toHex(new Uint8Array(32).fill(3)));
  const wrong = await sandogh(
    ...["audit-keys", "--package", at("election.pkg"), "--image", at("medium-a.bin")],
    ...["--keys", out, "--secret", secret, "--out", at("none.json")],
  );
  t.is(wrong.code, 2);
  t.regex(wrong.err, /is not the audit secret of this election/);
});

test("tally counts them as the recovery does", async (t) => {
  const { contests } = JSON.parse(readFileSync(at("tally.json"), "utf8")) as { readonly contests: unknown };
  const said = await sandogh("tally", "--data", out, "--from", "a");
  t.is(said.code, 0);
  t.deepEqual(said.result["contests"], contests);
});
