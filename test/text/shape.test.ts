import { spawnSync } from "node:child_process";
import test from "ava";
import bidiFactory from "bidi-js";
import { loadFont } from "../../office/text/fonts.js";
import { MissingCharacter, type Line, shapeLine } from "../../office/text/shape.js";
import { wrapText } from "../../office/text/wrap.js";
import { faces } from "../../ui/text/faces.js";
import { awkwardNames } from "./names.js";

const bidi = bidiFactory();
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

interface Run {
  readonly text: string;
  readonly rightToLeft: boolean;
}

/** Runs of one direction in visual order, by the bidi algorithm alone. */
function runsOf(text: string): Run[] {
  const { levels } = bidi.getEmbeddingLevels(text, "rtl");
  const runs: { text: string; level: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const last = runs.at(-1);
    if (last !== undefined && last.level === levels[at]) last.text += text[at]!;
    else runs.push({ text: text[at]!, level: levels[at]! });
  }
  const order = [...runs];
  for (let level = Math.max(...order.map((run) => run.level)); level >= 1; level--) {
    for (let from = 0; from < order.length; from++) {
      let to = from;
      while (to < order.length && order[to]!.level >= level) to++;
      if (to > from) order.splice(from, to - from, ...order.slice(from, to).reverse());
      from = Math.max(from, to - 1);
    }
  }
  return order.map(({ text: each, level }) => ({ text: each, rightToLeft: level % 2 === 1 }));
}

/** Glyphs with ink of many runs of one direction, as hb-shape prints them: [12=0+500|13@5,-3+480], a line each. */
function hbShape(texts: readonly string[], rightToLeft: boolean): number[][] {
  const { file } = loadFont("regular");
  const options = ["--no-glyph-names", "--no-clusters", "--no-positions", `--direction=${rightToLeft ? "rtl" : "ltr"}`, "--text-file=-", file];
  const { stdout } = spawnSync("hb-shape", options, { encoding: "utf8", input: `${texts.join("\n")}\n` });
  return stdout.trimEnd().split("\n").map((line) => [...line.matchAll(/\d+/g)].map(([glyph]) => Number(glyph)).filter(hasInk));
}

const installed = spawnSync("hb-shape", ["--version"]).status === 0;

(installed ? test : test.skip)(`${installed ? "" : "(needs Debian's libharfbuzz-bin) "}HarfBuzz's own hb-shape gives the same glyphs, run by run, for 500 names with every awkward case`, (t) => {
  const names = awkwardNames();
  t.true(names.length >= 500);
  const shaped = new Map<string, number[]>();
  for (const rightToLeft of [false, true]) {
    const texts = [...new Set(names.flatMap((name) => runsOf(name).filter((run) => run.rightToLeft === rightToLeft).map((run) => run.text)))];
    hbShape(texts, rightToLeft).forEach((glyphIds, i) => shaped.set(`${rightToLeft} ${texts[i]}`, glyphIds));
  }
  for (const name of names) {
    const theirs = runsOf(name).flatMap((run) => shaped.get(`${run.rightToLeft} ${run.text}`)!);
    t.deepEqual(glyphs(shapeLine(name, "rtl", "regular")), theirs, name);
  }
});

function hasInk(glyph: number): boolean {
  const extents = font.glyphExtents(glyph);
  return extents !== undefined && extents.width !== 0 && extents.height !== 0;
}
