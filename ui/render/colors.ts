// The colours, one for one meaning, as RGB565. Contrasts are those of the design: at least 10:1 for text.

function rgb565(rgb: number): number {
  return ((rgb >> 8) & 0xf800) | ((rgb >> 5) & 0x07e0) | ((rgb >> 3) & 0x001f);
}

export const colors = {
  /** text, icons, borders of controls */
  ink: rgb565(0x0b0f14),
  /** second-rank text */
  inkSoft: rgb565(0x2a333d),
  /** borders of rows and cards */
  line: rgb565(0x66707a),
  /** screen */
  ground: rgb565(0xf3f5f7),
  /** header, footer, rows, cards */
  surface: rgb565(0xffffff),
  /** the badge of a code that is not chosen */
  badge: rgb565(0xe4e8ec),
  /** what has run down of a countdown */
  track: rgb565(0xc8d0d9),
  selected: rgb565(0x06335c),
  selectedTint: rgb565(0xddebfa),
  confirm: rgb565(0x00472b),
  destroy: rgb565(0x7c1012),
  warn: rgb565(0xfff3d6),
  warnLine: rgb565(0x7a4b00),
  focus: rgb565(0xb85c00),
  /** the chip on the picture of a card */
  chip: rgb565(0xe3bd57),
} as const;
