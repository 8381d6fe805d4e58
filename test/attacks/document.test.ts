// ATTACKS.md is what the catalogue says, and every attack in it is tried by a test. UPDATE_ATTACKS=1 writes it anew.

import test from "ava";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deskMessages } from "../../firmware/checkin/messages.js";
import { messages } from "../../firmware/messages.js";
import { type Attack, attacks } from "./catalogue.js";

const file = fileURLToPath(new URL("ATTACKS.md", import.meta.url));
const titles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...messages, ...deskMessages }).map(([code, { en }]) => [code, en.title]),
);
const all: readonly (readonly [string, Attack])[] = Object.entries(attacks);

/** Tests that say they try this attack. */
const files = spawnSync("git", ["grep", "-lE", "attacks/catalogue\\.js|\\./catalogue\\.js", "--", "test/*.test.ts"], {
  encoding: "utf8",
})
  .stdout.trim()
  .split("\n")
  .map((path): [string, string] => [path, readFileSync(path, "utf8")]);

function triedIn(id: string): readonly string[] {
  return files.filter(([, text]) => text.includes(`"${id}"`)).map(([path]) => path);
}

function documentOf(): string {
  const rows = all.map(([id, { holds, wants, before = "-", now, code }]) => {
    const message = code === undefined ? "-" : titles[code] === undefined ? code : `${code}: ${titles[code]}`;
    return `| ${[id, holds, wants, before, now, message, `\`${triedIn(id).join("` `")}\``].join(" | ")} |\n`;
  });
  return `# Attacks

Generated from \`catalogue.ts\` by its test; do not edit. Each is tried by the test in its last column, with nothing but
what the attacker holds. "Before" is what it did on an earlier commit (549bc1e or 3161aaa); a dash: it was not run there.
What is not stopped is in [THREATS.md](../../THREATS.md).

${all.length} attacks.

| attack | the attacker holds | and wants | before | now | what people are told | test |
|---|---|---|---|---|---|---|
${rows.join("")}`;
}

test("every attack is tried by one test, and every code that it is answered with has its text", (t) => {
  t.true(all.length >= 40, `${all.length}`);
  for (const [id, { code }] of all) {
    t.is(triedIn(id).length, 1, `${id}: ${triedIn(id).join()}`);
    if (code !== undefined && !code.startsWith("L-")) t.truthy(titles[code], `${id}: ${code}`);
  }
});

test("ATTACKS.md is current", (t) => {
  if (process.env["UPDATE_ATTACKS"] === "1") writeFileSync(file, documentOf());
  t.is(readFileSync(file, "utf8"), documentOf());
});
