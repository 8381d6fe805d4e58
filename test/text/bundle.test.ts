import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { type MessageCode, messages } from "../../firmware/messages.js";
import { buildUiBundle, catalogue, updateUiBundle } from "../../tools/text/ui-bundle.js";
import { Atlas } from "../../ui/text/atlas.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { type FaceName, faces } from "../../ui/text/faces.js";
import { checkRecord, linesAt, skipLine } from "../../ui/text/texts.js";
import { type Run, Typesetter, textSource } from "../../ui/text/typesetter.js";
import { nodeBlender } from "../support/blender.js";

const bytes = buildUiBundle();

function opened(): TextBundle {
  const result = TextBundle.open(bytes);
  if (!result.ok) throw new Error(`byte ${result.error.at}: ${result.error.what}`);
  return result.value;
}

/** Sizes of the masks of a run. */
function glyphsOf(set: Typesetter, run: Run): { readonly width: number; readonly height: number }[] {
  return Array.from({ length: set.store[run.at]! }, (_, i) => set.store[run.at + 5 + 3 * i + 2]!).map((size) => ({ width: size & 0xffff, height: size >>> 16 }));
}

test("every text of the catalogue is in the bundle in both languages, with a mask for each glyph in each of its sizes", (t) => {
  const text = opened();
  const set = new Typesetter(textSource(text, undefined), nodeBlender);
  for (const [key, { faces: used }] of catalogue()) {
    for (const language of ["fa", "en"] as const) {
      for (const face of used as readonly FaceName[]) {
        for (const run of set.lines(key, face, language, 1, 2)) {
          const glyphs = glyphsOf(set, run);
          t.true(glyphs.length > 0 && glyphs.every((glyph) => glyph.width > 0 && glyph.height > 0), `${key} ${language} ${face}`);
        }
      }
    }
  }
});

test("every message has its three texts and none is wider than the screen", (t) => {
  const set = new Typesetter(textSource(opened(), undefined), nodeBlender);
  for (const code of Object.keys(messages) as MessageCode[]) {
    for (const language of ["fa", "en"] as const) {
      for (const [part, face] of [["title", "large-bold"], ["text", "body"], ["note", "caption"]] as const)
        for (const run of set.lines(`message.${code}.${part}`, face, language)) t.true(run.width <= 984, `${code} ${part} ${language}: ${run.width}`);
      // the places of ui/screens/resting.ts: the small line stays above the footer
      const [titleLines, textLines] = [set.lines(`message.${code}.title`, "large-bold", language).length, set.lines(`message.${code}.text`, "body", language).length];
      t.true(226 + 48 * titleLines + 18 + 46 * textLines + 8 <= 500, code);
    }
  }
});

test("text heights are those of the design: a capital I of 18, 23, 31 and 40 pixels, 28 dots on paper", (t) => {
  const set = new Typesetter(textSource(opened(), undefined), nodeBlender);
  // "In progress" begins with a capital I
  t.is(glyphsOf(set, set.line("progress.text", "body", "en"))[0]!.height, 23);
  t.deepEqual((["caption", "body", "large-bold", "huge-bold", "slip"] as const).map((name) => faces[name].capital), [18, 23, 31, 40, 28]);
});

test("one changed byte of the bundle never crashes its reader", (t) => {
  const property = fc.property(fc.nat(60_000), fc.integer({ min: 1, max: 255 }), (at, flip) => {
    const changed = bytes.slice(0);
    changed[at % changed.length]! ^= flip;
    const result = TextBundle.open(changed);
    return result.ok || result.error.what.length > 0;
  });
  const out = fc.check(property, { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("a bundle cut short is refused", (t) => {
  for (let length = 0; length < bytes.length; length += 9_973) t.false(TextBundle.open(bytes.subarray(0, length)).ok, `${length} bytes`);
});

test("arbitrary bytes are never a crash: records and atlases", (t) => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
    if (checkRecord(some).ok) {
      for (const bold of [false, true]) {
        let at = linesAt(some, bold);
        for (let left = some[at++]!; left > 0; left--) at = skipLine(some, at);
        t.true(at <= some.length);
      }
    }
    Atlas.open(some);
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
