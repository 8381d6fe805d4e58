import { spawnSync } from "node:child_process";
import test from "ava";
import { loadFont } from "../../tools/text/fonts.js";
import { MissingCharacter, type Line, shapeLine } from "../../tools/text/shape.js";
import { wrapText } from "../../tools/text/wrap.js";
import { faces } from "../../ui/text/faces.js";
import { example } from "../package/support.js";

const { font } = loadFont("regular");
const glyphOf = (character: string) => font.nominalGlyph(character.codePointAt(0)!)!;

function glyphs(line: Line): number[] {
  return line.flatMap((piece) => (piece.kind === "glyphs" ? piece.glyphs.map(({ glyph }) => glyph) : [-1 - piece.slot]));
}

test("Persian digits stand in the order of reading a number: ۱۴۰۴, in a sentence too", (t) => {
  const number = ["۱", "۴", "۰", "۴"].map(glyphOf);
  t.deepEqual(glyphs(shapeLine("۱۴۰۴", "rtl", "regular")), number);
  const sentence = glyphs(shapeLine("سال ۱۴۰۴ بود", "rtl", "regular"));
  const at = sentence.indexOf(number[0]!);
  t.deepEqual(sentence.slice(at, at + 4), number);
  t.true(at > 0 && at + 4 < sentence.length);
});

test("a number's place comes left of the words before it and right of the words after it", (t) => {
  const line = shapeLine("{0} از {1}", "rtl", "regular");
  t.deepEqual(line.map((piece) => (piece.kind === "slot" ? piece.slot : "words")), [1, "words", 0]);
  const english = shapeLine("{0} of {1}", "ltr", "regular");
  t.deepEqual(english.map((piece) => (piece.kind === "slot" ? piece.slot : "words")), [0, "words", 1]);
});

test("letters of a word join: alef-lam-alef is not three lone letters", (t) => {
  const joined = glyphs(shapeLine("بیب", "rtl", "regular"));
  t.false(joined.includes(glyphOf("ب")));
});

test("a Latin word in a Persian line keeps its order, brackets are mirrored", (t) => {
  const line = glyphs(shapeLine("شعبهٔ (En)", "rtl", "regular"));
  const at = line.indexOf(glyphOf("E"));
  t.is(line[at + 1], glyphOf("n"));
  t.is(line[at - 1], glyphOf("("));
  t.is(line[at + 2], glyphOf(")"));
});

test("a character that the font lacks is refused by name", (t) => {
  const error = t.throws(() => shapeLine("نام 漢", "rtl", "regular"), { instanceOf: MissingCharacter });
  t.true(error?.message.includes("U+6F22"));
});

test("lines are broken evenly, never wider than asked", (t) => {
  const text = "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.";
  const lines = wrapText(text, "rtl", faces["23"], 900);
  t.is(lines.length, 2);
  t.is(lines.join(" "), text);
  t.true(lines[1]!.split(" ").length > 1);
});

interface Placed {
  readonly glyph: number;
  readonly x: number;
  readonly y: number;
}

/** Parses what hb-shape prints, [12=0+500|13@5,-3+480], into glyphs with ink and their places. */
function hbShape(text: string): Placed[] {
  const { file } = loadFont("regular");
  const { stdout } = spawnSync("hb-shape", ["--no-glyph-names", "--no-clusters", "--direction=rtl", "--script=arab", file, text], { encoding: "utf8" });
  let pen = 0;
  return [...stdout.matchAll(/(\d+)(?:@(-?\d+),(-?\d+))?\+(\d+)/g)].flatMap(([, glyph, x, y, advance]) => {
    const placed = { glyph: Number(glyph), x: pen + Number(x ?? 0), y: Number(y ?? 0) };
    pen += Number(advance);
    return hasInk(placed.glyph) ? [placed] : [];
  });
}

const installed = spawnSync("hb-shape", ["--version"]).status === 0;

(installed ? test : test.skip)(`${installed ? "" : "(needs Debian's libharfbuzz-bin) "}HarfBuzz's own hb-shape gives the same glyphs in the same places for every name of the example`, (t) => {
  for (const contest of example().contests) {
    for (const { name } of contest.options) {
      const ours = shapeLine(name, "rtl", "regular").flatMap((piece) => (piece.kind === "glyphs" ? [...piece.glyphs] : []));
      t.deepEqual(ours, hbShape(name), name);
    }
  }
});

function hasInk(glyph: number): boolean {
  const extents = font.glyphExtents(glyph);
  return extents !== undefined && extents.width !== 0 && extents.height !== 0;
}
