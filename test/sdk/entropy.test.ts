// The ESP32's generator and the health tests of its noise, compiled for this machine.

import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { blake2b } from "@noble/hashes/blake2.js";
import test from "ava";
import { buildHost } from "../../tools/build/host.js";
import { SODIUM, SODIUM_FLAGS } from "../../tools/build/sources.js";

const KEY = 32;
/** Drawn at a time, the next key included. */
const BLOCK = 512;
const SOURCES = [
  "crypto_generichash/blake2b/ref/blake2b-compress-ref.c",
  "crypto_generichash/blake2b/ref/blake2b-ref.c",
  "crypto_generichash/blake2b/ref/generichash_blake2b.c",
  "crypto_stream/chacha20/ref/chacha20_ref.c",
  "crypto_stream/chacha20/stream_chacha20.c",
  "sodium/runtime.c",
  "sodium/utils.c",
];

const directory = mkdtempSync(join(tmpdir(), "sandogh-entropy-"));
const tool = join(directory, "tool");

test.before(async () => {
  await buildHost();
  const ours = ["test/sdk/entropy-tool.c", "platform/sdk/esp32/erasing-generator.c", "platform/sdk/esp32/health.c"];
  const { status, stderr } = spawnSync(
    process.env["CC"] ?? "cc",
    [
      "-ffunction-sections",
      "-Wl,--gc-sections",
      ...SODIUM_FLAGS,
      "-Dsodium_misuse=abort",
      ...ours,
      ...SOURCES.map((name) => `${SODIUM}/${name}`),
      "-o",
      tool,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
});

test.after.always(() => rmSync(directory, { recursive: true, force: true }));

function run(args: readonly string[], input: Uint8Array): { readonly status: number | null; readonly out: Buffer } {
  const { status, stdout } = spawnSync(tool, args, { input, maxBuffer: 1 << 24 });
  return { status, out: stdout };
}

/** Where the tests fail first; -1: they do not. */
function failsAt(samples: Uint8Array): number {
  return run(["health"], samples).out.toString("latin1").indexOf("0");
}

test("a source that repeats itself fails at the 31st sample, one that does not by then goes on", (t) => {
  t.is(failsAt(new Uint8Array(40)), 30);
  t.is(failsAt(Uint8Array.from([...new Array<number>(30).fill(7), 8, ...new Array<number>(30).fill(7)])), -1);
});

test("a source with a favourite fails within the window that has it 325 times", (t) => {
  const samples = Uint8Array.from({ length: 1024 }, (_, index) => (index % 3 === 2 ? 1 + (index % 200) : 255));
  t.is(failsAt(samples), 486);
  const rarer = Uint8Array.from({ length: 4096 }, (_, index) => (index % 2 === 1 ? 1 + (index % 200) : 255));
  t.is(failsAt(rarer), -1);
});

test("once failed, for ever failed; and what is random passes", (t) => {
  const mixed = Buffer.concat([Buffer.alloc(31), randomBytes(2000)]);
  t.is(run(["health"], mixed).out.toString("latin1").lastIndexOf("1"), 29);
  t.is(failsAt(randomBytes(1 << 18)), -1);
});

test("the cutoff of the proportion is the critical value of 512 trials of one half at 2^-30", (t) => {
  // P(X >= c) for X ~ B(512, 1/2), exactly: SP 800-90B asks for the smallest c with P(X >= c) <= 2^-30
  let choose = 1n;
  const terms: bigint[] = [];
  for (let k = 0n; k <= 512n; k++) {
    terms.push(choose);
    choose = (choose * (512n - k)) / (k + 1n);
  }
  let tail = 0n;
  let critical = 513;
  for (let k = 512; k >= 0; k--) {
    tail += terms[k]!;
    if (tail << 30n > 1n << 512n) break;
    critical = k;
  }
  t.is(critical, 325);
});

test("what is drawn is ChaCha20 under a key that the draw itself replaces", (t) => {
  const noise = randomBytes(2048);
  const wanted: Buffer[] = [];
  const draws = [10, 480, 481, 1, 2000];
  let current = Buffer.from(blake2b(noise, { dkLen: KEY }));
  for (const count of draws)
    for (let left = count; left > 0; ) {
      const block = createCipheriv("chacha20", current, Buffer.alloc(16)).update(Buffer.alloc(BLOCK));
      current = block.subarray(0, KEY);
      const part = Math.min(left, BLOCK - KEY);
      wanted.push(block.subarray(KEY, KEY + part));
      left -= part;
    }
  const { status, out } = run(["draw", ...draws.map(String)], noise);
  t.is(status, 0);
  t.deepEqual(out, Buffer.concat(wanted));
});

test("before it has any noise it gives nothing", (t) => {
  const { status, out } = run(["draw", "16"], new Uint8Array(0));
  t.is(status, 3);
  t.is(out.length, 0);
});
