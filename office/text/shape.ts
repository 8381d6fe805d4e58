// String -> glyphs placed from left to right, in font units. The bidi algorithm (UAX #9) decides the order of the runs,
// HarfBuzz shapes each run in its own direction. HarfBuzz alone would reverse Persian digits: they run left to right
// inside right-to-left text.

import bidiFactory from "bidi-js";
import { Buffer as ShapingBuffer, Direction, shape } from "harfbuzzjs";
import { type LoadedFont, type Weight, loadFont } from "./fonts.js";

const bidi = bidiFactory();

/** Which way a paragraph of neutral characters and numbers runs. */
export type BaseDirection = "rtl" | "ltr";

export interface PlacedGlyph {
  readonly glyph: number;
  /** Origin of the glyph in font units: x from the left edge of its piece, y upwards from the baseline. */
  readonly x: number;
  readonly y: number;
}

/** A line is pieces in visual order, left to right: glyphs, or the place where the device puts a number. */
export type Piece =
  | { readonly kind: "glyphs"; readonly advance: number; readonly glyphs: readonly PlacedGlyph[] }
  | { readonly kind: "slot"; readonly slot: number };

export type Line = readonly Piece[];

/** A character of the text that the font cannot draw. */
export class MissingCharacter extends Error {
  readonly character: string;

  constructor(character: string) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    super(`the font has no glyph for "${character}" (U+${code}); replace the character`);
    this.character = character;
  }
}

interface Segment {
  readonly level: number;
  readonly start: number;
  readonly end: number;
  readonly slot: number | undefined;
}

const SLOT = /\{([0-9])\}/g;

/** Lines that were shaped before: one is measured many times until it is known where it breaks. */
const shapedLines = new Map<string, Line>();
const shapedMax = 50_000;

/**
 * One line, `{0}` to `{9}` being places for numbers. For the bidi algorithm a place is a digit, as the number will be.
 * Throws MissingCharacter.
 */
export function shapeLine(text: string, base: BaseDirection, weight: Weight): Line {
  const name = `${weight} ${base} ${text}`;
  const known = shapedLines.get(name);
  if (known !== undefined) return known;
  const line = shapedLine(text, base, weight);
  if (shapedLines.size === shapedMax) shapedLines.clear();
  shapedLines.set(name, line);
  return line;
}

function shapedLine(text: string, base: BaseDirection, weight: Weight): Line {
  const loaded = loadFont(weight);
  const slots = new Map<number, number>();
  let plain = "";
  let copied = 0;
  for (const match of text.matchAll(SLOT)) {
    plain += text.slice(copied, match.index);
    slots.set(plain.length, Number(match[1]));
    plain += base === "rtl" ? "۰" : "0";
    copied = match.index + match[0].length;
  }
  plain += text.slice(copied);
  if (plain === "") return [];

  const { levels } = bidi.getEmbeddingLevels(plain, base);
  const pieces: Piece[] = [];
  for (const segment of visualOrder(split(plain, levels, slots))) {
    if (segment.slot !== undefined) {
      pieces.push({ kind: "slot", slot: segment.slot });
      continue;
    }
    const part = shapeRun(plain, segment.start, segment.end, segment.level % 2 === 1, loaded);
    const before = pieces.at(-1);
    // neighbours become one piece: fewer for the device to place
    if (before?.kind === "glyphs") {
      const moved = part.glyphs.map((glyph) => ({ ...glyph, x: glyph.x + before.advance }));
      pieces[pieces.length - 1] = {
        kind: "glyphs",
        advance: before.advance + part.advance,
        glyphs: [...before.glyphs, ...moved],
      };
    } else pieces.push(part);
  }
  return pieces;
}

function split(text: string, levels: Uint8Array, slots: ReadonlyMap<number, number>): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && levels[at] === levels[start] && !slots.has(at) && !slots.has(start)) continue;
    segments.push({ level: levels[start]!, start, end: at, slot: slots.get(start) });
    start = at;
  }
  return segments;
}

/**
 * Rule L2 of UAX #9, on runs: from the highest level to the lowest odd one, reverse every sequence at that level or
 * above.
 */
function visualOrder(logical: readonly Segment[]): Segment[] {
  const order = [...logical];
  const highest = Math.max(...order.map((segment) => segment.level));
  for (let level = highest; level >= 1; level--) {
    for (let from = 0; from < order.length; from++) {
      if (order[from]!.level < level) continue;
      let to = from;
      while (to + 1 < order.length && order[to + 1]!.level >= level) to++;
      order.splice(from, to - from + 1, ...order.slice(from, to + 1).reverse());
      from = to;
    }
  }
  return order;
}

function shapeRun(
  text: string,
  start: number,
  end: number,
  rightToLeft: boolean,
  { font }: LoadedFont,
): Piece & { kind: "glyphs" } {
  const buffer = new ShapingBuffer();
  // with the whole text as context, so that letters at a run's edge join or not as in the sentence
  buffer.addText(text, start, end - start);
  buffer.guessSegmentProperties();
  buffer.setDirection(rightToLeft ? Direction.RTL : Direction.LTR);
  shape(font, buffer);
  const infos = buffer.getGlyphInfos();
  const positions = buffer.getGlyphPositions();
  const glyphs: PlacedGlyph[] = [];
  let pen = 0;
  for (let i = 0; i < infos.length; i++) {
    const info = infos[i]!;
    const position = positions[i]!;
    if (info.codepoint === 0)
      throw new MissingCharacter(String.fromCodePoint(text.codePointAt(info.cluster) ?? 0xfffd));
    // a glyph without ink (space, joiners) is only its advance
    const extents = font.glyphExtents(info.codepoint);
    if (extents !== undefined && extents.width !== 0 && extents.height !== 0)
      glyphs.push({ glyph: info.codepoint, x: pen + position.xOffset, y: position.yOffset });
    pen += position.xAdvance;
  }
  return { kind: "glyphs", advance: pen, glyphs };
}

/** Width in font units; a place for a number counts as `slotDigits` digits. */
export function lineUnits(line: Line, weight: Weight, slotDigits = 3): number {
  const { font } = loadFont(weight);
  const digit = font.glyphHAdvance(font.nominalGlyph(0x6f3)!);
  return line.reduce((sum, piece) => sum + (piece.kind === "slot" ? slotDigits * digit : piece.advance), 0);
}

/** Width in pixels when a capital I is `capital` pixels high, rounded up. */
export function linePixels(line: Line, weight: Weight, capital: number): number {
  return Math.ceil((lineUnits(line, weight) * capital) / loadFont(weight).capitalUnits);
}
