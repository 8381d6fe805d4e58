// No reader, terminal or harness process holds a key that cards are issued with: what makes them is the issuer's tool.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { electionKeysFromSeed } from "../../office/package/keys.js";
import { testDeck } from "../../sim/deck.js";

const tracked = execFileSync("git", ["ls-files", "*.ts", "*.js"], { encoding: "utf8" }).trim().split("\n");

test("the test issuer's seed is in its tool alone, and only that tool and tests issue cards", (t) => {
  const seed = ["sandogh test", "issuer"].join(" ");
  t.deepEqual(
    tracked.filter((path) => readFileSync(path, "utf8").includes(seed)),
    ["tools/commands/cards.ts"],
  );
  const issues = /import (?!type)[^;]*\b(issue|signCard)\b[^;]*from/u;
  t.deepEqual(
    tracked.filter((path) => !path.startsWith("test/") && issues.test(readFileSync(path, "utf8"))),
    ["office/cards/issue.ts", "tools/commands/cards.ts"],
  );
});

test("the deck that the tool has made is of the issuer that a test election's package names", (t) => {
  const deck = testDeck(7, 1);
  t.is(toHex(deck.issuerKey), toHex(electionKeysFromSeed(new Uint8Array(32)).cards.issuerKey));
});
