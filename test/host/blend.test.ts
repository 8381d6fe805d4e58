// The native pixel operations equal their TypeScript twin, pixel by pixel, and never write outside the bitmap. Under ASan and UBSan too.

import test from "ava";
import fc from "fast-check";
import { nodeBlender } from "../support/blender.js";
import { toHex } from "../../firmware/bytes.js";
import { PROGRAM, sanitizedProgram, withBench } from "./support.js";
import type { Bench } from "./support.js";

const SEED = Number(process.env["SEED"] ?? 20261121);

type Args = readonly (Uint8Array | number)[];

async function native(bench: Bench, name: string, args: Args): Promise<string> {
  const found = (await bench.ask("blend", name, args.map((value) => (value instanceof Uint8Array ? toHex(value) : value)))) as { bytes: readonly (string | null)[] };
  return found.bytes[0]!;
}

function twin(name: keyof typeof nodeBlender, args: Args): string {
  const copies = args.map((value) => (value instanceof Uint8Array ? value.slice() : value));
  (nodeBlender[name] as (...all: unknown[]) => void)(...copies);
  return toHex(copies[0] as Uint8Array);
}

const color = fc.nat(0xffff);
// Near the bitmap and far off it.
const place = fc.oneof(fc.integer({ min: -12, max: 24 }), fc.integer({ min: -16383, max: 16383 }));
const side = fc.nat(20);

const masked = fc.record({ stride: fc.integer({ min: 1, max: 12 }), bitmap: fc.uint8Array({ maxLength: 240 }), left: place, top: place, right: place, bottom: place, width: fc.nat(13), height: fc.nat(9), at: fc.nat(3), x: place, y: place, color, mask: fc.uint8Array({ minLength: 70, maxLength: 70 }) });

for (const sanitized of [false, true]) {
  const suffix = sanitized ? ", with sanitizers" : "";

  test(`native blending equals its twin${suffix}`, async (t) => {
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    await withBench(async (bench) => {
      await fc.assert(
        fc.asyncProperty(fc.record({ stride: fc.integer({ min: 1, max: 12 }), bitmap: fc.uint8Array({ maxLength: 240 }), x: place, y: place, width: side, height: side, color }), async (is) => {
          const args: Args = [is.bitmap, is.stride, is.x, is.y, is.width, is.height, is.color];
          return (await native(bench, "fill565", args)) === twin("fill565", args);
        }),
        { numRuns: 150, seed: SEED },
      );
      await fc.assert(
        fc.asyncProperty(masked, async (is) => {
          const args: Args = [is.bitmap, is.stride, is.left, is.top, is.right, is.bottom, is.mask, is.at, is.width, is.height, is.x, is.y];
          return (await native(bench, "mask565", [...args, is.color])) === twin("mask565", [...args, is.color]) && (await native(bench, "mask1", args)) === twin("mask1", args);
        }),
        { numRuns: 250, seed: SEED },
      );
      // Every alpha on every level of every channel: one row of 64 pixels for each.
      const row = new Uint8Array(128);
      for (let level = 0; level < 64; level++) {
        const value = ((level >> 1) << 11) | (level << 5) | (level >> 1);
        row[2 * level] = value & 255;
        row[2 * level + 1] = value >> 8;
      }
      for (const source of [0x0000, 0xffff, 0x8410, 0x1234])
        for (let alpha = 0; alpha < 16; alpha++) {
          const args: Args = [row, 64, 0, 0, 64, 1, new Uint8Array(32).fill(alpha * 17), 0, 64, 1, 0, 0, source];
          t.is(await native(bench, "mask565", args), twin("mask565", args), `alpha ${alpha}`);
        }
    }, { program });
    t.log(`seed ${SEED}`);
  });

  test(`native blending refuses what only a bug can pass${suffix}`, async (t) => {
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    await withBench(async (bench) => {
      const bitmap = new Uint8Array(64);
      const refused = (name: string, args: readonly unknown[]): Promise<unknown> =>
        t.throwsAsync(bench.ask("blend", name, args.map((value) => (value instanceof Uint8Array ? toHex(value) : value))));
      await refused("fill565", [bitmap, 0, 0, 0, 1, 1, 0]);
      await refused("fill565", [bitmap, 8, 20000, 0, 1, 1, 0]);
      await refused("fill565", [bitmap, 8, 0, 0, -1, 1, 0]);
      await refused("fill565", [bitmap, 8, 0.5, 0, 1, 1, 0]);
      await refused("fill565", [bitmap, 8, 0, 0, 1, 1, 65536]);
      await refused("fill565", [bitmap, 8, 0, 0, 1]);
      await refused("mask565", [bitmap, 8, 0, 0, 8, 4, new Uint8Array(3), 0, 4, 2, 0, 0, 0]);
      await refused("mask565", [bitmap, 8, 0, 0, 8, 4, new Uint8Array(4), 1, 4, 2, 0, 0, 0]);
      await refused("mask565", [bitmap, 8, 0, 0, 8, 4, new Uint8Array(4), -1, 4, 2, 0, 0, 0]);
      await refused("mask1", [bitmap, 8, 0, 0, 8, 4, new Uint8Array(4), 1e300, 4, 2, 0, 0]);
      await refused("mask1", [bitmap, 8, 0, 0, 8, 4, new Uint8Array(4), 0, 16383, 16383, 0, 0]);
    }, { program });
  });
}
