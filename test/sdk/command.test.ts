// npx sandogh sdk, and other commands with the SDK's engine, where something is missing: each says what to install.
// Needs no SDK.

import test from "ava";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCode } from "../../tools/command-line/complaint.js";
import { run } from "../../tools/program.js";

interface Said {
  readonly code: number;
  readonly said: string;
}

const sdk = (args: readonly string[], moddable?: string): Promise<Said> => call(["sdk", ...args], moddable);

async function call(args: readonly string[], moddable?: string): Promise<Said> {
  delete process.env["MODDABLE"];
  delete process.env["IDF_PATH"];
  if (moddable !== undefined) process.env["MODDABLE"] = moddable;
  let said = "";
  const streams = { out: () => undefined, err: (text: string) => void (said += text), isTerminal: false, columns: 100 };
  const code = await run(args, { streams });
  return { code, said };
}

function folderOf(t: { teardown(act: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-no-sdk-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test.serial("without the SDK every command says what to install", async (t) => {
  const out = join(folderOf(t), "day");
  for (const command of ["build", "run", "headless", "esp32-project"]) {
    const { code, said } = await sdk([command, ...(command === "headless" ? ["--out", out] : [])]);
    t.is(code, exitCode.wrongCall, command);
    const wanted = ": MODDABLE is not set: install the Moddable SDK 8.2.3 and set MODDABLE to its folder";
    t.true(said.startsWith(`sandogh sdk ${command}${wanted}`), said);
    t.is(said.trimEnd().split("\n").length, 1, said);
  }
});

test.serial("nor is there its engine without it", async (t) => {
  const out = join(folderOf(t), "day");
  for (const args of [
    ["vote", "--engine", "sdk", "--out", out],
    ["emulate", "--headless", "--engine", "sdk", "--out", out],
    ["bench", "--target", "board", "--engine", "sdk"],
  ]) {
    const { code, said } = await call(args);
    t.is(code, exitCode.wrongCall, args[0]);
    t.regex(said, /^sandogh \w+: MODDABLE is not set: install the Moddable SDK [^\n]*\n$/);
  }
});

test.serial("a folder that is no SDK, and one whose tools are not built, are told apart", async (t) => {
  const folder = folderOf(t);
  t.regex((await sdk(["build"], folder)).said, /is not the folder of a Moddable SDK/);
  mkdirSync(join(folder, "tools"));
  writeFileSync(join(folder, "tools", "mcconfig.js"), "");
  t.regex((await sdk(["build"], folder)).said, /are not built for Linux/);
});
