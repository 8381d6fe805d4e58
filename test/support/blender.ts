// The Node twin of blend.c, typeset.c and layout.c in platform/native: same rules, pixel for pixel. Written from
// firmware/platform.ts (Blender) and FORMAT.md.

import type { Blender } from "../../firmware/platform.js";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Sets a pixel of the picture that is inside the bitmap. alpha 1..15. */
type Plot = (x: number, y: number, color: number, alpha: number) => void;

interface Canvas {
  readonly box: Box;
  readonly plot: Plot;
  /** Pixels left..right-1 of a row, all inside the bitmap. */
  readonly row: (y: number, left: number, right: number, color: number) => void;
}

const itemWords = 7;
const runHead = 7;
const maskSideMax = 512;
const far = 16383;

const low = (word: number) => (word << 16) >> 16;
const high = (word: number) => word >> 16;

function refuse(what: string): never {
  throw new RangeError(what);
}

function meet(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

const isEmpty = (box: Box) => box.left >= box.right || box.top >= box.bottom;

function fill(canvas: Canvas, box: Box, color: number): void {
  const { left, top, right, bottom } = meet(box, canvas.box);
  if (left < right) for (let y = top; y < bottom; y++) canvas.row(y, left, right, color);
}

function mask(canvas: Canvas, atlas: Uint8Array, at: number, place: Box, clip: Box, color: number): void {
  const [width, height] = [place.right - place.left, place.bottom - place.top];
  if (width > maskSideMax || height > maskSideMax || at > atlas.length) refuse("mask");
  const { left, top, right, bottom } = meet(meet(clip, place), canvas.box);
  if (left >= right || top >= bottom) return;
  let nibble = 2 * at;
  const next = (): number => {
    if (nibble >= 2 * atlas.length) refuse("mask");
    const two = atlas[nibble >> 1]!;
    return nibble++ % 2 === 1 ? two & 15 : two >> 4;
  };
  let [alpha, alike] = [0, 0];
  for (let y = place.top; y < bottom; y++) {
    for (let x = place.left; x < place.right; x++) {
      if (alike === 0) {
        alpha = next();
        alike = alpha === 0 || alpha === 15 ? 1 + next() : 1;
      }
      alike--;
      if (alpha > 0 && y >= top && x >= left && x < right) canvas.plot(x, y, color, alpha);
    }
  }
}

function rounded(canvas: Canvas, atlas: Uint8Array, box: Box, radius: number, disc: number, color: number): void {
  fill(canvas, { ...box, top: box.top + radius, bottom: box.bottom - radius }, color);
  if (radius === 0) return;
  const inner = { left: box.left + radius, right: box.right - radius };
  fill(canvas, { ...inner, top: box.top, bottom: Math.min(box.top + radius, box.bottom - radius) }, color);
  fill(canvas, { ...inner, top: Math.max(box.top + radius, box.bottom - radius), bottom: box.bottom }, color);
  for (const below of [false, true]) {
    for (const after of [false, true]) {
      const left = after ? box.right - radius : box.left;
      const top = below ? box.bottom - radius : box.top;
      const [x, y] = [after ? left - radius : left, below ? top - radius : top];
      mask(
        canvas,
        atlas,
        disc,
        { left: x, top: y, right: x + 2 * radius, bottom: y + 2 * radius },
        { left, top, right: left + radius, bottom: top + radius },
        color,
      );
    }
  }
}

function paint(
  canvas: Canvas,
  list: Int32Array,
  items: number,
  store: Int32Array,
  atlas: Uint8Array,
  other: Uint8Array,
): void {
  if (items < 0 || items > 16384 || list.length < items * itemWords) refuse("items");
  for (let i = 0; i < items; i++) {
    const [head, leftTop, rightBottom, a, b, c, d] = list.subarray(i * itemWords, (i + 1) * itemWords) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const box = { left: low(leftTop), top: high(leftTop), right: low(rightBottom), bottom: high(rightBottom) };
    const color = head & 0xffff;
    const kind = head >>> 16;
    if (kind === 0 || isEmpty(meet(box, canvas.box))) continue;
    if (kind === 1) {
      const border = (a >>> 16) & 255;
      if (border > 0) rounded(canvas, atlas, box, a & 255, c >>> 0, b & 0xffff);
      const inside = {
        left: box.left + border,
        top: box.top + border,
        right: box.right - border,
        bottom: box.bottom - border,
      };
      if (border === 0 || !isEmpty(inside)) rounded(canvas, atlas, inside, (a >>> 8) & 255, d >>> 0, color);
    } else if (kind === 2) mask(canvas, b === 0 ? atlas : other, a >>> 0, box, box, color);
    else if (kind === 3) run(canvas, list, i, store, c === 0 ? atlas : other);
    else refuse("kind");
  }
}

function run(canvas: Canvas, list: Int32Array, item: number, store: Int32Array, atlas: Uint8Array): void {
  const place = list[item * itemWords + 3]!;
  const at = list[item * itemWords + 4]! >>> 0;
  const count = store[at] ?? -1;
  if (at + runHead > store.length || count < 0 || at + runHead + 3 * count > store.length) refuse("run");
  for (let k = 0; k < count; k++) {
    const glyph = at + runHead + 3 * k;
    const left = low(place) + low(store[glyph + 1]!);
    const top = high(place) + high(store[glyph + 1]!);
    const whole = { left, top, right: left + (store[glyph + 2]! & 0xffff), bottom: top + (store[glyph + 2]! >>> 16) };
    if (!isEmpty(meet(whole, canvas.box)))
      mask(canvas, atlas, store[glyph]! >>> 0, whole, whole, list[item * itemWords]! & 0xffff);
  }
}

/** dst + the part of src that the alpha says, in 32nds. */
function mixed(dst: number, src: number, alpha: number): number {
  const weight = Math.round((alpha * 32) / 15);
  return (dst * (32 - weight) + src * weight + 16) >> 5;
}

function scale(units: number, capital: number, capitalUnits: number): number {
  const pixels = Math.floor((2 * units * capital + capitalUnits) / (2 * capitalUnits));
  return Math.abs(pixels) > far ? refuse("scale") : pixels;
}

/** A piece of a line, with all of its bytes, and its kind. */
interface Piece {
  readonly kind: number;
  readonly bytes: Uint8Array;
}

function glyphsAt(text: Uint8Array, at: number): Piece {
  const length = 6 + 6 * (text[at + 1] ?? refuse("piece"));
  return text[at] === 0x80 && at + length <= text.length
    ? { kind: 0x80, bytes: text.subarray(at, at + length) }
    : refuse("piece");
}

/** The pieces of a line, and where the next one begins. */
function lineAt(text: Uint8Array, from: number, end: number): { readonly pieces: Piece[]; readonly next: number } {
  const count = from < end ? text[from]! : refuse("line");
  if (count > 24) refuse("pieces");
  const pieces: Piece[] = [];
  let at = from + 1;
  while (pieces.length < count) {
    if (at >= end) refuse("line");
    const kind = text[at]!;
    const piece =
      kind === 0x80
        ? glyphsAt(text, at)
        : kind < 2 || (kind >= 0x10 && kind < 0x1a)
          ? { kind, bytes: text.subarray(at, at + 1) }
          : refuse("kind");
    at += piece.bytes.length;
    if (at > end) refuse("line");
    pieces.push(piece);
  }
  return { pieces, next: at };
}

function linesFor(text: Uint8Array, medium: number, bold: number): Piece[][] {
  const layouts = text[0] ?? 0;
  for (let layout = 0, at = 1; layout < layouts; layout++) {
    if (at + 4 > text.length) refuse("layout");
    const [media, weights] = [text[at]!, text[at + 1]!];
    const end = at + 4 + ((text[at + 2]! << 8) | text[at + 3]!);
    if (end > text.length) refuse("layout");
    at += 4;
    if (((media >> medium) & 1) === 0) {
      at = end;
      continue;
    }
    let lines: Piece[][] = [];
    for (let set = weights === 3 && bold === 1 ? 2 : 1; set > 0; set--) {
      const count = at < end ? text[at]! : set === 1 ? refuse("lines") : 0;
      at++;
      lines = [];
      for (let i = 0; i < count; i++) {
        const line = lineAt(text, at, end);
        lines.push(line.pieces);
        at = line.next;
      }
    }
    return lines.length < 1 || lines.length > 12 ? refuse("lines") : lines;
  }
  return refuse("medium");
}

interface FaceAt {
  readonly table: number;
  readonly glyphs: number;
  readonly capital: number;
  readonly capitalUnits: number;
}

function faceOf(atlas: Uint8Array, at: number): FaceAt {
  if (at < 0 || at + 12 > atlas.length) refuse("face");
  const view = new DataView(atlas.buffer, atlas.byteOffset, atlas.byteLength);
  const face = {
    capital: view.getUint16(at + 2),
    capitalUnits: view.getUint16(at + 4),
    glyphs: view.getUint16(at + 6),
    table: view.getUint32(at + 8),
  };
  return face.capitalUnits === 0 || face.table + 14 * face.glyphs > atlas.length ? refuse("face") : face;
}

function setGlyph(
  store: Int32Array,
  run: number,
  atlas: DataView,
  { table, glyphs, capital, capitalUnits }: FaceAt,
  number: number,
  x: number,
  y: number,
): void {
  let [from, to] = [0, glyphs];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (atlas.getUint16(table + 14 * middle) < number) from = middle + 1;
    else to = middle;
  }
  const entry = table + 14 * from;
  if (from === glyphs || atlas.getUint16(entry) !== number) return;
  const [width, height] = [atlas.getUint16(entry + 6), atlas.getUint16(entry + 8)];
  if (width === 0 || height === 0) return;
  const left = scale(x, capital, capitalUnits) + atlas.getInt16(entry + 2);
  const top = -scale(y, capital, capitalUnits) - atlas.getInt16(entry + 4);
  if (Math.abs(left) > far || Math.abs(top) > far || width > maskSideMax || height > maskSideMax) refuse("glyph");
  [left, top, left + width, top + height].forEach((value, i) => {
    const before = store[run + 1 + i]!;
    store[run + 1 + i] = store[run] === 0 ? value : i < 2 ? Math.min(before, value) : Math.max(before, value);
  });
  store.set(
    [atlas.getUint32(entry + 10), (left & 0xffff) | (top << 16), width | (height << 16)],
    run + runHead + 3 * store[run]!,
  );
  store[run]!++;
}

/** The words of a pen, and the items that are put. */
function put(penBuffer: ArrayBuffer, listBuffer: ArrayBuffer, items: readonly (readonly number[])[]): boolean {
  const [pen, list] = [new Int32Array(penBuffer), new Int32Array(listBuffer)];
  const [first, next, had, room] = pen as unknown as [number, number, number, number];
  if (first < 0 || next < 0 || pen[8]! < 0 || pen[8]! > far) refuse("pen");
  if (next + items.length > room || first + next + items.length > Math.floor(list.length / itemWords)) return false;
  const note = (leftTop: number, rightBottom: number): void => {
    const box: Box = { left: low(leftTop), top: high(leftTop), right: low(rightBottom), bottom: high(rightBottom) };
    if (isEmpty(box) || pen[9] !== 0) return;
    const all = [box.left, box.top, box.right, box.bottom];
    pen.set(
      pen[6] === 0 ? all : all.map((edge, i) => (i < 2 ? Math.min(edge, pen[4 + i]!) : Math.max(edge, pen[4 + i]!))),
      4,
    );
  };
  items.forEach((item, i) => {
    const at = (first + next + i) * itemWords;
    const before = list.slice(at, at + itemWords);
    const words = Int32Array.from(item);
    list.set(words, at);
    if (next + i < had) {
      if (words.join() === before.join()) return;
      note(before[1]!, before[2]!);
    }
    note(words[1]!, words[2]!);
  });
  pen[1] = next + items.length;
  return true;
}

const pair = (first: number, second: number) => (first & 0xffff) | (second << 16);
const boxWords = (left: number, top: number, width: number, height: number) =>
  [pair(left, top), pair(left + width, top + height)] as const;

function within(values: readonly number[], min: number, max: number): void {
  if (values.some((value) => value < min || value > max)) refuse("argument");
}

/** What the pen's layout is mirrored in. */
function mirrorOf(penBuffer: ArrayBuffer): number {
  const words = new Int32Array(penBuffer);
  return words.length < 16 ? refuse("pen") : words[8]!;
}

function leftOf(mirror: number, x: number, width: number): number {
  return mirror > 0 ? mirror - x - width : x;
}

export const nodeBlender: Blender = {
  putBox(pen, list, x, y, width, height, fill, border, borderColor, radius) {
    within([x, y, width, height], -far, far);
    within([fill, borderColor], 0, 0xffff);
    within([border, radius], 0, 255);
    const discs = new Int32Array(pen).subarray(16);
    const inner = Math.max(0, radius - border);
    const words = [
      0x1_0000 | fill,
      ...boxWords(leftOf(mirrorOf(pen), x, width), y, width, height),
      radius | (inner << 8) | (border << 16),
      borderColor,
      border > 0 ? discs[radius]! : 0,
      discs[inner]!,
    ];
    const done = put(pen, list, [words]);
    return done && radius >= discs.length ? refuse("radius") : done;
  },

  putMask(pen, list, x, y, width, height, color, mask, source) {
    within([x, y, width, height], -far, far);
    within([color], 0, 0xffff);
    within([mask], 0, 0x7fff_ffff);
    within([source], 0, 1);
    mirrorOf(pen);
    return put(pen, list, [[0x2_0000 | color, ...boxWords(x, y, width, height), mask, source, 0, 0]]);
  },

  putIcon(pen, list, atlas, faceAt, icon, x, y, width, color) {
    within([x, y, width], -far, far);
    within([faceAt], 0, 0x7fff_ffff);
    within([icon, color], 0, 0xffff);
    const { table, glyphs } = faceOf(atlas, faceAt);
    const view = new DataView(atlas.buffer, atlas.byteOffset, atlas.byteLength);
    const entry =
      Array.from({ length: glyphs }, (_, i) => table + 14 * i).find((at) => view.getUint16(at) === icon) ??
      refuse("icon");
    const [wide, high] = [view.getUint16(entry + 6), view.getUint16(entry + 8)];
    if (wide > maskSideMax || high > maskSideMax) refuse("icon");
    return put(pen, list, [
      [
        0x2_0000 | color,
        ...boxWords(
          leftOf(mirrorOf(pen), x, width) + view.getInt16(entry + 2),
          y - view.getInt16(entry + 4),
          wide,
          high,
        ),
        view.getUint32(entry + 10),
        0,
        0,
        0,
      ],
    ]);
  },

  putRuns(pen, list, storeBuffer, at, count, x, width, align, y, pitch, color) {
    within([x, width, y], -far, far);
    within([at], 0, 0x7fff_ffff);
    within([count], 0, 64);
    within([align], 0, 2);
    within([pitch], 0, 1024);
    within([color], 0, 0xffff);
    const mirror = mirrorOf(pen);
    const store = new Int32Array(storeBuffer);
    if (!put(pen.slice(0), list.slice(0), new Array<number[]>(count).fill([0, 0, 0, 0, 0, 0, 0]))) return false;
    let run = at;
    const items = Array.from({ length: count }, (_, i) => {
      if (run + runHead > store.length || store[run]! < 0 || run + runHead + 3 * store[run]! > store.length)
        refuse("run");
      const [left, top, right, bottom, own] = [...store.subarray(run + 1, run + 6)].map(low) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const spare = width - own;
      const from =
        leftOf(mirror, x, width) + (align === 1 ? Math.floor(spare / 2) : (align === 0) === mirror > 0 ? spare : 0);
      const baseline = y + i * pitch;
      const item = [
        0x3_0000 | color,
        pair(from + left, baseline + top),
        pair(from + right, baseline + bottom),
        pair(from, baseline),
        run,
        store[run + 6]!,
        0,
      ];
      run += runHead + 3 * store[run]!;
      return item;
    });
    return put(pen, list, items);
  },

  putCopies(pen, list, items, count, x, y) {
    within([count], 0, 64);
    within([x, y], -far, far);
    mirrorOf(pen);
    const words = new Int32Array(items);
    if (words.length < itemWords * count) refuse("copies");
    const moved = (word: number) => pair(low(word) + x, high(word) + y);
    return put(
      pen,
      list,
      Array.from({ length: count }, (_, i) => {
        const [head, leftTop, rightBottom, ...rest] = words.subarray(itemWords * i, itemWords * (i + 1)) as unknown as [
          number,
          number,
          number,
          ...number[],
        ];
        return [head, moved(leftTop), moved(rightBottom), ...rest];
      }),
    );
  },

  typeset(words, at, atlas, faceAt, record, medium, bold, digits, first, second, source) {
    const store = new Int32Array(words);
    if (
      at < 0 ||
      at > store.length ||
      medium < 0 ||
      medium > 7 ||
      bold < 0 ||
      bold > 1 ||
      source < 0 ||
      source > 1 ||
      [first, second].some((number) => number < 0 || number > 0x7fff_ffff)
    )
      refuse("argument");
    const { capital, capitalUnits, glyphs, table } = faceOf(atlas, faceAt);
    const face = new DataView(atlas.buffer, atlas.byteOffset, atlas.byteLength);
    const digit = (n: number): Piece => {
      const [line, ...more] = linesFor(digits, medium, bold);
      return more.length === 0 && line!.length === 10 && line!.every((piece) => piece.kind === 0x80)
        ? line![n]!
        : refuse("digits");
    };
    const lines = linesFor(record, medium, bold).map((pieces) =>
      pieces.flatMap(({ kind, bytes }) =>
        kind === 0x80
          ? [bytes]
          : (kind >= 0x10 ? [kind - 0x10] : [...String(kind === 0 ? first : second)].map(Number)).map(
              (n) => digit(n).bytes,
            ),
      ),
    );
    for (const pieces of lines)
      pieces.reduce((pen, piece) => {
        const advance = new DataView(piece.buffer, piece.byteOffset).getUint32(2);
        return advance > 0xffffff || pen > 0xffffff ? refuse("advance") : pen + advance;
      }, 0);
    const needed = lines.flat().reduce((sum, piece) => sum + 3 * piece[1]!, runHead * lines.length);
    if (needed > store.length - at) return -needed;
    let run = at;
    for (const pieces of lines) {
      store.fill(0, run, run + runHead);
      let pen = 0;
      for (const piece of pieces) {
        const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
        let x = pen;
        for (let k = 0; k < piece[1]!; k++) {
          const glyph = 6 + 6 * k;
          x += view.getInt16(glyph + 2);
          setGlyph(
            store,
            run,
            face,
            { table, glyphs, capital, capitalUnits },
            view.getUint16(glyph),
            x,
            view.getInt16(glyph + 4),
          );
        }
        pen += view.getUint32(2);
      }
      store[run + 5] = scale(pen, capital, capitalUnits);
      store[run + 6] = source;
      run += runHead + 3 * store[run]!;
    }
    return run - at;
  },

  paint565(bitmap, stride, left, top, rows, list, items, store, atlas, other) {
    if (bitmap.length < 2 * stride * rows) refuse("bitmap");
    const plot: Plot = (x, y, color, alpha) => {
      const at = 2 * ((y - top) * stride + x - left);
      if (alpha === 15) {
        bitmap[at] = color & 255;
        bitmap[at + 1] = color >> 8;
        return;
      }
      const old = bitmap[at]! | (bitmap[at + 1]! << 8);
      const value =
        (mixed(old >> 11, color >> 11, alpha) << 11) |
        (mixed((old >> 5) & 63, (color >> 5) & 63, alpha) << 5) |
        mixed(old & 31, color & 31, alpha);
      bitmap[at] = value & 255;
      bitmap[at + 1] = value >> 8;
    };
    const words =
      bitmap.byteOffset % 2 === 0 ? new Uint16Array(bitmap.buffer, bitmap.byteOffset, bitmap.length >> 1) : undefined;
    const row = (y: number, from: number, to: number, color: number): void => {
      const at = (y - top) * stride - left;
      if (words !== undefined) words.fill(color, at + from, at + to);
      else for (let x = from; x < to; x++) plot(x, y, color, 15);
    };
    paint(
      { box: { left, top, right: left + stride, bottom: top + rows }, plot, row },
      new Int32Array(list),
      items,
      new Int32Array(store),
      atlas,
      other,
    );
  },

  paint1(bitmap, start, stride, left, top, rows, list, items, store, atlas, other) {
    if (start < 0 || bitmap.length - start < stride * rows) refuse("bitmap");
    bitmap.fill(0, start, start + stride * rows);
    const plot: Plot = (x, y, color, alpha) => {
      const at = start + (y - top) * stride + ((x - left) >> 3);
      const bit = 0x80 >> ((x - left) & 7);
      if (alpha < 8) return;
      if (color === 0) bitmap[at]! &= ~bit;
      else bitmap[at]! |= bit;
    };
    const row = (y: number, from: number, to: number, color: number): void => {
      for (let x = from; x < to; x++) plot(x, y, color, 15);
    };
    paint(
      { box: { left, top, right: left + 8 * stride, bottom: top + rows }, plot, row },
      new Int32Array(list),
      items,
      new Int32Array(store),
      atlas,
      other,
    );
  },

  wipe(bytes) {
    (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).fill(0);
  },

  find(bytes, first, second) {
    return bytes.findIndex((byte, i) => byte === first && bytes[i + 1] === second);
  },
};
