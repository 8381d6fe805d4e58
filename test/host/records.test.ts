// The native passes over the bytes of flash equal their TypeScript twin, and refuse what leaves the bytes. Under ASan
// and UBSan too.

import test from "ava";
import fc from "fast-check";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { verdicts } from "../../firmware/crypto/primitives.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { recordPrimitives } from "../../office/crypto/records.js";
import { PROGRAM, sanitizedProgram, withBench } from "./support.js";
import type { Bench } from "./support.js";

const SEED = Number(process.env["SEED"] ?? 20261122);
const key = Uint8Array.from({ length: 16 }, (_, i) => 7 * i);

type Name = keyof typeof recordPrimitives;
type Args = readonly (Uint8Array | number)[];

interface Outcome {
  readonly result: unknown;
  /** Of the first argument afterwards. */
  readonly first: string | null;
}

async function native(bench: Bench, name: Name, args: Args): Promise<Outcome | "refused"> {
  try {
    const found = (await bench.ask(
      "primitive",
      name,
      args.map((value) => (typeof value === "number" ? value : toHex(value))),
    )) as { result: unknown; bytes: readonly (string | null)[] };
    return { result: found.result, first: found.bytes[0]! };
  } catch {
    return "refused";
  }
}

function twin(name: Name, args: Args): Outcome | "refused" {
  const copies = args.map((value) => (value instanceof Uint8Array ? value.slice() : value));
  try {
    const result = (sodiumPrimitives[name] as (...all: unknown[]) => unknown).apply(sodiumPrimitives, copies);
    return { result: result ?? null, first: copies[0] instanceof Uint8Array ? toHex(copies[0]) : null };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return "refused";
  }
}

/** Long runs of one byte, as flash has. */
const bytes = fc
  .array(fc.tuple(fc.constantFrom(0, 0xff, 0xff, 0x7f, 1), fc.nat(40)), { maxLength: 5 })
  .map((runs) => Uint8Array.from(runs.flatMap(([value, count]) => new Array<number>(count).fill(value))));

/** One record of `stride` bytes: body, check, tail; as it is made, or harmed. */
function record(kind: number, number: number, harmed: number, stride: number, tail: number): Uint8Array {
  if (kind === 0) return new Uint8Array(stride).fill(0xff);
  if (kind === 1) return new Uint8Array(stride);
  const made = new Uint8Array(stride);
  const checkAt = stride - tail - 16;
  for (let i = 0; i < checkAt; i++) made[i] = (number * 31 + i) & 0xff;
  const place = Uint8Array.of(0, 0, number >> 8, number);
  sodiumPrimitives.sipHash(
    made.subarray(checkAt, checkAt + 16),
    Buffer.concat([made.subarray(0, checkAt), place]),
    key,
  );
  if (kind === 3) made[harmed % stride]! ^= 1 << (harmed % 8);
  return made;
}

const store = fc
  .record({
    tail: fc.constantFrom(0, 4, 16),
    first: fc.nat(600),
    kinds: fc.array(fc.tuple(fc.nat(3), fc.nat(9999), fc.nat(9)), { minLength: 1, maxLength: 7 }),
  })
  .map(({ tail, first, kinds }) => {
    const stride = 64;
    const a = Buffer.concat(kinds.map(([kind, harmed], i) => record(kind, first + i, harmed, stride, tail)));
    const b = Buffer.from(a);
    kinds.forEach(([, harmed, other], i) => {
      if (other === 0) b[i * stride + (harmed % stride)]! ^= 0x10;
    });
    return {
      a: new Uint8Array(a),
      b: new Uint8Array(b),
      count: kinds.length,
      tail,
      first,
      checkAt: stride - tail - 16,
    };
  });

for (const sanitized of [false, true]) {
  test(`native passes over flash equal their twin${sanitized ? ", under ASan and UBSan" : ""}`, async (t) => {
    t.timeout(120_000);
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    const seen = new Map<number, number>();
    let refused = 0;
    await withBench(
      async (bench) => {
        const same = async (name: Name, args: Args): Promise<void> => {
          const expected = twin(name, args);
          if (expected === "refused") refused++;
          t.deepEqual(await native(bench, name, args), expected, name);
        };
        await fc.assert(
          fc.asyncProperty(
            bytes,
            fc.nat(130),
            fc.nat(130),
            fc.constantFrom(0, 0xff, 1, 256),
            async (some, from, to, value) => {
              await same("firstUnlike", [some, from, to, value]);
              await same("zeroBits", [some, from, to]);
              await same("sipHash", [new Uint8Array(16), some, key]);
              await same("equal", [some, some.map((byte, i) => (i === from ? byte ^ 4 : byte))]);
              await same("equal", [some, some.subarray(0, to)]);
              const pieces = some.subarray(0, some.length & ~3);
              await same("find", [pieces, Uint8Array.of(value, value, value, value), to >> 3]);
              await same("find", [pieces, Uint8Array.from(pieces.subarray(from & ~3).subarray(0, 4)), 0]);
              await same("find", [some, Uint8Array.of(value), from]);
              await same("count", [some, value]);
            },
          ),
          { numRuns: 80, seed: SEED },
        );
        await fc.assert(
          fc.asyncProperty(store, async ({ a, b, count, tail, first, checkAt }) => {
            const args = [new Uint8Array(count), a, b, 32, checkAt, 16, tail, first, key];
            const expected = twin("review", args);
            if (expected === "refused") throw new Error("a store that is as it should be");
            for (const each of fromHex(expected.first!)!) seen.set(each, (seen.get(each) ?? 0) + 1);
            await same("review", args);
            await same("review", [new Uint8Array(count), a, b, 32, checkAt, 16, tail, -1, key]);
            await same("fold", [new Uint8Array(16).fill(count), fromHex(expected.first!)!, a, checkAt, key]);
          }),
          { numRuns: 80, seed: SEED },
        );
        const [two, some] = [new Uint8Array(2), new Uint8Array(64)];
        for (const args of [
          [two, some, some.subarray(1), 8, 16, 16, 0, 0, key],
          [two, some, some, 33, 16, 16, 0, 0, key],
          [two, some, some, 8, 17, 16, 0, 0, key],
          [two, some, some, 8, 16, 17, 0, 0, key],
          [two, some, some, 8, 16, 16, 33, 0, key],
          [two, some, some, 8, 16, 16, 0, -2, key],
          [two, some, some, 8, 16, 16, 0, 0, key.subarray(1, 16)],
          [new Uint8Array(0), some, some, 8, 16, 16, 0, 0, key],
        ])
          await same("review", args);
        for (const args of [
          [new Uint8Array(16), Uint8Array.of(1), some, 49, key],
          [new Uint8Array(16), Uint8Array.of(1), some, 8, key.subarray(1)],
          [new Uint8Array(15), Uint8Array.of(1), some, 8, key],
        ])
          await same("fold", args);
        for (const length of [0, 3]) await same("find", [some, new Uint8Array(length), 0]);
      },
      { program },
    );
    for (const verdict of Object.values(verdicts))
      t.true((seen.get(verdict) ?? 0) > 10, `${verdict}: ${seen.get(verdict)}`);
    t.true(refused > 50);
    t.log(`seed ${SEED}`);
  });
}
