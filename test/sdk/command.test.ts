// npm run sdk where something is missing: each says what to install. Needs no SDK.

import test from "ava";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function sdk(args: readonly string[], environment: Readonly<Record<string, string>> = {}): { readonly status: number | null; readonly said: string } {
  const { MODDABLE: _, IDF_PATH: __, ...rest } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ["--import=tsx", "tools/sdk/sdk.ts", ...args], { encoding: "utf8", env: { ...rest, ...environment } });
  return { status, said: stderr };
}

test("without the SDK every command says what to install", (t) => {
  for (const command of ["build", "run", "headless", "esp32-project"]) {
    const { status, said } = sdk([command, ...(command === "headless" ? ["--out", "unused"] : [])]);
    t.is(status, 1, command);
    t.regex(said, /^MODDABLE is not set: install the Moddable SDK 8\.2\.3 and set MODDABLE to its folder/, command);
  }
});

test("a folder that is no SDK, and one whose tools are not built, are told apart", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-no-sdk-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  t.regex(sdk(["build"], { MODDABLE: folder }).said, /is not the folder of a Moddable SDK/);
  mkdirSync(join(folder, "tools"));
  writeFileSync(join(folder, "tools", "mcconfig.js"), "");
  t.regex(sdk(["build"], { MODDABLE: folder }).said, /are not built for Linux/);
});

test("an unknown command or option shows how it is used", (t) => {
  t.is(sdk(["fly"]).status, 2);
  t.regex(sdk(["fly"]).said, /^usage: npm run sdk -- build \| run \| headless \| esp32-project/);
  t.is(sdk(["build", "--fast"]).status, 1);
});
