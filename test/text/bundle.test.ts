import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { alphabet } from "../../firmware/election/fold.js";
import { packMask } from "../../office/text/rasterise.js";
import { linePixels, shapeLine } from "../../office/text/shape.js";
import { buildUiBundle, catalogue, updateUiBundle } from "../../tools/build/ui-bundle.js";
import { Atlas } from "../../ui/text/atlas.js";
import { TextBundle } from "../../ui/text/bundle.js";
import {
  type FaceName,
  type Medium,
  type PaperFace,
  type Role,
  faces,
  paperMedium,
  roles,
  textSizes,
} from "../../ui/text/faces.js";
import { checkRecord } from "../../office/text/check-record.js";
import { linesAt, skipLine } from "../../ui/text/texts.js";
import { type Run, Typesetter, textSource } from "../../ui/text/typesetter.js";
import { nodeBlender } from "../support/blender.js";

const bytes = buildUiBundle();

function opened(): TextBundle {
  const result = TextBundle.open(bytes);
  if (!result.ok) throw new Error(`byte ${result.error.at}: ${result.error.what}`);
  return result.value;
}

/** In which face a text is on a medium; undefined when it is not for it. */
function faceOn(use: Role | PaperFace, medium: Medium): FaceName | undefined {
  if (use in faces) return medium === paperMedium ? (use as PaperFace) : undefined;
  const size = textSizes.find((each) => each === medium);
  return size === undefined ? undefined : roles[use as Role][size];
}

/** Sizes of the masks of a run. */
function glyphsOf(set: Typesetter, run: Run): { readonly width: number; readonly height: number }[] {
  return Array.from({ length: set.store[run.at]! }, (_, i) => set.store[run.at + 7 + 3 * i + 2]!).map((size) => ({
    width: size & 0xffff,
    height: size >>> 16,
  }));
}

/** A run's words: ink, width and every glyph with its mask. */
function drawn(set: Typesetter, { at }: Run): Int32Array {
  return set.store.slice(at, at + 7 + 3 * set.store[at]!);
}

test("every text of the catalogue is in the bundle in both languages, with a mask for each glyph in each of its sizes", (t) => {
  const text = opened();
  for (const medium of [...textSizes, paperMedium]) {
    const set = new Typesetter(textSource(text, undefined), nodeBlender, medium);
    for (const [key, { faces: used }] of catalogue()) {
      for (const language of ["fa", "en"] as const) {
        for (const each of used) {
          const face = faceOn(each, medium);
          set.clear();
          for (const run of face === undefined ? [] : set.lines(key, faces[face], language, 1, 2)) {
            const glyphs = glyphsOf(set, run);
            t.true(
              glyphs.length > 0 && glyphs.every((glyph) => glyph.width > 0 && glyph.height > 0),
              `${key} ${language} ${face} ${medium}`,
            );
          }
        }
      }
    }
  }
});

test("text heights are those of the design: a capital I of 18, 23, 31 and 40 pixels, 28 dots on paper", (t) => {
  // "In progress" begins with a capital I
  const heights = textSizes.map((size) => {
    const set = new Typesetter(textSource(opened(), undefined), nodeBlender, size);
    return glyphsOf(set, set.line("progress.text", faces[roles.body[size]], "en"))[0]!.height;
  });
  t.deepEqual(heights, [18, 23, 31, 40]);
  t.is(faces.slip.capital, 28);
});

test("one changed byte of the bundle never crashes its reader", (t) => {
  const property = fc.property(fc.nat(60_000), fc.integer({ min: 1, max: 255 }), (at, flip) => {
    const changed = bytes.slice(0);
    changed[at % changed.length]! ^= flip;
    const result = TextBundle.open(changed);
    const checked = result.ok ? result.value.check() : result;
    return checked.ok || checked.error.what.length > 0;
  });
  const out = fc.check(property, { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("a bundle cut short is refused", (t) => {
  for (let length = 0; length < bytes.length; length += 9_973)
    t.false(TextBundle.open(bytes.subarray(0, length)).ok, `${length} bytes`);
});

test("arbitrary bytes are never a crash: records and atlases", (t) => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
    if (checkRecord(some).ok) {
      for (const bold of [false, true]) {
        let at = linesAt(some, 0, bold);
        if (at === undefined) continue;
        for (let left = some[at++]!; left > 0; left--) at = skipLine(some, at);
        t.true(at <= some.length);
      }
    }
    const atlas = Atlas.open(some);
    if (atlas.ok) atlas.value.check();
    TextBundle.open(some);
    return true;
  });
  const out = fc.check(property, { numRuns: 500, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("the bundle is made once and again only when something it depends on has changed", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ui-bundle-"));
  try {
    const out = join(folder, "ui.bin");
    t.true(updateUiBundle(out));
    t.deepEqual(new Uint8Array(readFileSync(out)), bytes);
    const made = statSync(out).mtimeMs;
    t.false(updateUiBundle(out));
    t.is(statSync(out).mtimeMs, made);
    writeFileSync(`${out}.inputs`, "something else");
    t.true(updateUiBundle(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Pixels of a mask as it is stored, row after row; what its reader in test/support/blender.ts does, by itself. */
function unpack(mask: Uint8Array, count: number): number[] {
  const nibbles = [...mask].flatMap((byte) => [byte >> 4, byte & 15]);
  const out: number[] = [];
  for (let at = 0; out.length < count; ) {
    const alpha = nibbles[at++]!;
    const alike = alpha === 0 || alpha === 15 ? nibbles[at++]! + 1 : 1;
    for (let i = 0; i < alike; i++) out.push(alpha);
  }
  return out;
}

test("a mask is unpacked as it was", (t) => {
  const alphas = fc
    .array(fc.tuple(fc.nat(15), fc.integer({ min: 1, max: 40 })), { maxLength: 30 })
    .map((runs) => runs.flatMap(([alpha, alike]) => Array<number>(alike).fill(alpha)));
  const out = fc.check(
    fc.property(alphas, (pixels) => unpack(packMask(Uint8Array.from(pixels)), pixels.length).join() === pixels.join()),
    { numRuns: 300 },
  );
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("a text with its numbers, a number and typed digits are never taken for others that were asked for before", (t) => {
  const source = textSource(opened(), undefined);
  const kept = new Typesetter(source, nodeBlender, 1);
  const fresh = new Typesetter(source, nodeBlender, 1);
  const all = [...roles.frame, ...roles["frame-bold"]].map((name) => faces[name]);
  const values = [0, 1, 254, 255, 256, 257, 65_536];
  const same = (ask: (set: Typesetter) => Run, what: string): void => {
    fresh.clear();
    t.deepEqual(drawn(kept, ask(kept)), drawn(fresh, ask(fresh)), what);
  };
  for (const language of ["fa", "en"] as const) {
    // so many have no room in one store
    kept.clear();
    for (const first of values) {
      for (const face of all) {
        same((set) => set.number(first, face, language), `${language} ${face.id} ${first}`);
        same((set) => set.digits(`0${first}`, face, language), `${language} ${face.id} 0${first}`);
        for (const second of values)
          same(
            (set) => set.line("voting.count", face, language, first, second),
            `${language} ${face.id} ${first} ${second}`,
          );
      }
    }
  }
});

test("letters of a search join as HarfBuzz joins them when it is given the whole word", (t) => {
  const text = opened();
  const set = new Typesetter(textSource(text, undefined), nodeBlender, 1);
  const face = roles["frame-bold"][1];
  const words = fc
    .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 12 })
    .map((letters) => letters.join(""));
  const out = fc.check(
    fc.property(words, (word) => {
      const whole = shapeLine(word, "rtl", "bold");
      set.clear();
      const typed = set.letters(word, faces[face]);
      const inked = whole.flatMap((piece) => (piece.kind === "glyphs" ? piece.glyphs : [])).length;
      // pairs are kerned, by 12 % at most, and a few letters have a prettier form before others: a wrong join is wider
      // than that
      const width = linePixels(whole, "bold", faces[face].capital);
      return glyphsOf(set, typed).length === inked && Math.abs(typed.width - width) <= 2 + 0.14 * width;
    }),
    { numRuns: 400 },
  );
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});
