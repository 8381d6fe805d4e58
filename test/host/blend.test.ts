// The native pixel operations equal their TypeScript twin, pixel by pixel, and never touch what is not theirs. Under
// ASan and UBSan too.

import test from "ava";
import fc from "fast-check";
import { nodeBlender } from "../support/blender.js";
import { toHex } from "../../firmware/bytes.js";
import { PROGRAM, sanitizedProgram, withBench } from "./support.js";
import type { Bench } from "./support.js";

const SEED = Number(process.env["SEED"] ?? 20261121);

type Args = readonly (Uint8Array | Int32Array | number)[];
type Operation = keyof typeof nodeBlender;

const bytesOf = (words: Uint8Array | Int32Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** The first argument as it is afterwards, and the result; "refused" when it throws. */
async function native(bench: Bench, name: Operation, args: Args): Promise<string> {
  try {
    const found = (await bench.ask(
      "blend",
      name,
      args.map((value) => (typeof value === "number" ? value : toHex(bytesOf(value)))),
    )) as { bytes: readonly (string | null)[]; result?: unknown };
    return `${found.bytes[0]!} ${JSON.stringify(found.result ?? "")}`;
  } catch {
    return "refused";
  }
}

function twin(name: Operation, args: Args): string {
  // words go as the buffers that they are in
  const copies = args.map((value) =>
    value instanceof Int32Array ? value.slice().buffer : value instanceof Uint8Array ? value.slice() : value,
  );
  let result: unknown;
  try {
    result = (nodeBlender[name] as (...all: unknown[]) => unknown)(...copies);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return "refused";
  }
  const [first] = copies;
  return `${toHex(first instanceof ArrayBuffer ? new Uint8Array(first) : (first as Uint8Array))} ${JSON.stringify(result ?? "")}`;
}

const pair = (low: number, high: number) => (low & 0xffff) | (high << 16);
const color = fc.nat(0xffff);
// Near the bitmap and far off it.
const place = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -8, max: 10 }) },
  { weight: 1, arbitrary: fc.integer({ min: -16383, max: 16383 }) },
);
const side = fc.nat(20);
const ATLAS_BYTES = 300;
const mask = fc.nat(ATLAS_BYTES - 200);

const box = fc
  .record({
    color,
    x: place,
    y: place,
    width: side,
    height: side,
    radius: fc.nat(6),
    inner: fc.nat(6),
    border: fc.nat(3),
    borderColor: color,
    outerMask: mask,
    innerMask: mask,
  })
  .map((is) => [
    0x1_0000 | is.color,
    pair(is.x, is.y),
    pair(is.x + is.width, is.y + is.height),
    is.radius | (is.inner << 8) | (is.border << 16),
    is.borderColor,
    is.outerMask,
    is.innerMask,
  ]);
const icon = fc
  .record({ color, x: place, y: place, width: fc.nat(13), height: fc.nat(14), mask, other: fc.nat(1) })
  .map((is) => [
    0x2_0000 | is.color,
    pair(is.x, is.y),
    pair(is.x + is.width, is.y + is.height),
    is.mask,
    is.other,
    0,
    0,
  ]);
const run = fc
  .record({ color, x: place, y: place, at: fc.constantFrom(0, 0, 0, 19), other: fc.nat(1) })
  .map((is) => [
    0x3_0000 | is.color,
    pair(is.x - 30, is.y - 30),
    pair(is.x + 40, is.y + 40),
    pair(is.x, is.y),
    is.at,
    is.other,
    0,
  ]);
const wildItem = fc
  .array(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), { minLength: 7, maxLength: 7 })
  .map((words) => [words[0]! & 0x3_ffff, ...words.slice(1)]);
const glyph = fc.record({
  mask,
  x: fc.integer({ min: -9, max: 9 }),
  y: fc.integer({ min: -9, max: 9 }),
  width: fc.nat(13),
  height: fc.nat(14),
});
const secondRun = 19;
/** Two runs: one at 0, one at `secondRun` words. */
const stores = fc
  .tuple(
    fc.array(glyph, { maxLength: 4 }),
    fc.array(glyph, { maxLength: 3 }),
    fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 10, maxLength: 10 }),
  )
  .map(([first, second, ink]) => {
    const store = new Int32Array(secondRun + 7 + 9);
    [first, second].forEach((glyphs, i) =>
      store.set(
        [
          glyphs.length,
          ...ink.slice(5 * i, 5 * i + 5),
          i,
          ...glyphs.flatMap((is) => [is.mask, pair(is.x, is.y), is.width | (is.height << 16)]),
        ],
        secondRun * i,
      ),
    );
    return store;
  });
const atlas = fc.uint8Array({ minLength: ATLAS_BYTES, maxLength: ATLAS_BYTES });

const painting = (item: fc.Arbitrary<number[]>) =>
  fc.record({
    stride: fc.integer({ min: 1, max: 12 }),
    bitmap: fc.oneof(
      { weight: 4, arbitrary: fc.uint8Array({ minLength: 160, maxLength: 240 }) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 240 }) },
    ),
    left: fc.integer({ min: -5, max: 5 }),
    top: fc.integer({ min: -5, max: 5 }),
    rowsLess: fc.nat(2),
    list: fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => Int32Array.from(items.flat())),
    store: stores,
    atlas,
    other: atlas,
  });

/** Boxes as large as those of a screen, one over the other, in a band of it: what is covered is not painted first. */
const LAYERS_ATLAS_BYTES = 900;
const layer = fc
  .record({
    color,
    x: fc.integer({ min: -40, max: 100 }),
    y: fc.integer({ min: -30, max: 50 }),
    width: fc.integer({ min: 1, max: 140 }),
    height: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 80 }) },
      { weight: 1, arbitrary: fc.constantFrom(15, 16, 17, 23, 24) },
    ),
    radius: fc.constantFrom(0, 0, 4, 8, 12),
    border: fc.constantFrom(0, 0, 2, 4),
    thicker: fc.constantFrom(0, 0, 0, 1),
    borderColor: color,
    outerMask: fc.nat(200),
    innerMask: fc.nat(200),
  })
  .map((is) => [
    0x1_0000 | is.color,
    pair(is.x, is.y),
    pair(is.x + is.width, is.y + is.height),
    is.radius | (Math.max(0, is.radius - is.border + is.thicker) << 8) | (is.border << 16),
    is.borderColor,
    is.outerMask,
    is.innerMask,
  ]);
const layers = fc
  .record({
    stride: fc.integer({ min: 30, max: 96 }),
    rows: fc.integer({ min: 1, max: 40 }),
    left: fc.constantFrom(0, 0, -7, 5, 20),
    top: fc.constantFrom(0, 0, -3, 9),
    list: fc.array(
      fc.oneof({ weight: 6, arbitrary: layer }, { weight: 1, arbitrary: icon }, { weight: 1, arbitrary: run }),
      { minLength: 2, maxLength: 12 },
    ),
    more: fc.constantFrom(1, 1, 1, 1, 4),
    store: stores,
    atlas: fc.uint8Array({ minLength: LAYERS_ATLAS_BYTES, maxLength: LAYERS_ATLAS_BYTES }),
    other: atlas,
  })
  .map((is) => ({ ...is, list: Int32Array.from(Array.from({ length: is.more }, () => is.list).flat(2)) }));

const FACE_BYTES = 12;
const glyphs = fc.array(
  fc.tuple(fc.nat(10), fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -2000, max: 2000 })),
  { maxLength: 6 },
);
const advance = fc.oneof(
  { weight: 60, arbitrary: fc.nat(20_000) },
  { weight: 1, arbitrary: fc.constantFrom(0xffffff, 0x1000000, 0xffffffff) },
);
const glyphPiece = fc.tuple(glyphs, advance).map(([all, width]) => {
  const view = new DataView(new ArrayBuffer(6 + 6 * all.length));
  view.setUint8(0, 0x80);
  view.setUint8(1, all.length);
  view.setUint32(2, width);
  all.forEach(([number, dx, dy], i) => {
    view.setUint16(6 + 6 * i, number);
    view.setInt16(8 + 6 * i, dx);
    view.setInt16(10 + 6 * i, dy);
  });
  return [...new Uint8Array(view.buffer)];
});
const piece = fc.oneof(
  { weight: 3, arbitrary: glyphPiece },
  { weight: 2, arbitrary: fc.constantFrom([0], [1], [0x10], [0x19]) },
  { weight: 1, arbitrary: fc.constantFrom([2], [0x0f], [0x1a], [0x7f], [0], [1], [0], [1]) },
);
const line = fc.array(piece, { maxLength: 4 }).map((pieces) => [pieces.length, ...pieces.flat()]);
const set = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => [lines.length, ...lines.flat()]);
const layout = fc
  .record({ media: fc.constantFrom(1, 6, 0x7f, 0x7f), weights: fc.constantFrom(1, 2, 3), sets: fc.tuple(set, set) })
  .map(({ media, weights, sets }) => {
    const lines = weights === 3 ? sets.flat() : sets[0];
    return [media, weights, lines.length >> 8, lines.length & 255, ...lines];
  });
const records = fc
  .record({
    layouts: fc.array(layout, { minLength: 1, maxLength: 3 }),
    cut: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 5),
    flip: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.tuple(fc.nat(60), fc.nat(255)) },
    ),
  })
  .map(({ layouts, cut, flip }) => {
    const bytes = Uint8Array.from([layouts.length, ...layouts.flat()]);
    if (flip !== null && flip[0] < bytes.length) bytes[flip[0]] = flip[1];
    return bytes.subarray(0, Math.max(0, bytes.length - cut));
  });
const ten = fc.array(glyphPiece, { minLength: 10, maxLength: 10 });
/** One line of ten pieces for each of the two weights; at times one that is no such text. */
const digitTexts = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(ten, ten)
      .map((sets) => sets.flatMap((pieces) => [1, 10, ...pieces.flat()]))
      .map((sets) => Uint8Array.from([1, 0x7f, 3, sets.length >> 8, sets.length & 255, ...sets])),
  },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 1, arbitrary: records },
);
const number = fc.oneof(
  { weight: 8, arbitrary: fc.nat(99) },
  { weight: 8, arbitrary: fc.constantFrom(0, 9, 10, 0x7fff_ffff) },
  { weight: 1, arbitrary: fc.constant(0x8000_0000) },
);
const texts = fc
  .record({
    capital: fc.nat(60),
    capitalUnits: fc.constantFrom(0, 1, 1434, 1434, 1434, 1434, 1434, 1434),
    entries: fc.array(
      fc.tuple(
        fc.nat(9),
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -40, max: 40 }),
        fc.nat(600),
        fc.nat(40),
      ),
      { maxLength: 8 },
    ),
    record: records,
    digits: digitTexts,
    medium: fc.nat(2),
    bold: fc.nat(1),
    source: fc.nat(1),
    first: number,
    second: number,
    at: fc.nat(3),
    words: fc.constantFrom(4, 20, 200, 200, 200, 200),
  })
  .map((is) => {
    const numbers = [...new Set(is.entries.map(([entry]) => entry))].sort((a, b) => a - b);
    const face = new DataView(new ArrayBuffer(FACE_BYTES + 14 * numbers.length));
    [2, 4, 6].forEach((at, i) => face.setUint16(at, [is.capital, is.capitalUnits, numbers.length][i]!));
    face.setUint32(8, FACE_BYTES);
    numbers.forEach((entry, i) => {
      const [, left, top, width, height] = is.entries.find(([each]) => each === entry)!;
      const at = FACE_BYTES + 14 * i;
      face.setUint16(at, entry);
      face.setInt16(at + 2, left);
      face.setInt16(at + 4, top);
      face.setUint16(at + 6, width);
      face.setUint16(at + 8, height);
      face.setUint32(at + 10, 1000 * i);
    });
    return [
      new Int32Array(is.words).fill(77),
      is.at,
      new Uint8Array(face.buffer),
      0,
      is.record,
      is.medium,
      is.bold,
      is.digits,
      is.first,
      is.second,
      is.source,
    ] as Args;
  });

for (const sanitized of [false, true]) {
  const suffix = sanitized ? ", with sanitizers" : "";

  test(`native painting and setting equal their twins${suffix}`, async (t) => {
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    // the same C: what the sanitizers saw need not be seen as often without them
    const runs = (count: number): number => (sanitized ? count : Math.ceil(count / 4));
    const outcomes = { painted: 0, set: 0, refused: 0 };
    await withBench(
      async (bench) => {
        const same = async (name: Operation, args: Args): Promise<boolean> => {
          const expected = twin(name, args);
          if (expected === "refused") outcomes.refused++;
          else if (name === "typeset") outcomes.set++;
          else if (expected !== `${toHex(args[0] as Uint8Array)} `) outcomes.painted++;
          return (await native(bench, name, args)) === expected;
        };
        for (const [item, numRuns] of [
          [fc.oneof(box, icon, run), 220],
          [wildItem, 80],
        ] as const) {
          await fc.assert(
            fc.asyncProperty(painting(item), async (is) => {
              const picture = [is.list, is.list.length / 7, is.store, is.atlas, is.other];
              const rows = (length: number) => Math.max(0, Math.floor(length) - is.rowsLess);
              const at = Math.min(3, is.bitmap.length);
              return (
                (await same("paint565", [
                  is.bitmap,
                  is.stride,
                  is.left,
                  is.top,
                  rows(is.bitmap.length / (2 * is.stride)),
                  ...picture,
                ])) &&
                (await same("paint1", [
                  is.bitmap,
                  at,
                  is.stride,
                  is.left,
                  is.top,
                  rows((is.bitmap.length - at) / is.stride),
                  ...picture,
                ]))
              );
            }),
            { numRuns: runs(numRuns), seed: SEED },
          );
        }
        await fc.assert(
          fc.asyncProperty(layers, async (is) => {
            const picture = [is.list, is.list.length / 7, is.store, is.atlas, is.other];
            const before = new Uint8Array(2 * is.stride * is.rows).fill(0x5a);
            return (
              (await same("paint565", [before, is.stride, is.left, is.top, is.rows, ...picture])) &&
              (await same("paint1", [before, 0, Math.ceil(is.stride / 8), is.left, is.top, is.rows, ...picture]))
            );
          }),
          { numRuns: runs(200), seed: SEED },
        );
        await fc.assert(
          fc.asyncProperty(texts, (args) => same("typeset", args)),
          { numRuns: runs(600), seed: SEED },
        );
        // Every alpha on every level of every channel, and on the color next to it: one row of 128 pixels for each.
        const row = new Uint8Array(256);
        for (let level = 0; level < 64; level++) {
          const value = ((level >> 1) << 11) | (level << 5) | (level >> 1);
          row.set([value & 255, value >> 8, (value & 255) ^ 1, value >> 8], 4 * level);
        }
        for (const source of [0x0000, 0xffff, 0x8410, 0x1234])
          for (let alpha = 0; alpha < 16; alpha++) {
            const list = Int32Array.of(0x2_0000 | source, 0, pair(128, 1), 0, 0, 0, 0);
            // 128 pixels of one alpha: each by itself, or eight times 16 alike
            const even =
              alpha === 0 || alpha === 15
                ? new Uint8Array(8).fill((alpha << 4) | 15)
                : new Uint8Array(64).fill(alpha * 17);
            t.true(
              await same("paint565", [row, 128, 0, 0, 1, list, 1, new Int32Array(0), even, new Uint8Array(0)]),
              `alpha ${alpha}`,
            );
          }
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.nat(3), { maxLength: 20 }),
            fc.nat(3),
            fc.nat(3),
            async (bytes, first, second) => {
              const found = (await bench.ask("blend", "find", [toHex(Uint8Array.from(bytes)), first, second])) as {
                result: number;
              };
              return found.result === nodeBlender.find(Uint8Array.from(bytes), first, second);
            },
          ),
          { numRuns: 60, seed: SEED },
        );
        t.is(await native(bench, "wipe", [Uint8Array.of(1, 2, 3)]), '000000 ""');
      },
      { program },
    );
    t.true(
      outcomes.painted > runs(300) && outcomes.set > runs(150) && outcomes.refused > runs(50),
      JSON.stringify(outcomes),
    );
    t.log(`seed ${SEED}`, outcomes);
  });

  test(`native blending refuses what only a bug can pass${suffix}`, async (t) => {
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    await withBench(
      async (bench) => {
        const bitmap = new Uint8Array(64);
        const none = new Uint8Array(0);
        const store = new Int32Array(8);
        const boxes = Int32Array.of(0x1_0000, 0, pair(8, 4), 0, 0, 0, 0);
        const refused = async (name: Operation, args: readonly unknown[]): Promise<void> => {
          await t.throwsAsync(
            bench.ask(
              "blend",
              name,
              args.map((value) =>
                value instanceof Uint8Array || value instanceof Int32Array ? toHex(bytesOf(value)) : value,
              ),
            ),
          );
        };
        t.not(await native(bench, "paint565", [bitmap, 8, 0, 0, 4, boxes, 1, store, none, none]), "refused");
        await refused("paint565", [bitmap, 0, 0, 0, 4, boxes, 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 20000, 0, 4, boxes, 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 5, boxes, 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, -1, boxes, 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0.5, 0, 4, boxes, 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, boxes, 2, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, boxes, 1, store, none]);
        const icons = (at: number, width: number, height: number) =>
          Int32Array.of(0x2_0000, 0, pair(width, height), at, 0, 0, 0);
        const eight = Uint8Array.of(0x11, 0x11, 0x11, 0x11);
        t.not(await native(bench, "paint565", [bitmap, 8, 0, 0, 4, icons(0, 4, 2), 1, store, eight, none]), "refused");
        await refused("paint565", [bitmap, 8, 0, 0, 4, icons(0, 4, 2), 1, store, eight.subarray(1), none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, icons(1, 4, 2), 1, store, eight, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, icons(-1, 4, 2), 1, store, new Uint8Array(4), none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, icons(0, 16383, 16383), 1, store, new Uint8Array(4), none]);
        const runs = (at: number) => Int32Array.of(0x3_0000, 0, pair(8, 4), 0, at, 0, 0);
        await refused("paint565", [bitmap, 8, 0, 0, 4, runs(4), 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, runs(-1), 1, store, none, none]);
        await refused("paint565", [bitmap, 8, 0, 0, 4, runs(0), 1, Int32Array.of(2, 0, 0, 0, 0, 0, 0, 0), none, none]);
        await refused("paint1", [bitmap, 1, 8, 0, 0, 8, boxes, 1, store, none, none]);
        await refused("paint1", [bitmap, 1e300, 8, 0, 0, 1, boxes, 1, store, none, none]);
        const face = Uint8Array.of(0, 0, 0, 20, 0, 100, 0, 0, 0, 0, 0, 12);
        const empty = Uint8Array.of(1, 1, 1, 0, 2, 1, 0);
        t.not(await native(bench, "typeset", [store, 0, face, 0, empty, 0, 0, none, 0, 0, 0]), "refused");
        await refused("typeset", [store, 9, face, 0, empty, 0, 0, none, 0, 0, 0]);
        await refused("typeset", [store, 0, none, 0, empty, 0, 0, none, 0, 0, 0]);
        await refused("typeset", [store, 0, new Uint8Array(12), 0, empty, 0, 0, none, 0, 0, 0]);
        await refused("typeset", [store, 0, face, 0, empty, 1, 0, none, 0, 0, 0]);
        await refused("typeset", [store, 0, face, 0, empty, 0, 2, none, 0, 0, 0]);
        await refused("typeset", [store, 0, face, 0, empty, 0, 0, none, -1, 0, 0]);
        await refused("typeset", [store, 0, face, 0, empty, 0, 0, none, 0, 0, 2]);
        t.deepEqual(
          await bench.ask("blendOneBuffer"),
          { text: "RangeError", digits: "RangeError", atlas: "RangeError" },
          "what is read twice does not lie where it is written",
        );
      },
      { program },
    );
  });
}
