// The colours, one for one meaning, as RGB565, in three contrasts. Ratios are computed in test/ui: at least 10:1 for
// text.

function rgb565(rgb: number): number {
  return ((rgb >> 8) & 0xf800) | ((rgb >> 5) & 0x07e0) | ((rgb >> 3) & 0x001f);
}

export interface Palette {
  /** text, icons, borders of controls */
  readonly ink: number;
  /** second-rank text */
  readonly inkSoft: number;
  /** borders of rows and cards */
  readonly line: number;
  /** screen */
  readonly ground: number;
  /** header, footer, rows, cards; text on selected, confirm and destroy */
  readonly surface: number;
  /** the badge of a code that is not chosen, a control under a finger */
  readonly badge: number;
  /** what has run down of a countdown */
  readonly track: number;
  readonly selected: number;
  /** a chosen row, and the text on it */
  readonly tint: number;
  readonly onTint: number;
  readonly confirm: number;
  readonly destroy: number;
  readonly warn: number;
  readonly warnLine: number;
  readonly focus: number;
  /** the chip on the picture of a card */
  readonly chip: number;
}

function palette(rgb: Palette): Palette {
  const out: { -readonly [Key in keyof Palette]: number } = { ...rgb };
  for (const key of Object.keys(rgb) as (keyof Palette)[]) out[key] = rgb565(rgb[key]);
  return out;
}

export const palettes = {
  normal: palette({
    ink: 0x0b0f14,
    inkSoft: 0x2a333d,
    line: 0x66707a,
    ground: 0xf3f5f7,
    surface: 0xffffff,
    badge: 0xe4e8ec,
    track: 0xc8d0d9,
    selected: 0x06335c,
    tint: 0xddebfa,
    onTint: 0x0b0f14,
    confirm: 0x00472b,
    destroy: 0x7c1012,
    warn: 0xfff3d6,
    warnLine: 0x7a4b00,
    focus: 0xb85c00,
    chip: 0xe3bd57,
  }),
  /** Black and white, a selection inverted. */
  high: palette({
    ink: 0x000000,
    inkSoft: 0x000000,
    line: 0x000000,
    ground: 0xffffff,
    surface: 0xffffff,
    badge: 0xffffff,
    track: 0xffffff,
    selected: 0x000000,
    tint: 0x000000,
    onTint: 0xffffff,
    confirm: 0x000000,
    destroy: 0x000000,
    warn: 0xffffff,
    warnLine: 0x000000,
    focus: 0x000000,
    chip: 0xffffff,
  }),
  /** Dark grey on cream, for eyes that white light hurts. */
  low: palette({
    ink: 0x333333,
    inkSoft: 0x333333,
    line: 0x7a7466,
    ground: 0xf6eedb,
    surface: 0xfff8e8,
    badge: 0xefe5cf,
    track: 0xd8ccb0,
    selected: 0x333333,
    tint: 0xf3e9d2,
    onTint: 0x333333,
    confirm: 0x2b3a30,
    destroy: 0x4a2a28,
    warn: 0xfbecc4,
    warnLine: 0x6b5a2e,
    focus: 0x8a5a1e,
    chip: 0xdcc48a,
  }),
} as const satisfies Record<string, Palette>;
