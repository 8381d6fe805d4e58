// Items put into a list by C equal those put by their TypeScript twin: the list, the pen with what has changed, and
// what is refused. Under ASan and UBSan too.

import test from "ava";
import fc from "fast-check";
import { toHex } from "../../firmware/bytes.js";
import { pen as words } from "../../ui/render/list.js";
import { nodeBlender } from "../support/blender.js";
import { PROGRAM, sanitizedProgram, withBench } from "./support.js";

const SEED = Number(process.env["SEED"] ?? 20261128);
const itemWords = 7;
const radiusEnd = 8;

type Words = Int32Array<ArrayBuffer>;
type Call = readonly [
  name: "putBox" | "putMask" | "putIcon" | "putRuns" | "putCopies",
  ...args: (number | Words | Uint8Array)[],
];
interface State {
  readonly pen: Words;
  readonly list: Words;
}

const pair = (low: number, high: number) => (low & 0xffff) | (high << 16);
const place = fc.oneof(
  { weight: 200, arbitrary: fc.integer({ min: -20, max: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom(-16383, 16383, -16384, 16384) },
);
const color = fc.oneof(
  { weight: 200, arbitrary: fc.nat(2) },
  { weight: 1, arbitrary: fc.constantFrom(0xffff, 0x1_0000, -1) },
);
const small = (max: number) =>
  fc.oneof({ weight: 200, arbitrary: fc.nat(max) }, { weight: 1, arbitrary: fc.constantFrom(-1, max + 1, 255, 256) });

/** Three runs one behind the other; at times one that does not end in the store. */
const stores = fc
  .record({
    glyphs: fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }),
    ink: fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 15, maxLength: 15 }),
    wild: fc.nat(40),
  })
  .map(({ glyphs, ink, wild }) => {
    const runs = glyphs.flatMap((count, i) => [
      count,
      ...ink.slice(5 * i, 5 * i + 5),
      i & 1,
      ...new Array<number>(3 * count).fill(9),
    ]);
    return Int32Array.from(wild === 0 ? [...runs, 70_000, 1, 2, 3, 4, 0x7fff_ffff, 0] : runs);
  });
const copies = fc
  .array(fc.tuple(place, place, place, place), { maxLength: 4 })
  .map((boxes) => Int32Array.from(boxes.flatMap(([a, b, c, d]) => [0x1_0000, pair(a, b), pair(c, d), 1, 2, 3, 4])));

/** A face of three icons; at times one that does not end in its atlas, or is larger than a mask may be. */
const atlases = fc
  .record({
    entries: fc.array(
      fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 }), fc.nat(60), fc.nat(60)),
      { minLength: 3, maxLength: 3 },
    ),
    wild: fc.nat(30),
  })
  .map(({ entries, wild }) => {
    const bytes = new Uint8Array(12 + 14 * 3);
    const view = new DataView(bytes.buffer);
    [
      [2, 1],
      [4, 1],
      [6, wild === 0 ? 4 : 3],
    ].forEach(([at, value]) => view.setUint16(at!, value!));
    view.setUint32(8, 12);
    entries.forEach(([left, top, width, height], i) => {
      const at = 12 + 14 * i;
      [10 * (i + 1), left, top, wild === 1 ? 513 : width, height].forEach((value, k) =>
        view.setInt16(at + 2 * k, value),
      );
      view.setUint32(at + 10, 1000 + i);
    });
    return bytes;
  });

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constant("putBox" as const), place, place, place, place, color, small(3), color, small(radiusEnd - 1)),
  fc.tuple(fc.constant("putMask" as const), place, place, place, place, color, small(1000), small(1)),
  fc.tuple(
    fc.constant("putIcon" as const),
    atlases,
    fc.constant(0),
    fc.constantFrom(10, 20, 20, 30, 30, 30, 15),
    place,
    place,
    place,
    color,
  ),
  fc.tuple(
    fc.constant("putRuns" as const),
    stores,
    fc.constantFrom(0, 0, 0, 0, 0, 0, 7, 60),
    small(3),
    place,
    place,
    small(2),
    place,
    small(20),
    color,
  ),
  fc.tuple(fc.constant("putCopies" as const), copies, small(4), place, place),
);
const good = fc.record({
  first: fc.constantFrom(0, 0, 0, 1, 3),
  next: fc.constantFrom(0, 0, 0, 1),
  had: fc.nat(4),
  room: fc.constantFrom(30, 30, 6, 1),
  mirror: fc.constantFrom(0, 100),
  whole: fc.constantFrom(0, 0, 1),
  words: fc.constant(words.discs + radiusEnd),
});
const wild = fc.record({
  first: fc.constantFrom(0, 30, -1, 0x7fff_ffff),
  next: fc.constantFrom(0, -1, 0x7fff_ffff),
  had: fc.nat(4),
  room: fc.constantFrom(30, 0, -1),
  mirror: fc.constantFrom(0, 16383, -1, 16384),
  whole: fc.nat(1),
  words: fc.constantFrom(words.discs + radiusEnd, words.discs, 15),
});
/** A list of thirty items, of which a part has some; at times a pen that only a bug can make. */
const states = fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: wild }).map((is): State => {
  const pen = new Int32Array(is.words);
  pen.set([is.first, is.next, is.had, is.room, 0, 0, 0, 0, is.mirror, is.whole]);
  for (let radius = 1; radius + words.discs < is.words; radius++) pen[words.discs + radius] = 100 + radius;
  return { pen, list: new Int32Array(30 * itemWords) };
});

function twin({ pen, list }: State, [name, ...args]: Call): unknown {
  try {
    return (nodeBlender[name] as (...all: unknown[]) => boolean)(
      pen.buffer,
      list.buffer,
      ...args.map((value) => (value instanceof Int32Array ? value.buffer : value)),
    );
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return "refused";
  }
}

const hex = (array: Words | Uint8Array) => toHex(new Uint8Array(array.buffer));
const wordsOf = (text: string): Words => new Int32Array(new Uint8Array(Buffer.from(text, "hex")).buffer);

for (const sanitized of [false, true]) {
  test(`native items equal their twins${sanitized ? ", with sanitizers" : ""}`, async (t) => {
    const program = sanitized ? await sanitizedProgram() : PROGRAM;
    const outcomes = { put: 0, full: 0, refused: 0, unchanged: 0 };
    await withBench(
      async (bench) => {
        await fc.assert(
          fc.asyncProperty(
            states,
            fc.array(call, { minLength: 1, maxLength: 6 }),
            fc.boolean(),
            async (state, calls, again) => {
              let native = state;
              const mine: State = { pen: state.pen.slice(), list: state.list.slice() };
              // the same once more: what came out as before has not changed
              const rounds = again && state.pen[words.next] === 0 ? 2 : 1;
              for (let round = 0; round < rounds; round++) {
                for (const each of calls) {
                  const expected = twin(mine, each);
                  let found: unknown = "refused";
                  try {
                    const [name, ...args] = each;
                    const answer = (await bench.ask(
                      "blend",
                      name,
                      [native.pen, native.list, ...args].map((value) =>
                        typeof value === "number" ? value : hex(value),
                      ),
                    )) as { bytes: readonly (string | null)[]; result: boolean };
                    found = answer.result;
                    native = { pen: wordsOf(answer.bytes[0]!), list: wordsOf(answer.bytes[1]!) };
                  } catch {
                    // what a refused call leaves behind is nobody's
                    return expected === "refused" && ++outcomes.refused > 0;
                  }
                  if (found === true) outcomes.put++;
                  else outcomes.full++;
                  if (
                    found !== expected ||
                    native.pen.join() !== mine.pen.join() ||
                    native.list.join() !== mine.list.join()
                  )
                    return false;
                }
                if (round === 1 && native.pen[words.right] === 0) outcomes.unchanged++;
                for (const { pen } of [native, mine]) {
                  if (pen.length <= words.discs) continue;
                  pen[words.had] = Math.max(pen[words.had]!, pen[words.next]!);
                  pen[words.next] = pen[words.right] = 0;
                }
              }
              return true;
            },
          ),
          { numRuns: 500, seed: SEED },
        );
      },
      { program },
    );
    t.true(
      outcomes.put > 500 && outcomes.full > 50 && outcomes.refused > 100 && outcomes.unchanged > 20,
      JSON.stringify(outcomes),
    );
    t.log(`seed ${SEED}`, outcomes);
  });
}
