// The sizes and weights in which text is drawn, by the height of a capital letter I in pixels (screen: 4.63 px/mm,
// printer: 8 dots/mm). A face's number is what the glyph atlas stores; it never changes its meaning.

export interface Face {
  readonly id: number;
  /** Height of a capital I in pixels of the screen or dots of the printer. */
  readonly capital: number;
  readonly bold: boolean;
}

export const faces = {
  /** 3.9 mm: second-rank text */
  caption: { id: 0, capital: 18, bold: false },
  "caption-bold": { id: 1, capital: 18, bold: true },
  /** 5.0 mm: the default size */
  body: { id: 2, capital: 23, bold: false },
  "body-bold": { id: 3, capital: 23, bold: true },
  /** 6.8 mm: the one sentence of a screen */
  "large-bold": { id: 4, capital: 31, bold: true },
  /** 8.7 mm: keys of the keypad, the countdown */
  "huge-bold": { id: 5, capital: 40, bold: true },
  /** 12 mm: the code as it is typed */
  "code-bold": { id: 6, capital: 56, bold: true },
  /** 3.5 mm on paper: the least that printed text may be (VVSG 7.1-G) */
  slip: { id: 7, capital: 28, bold: false },
  "slip-bold": { id: 8, capital: 28, bold: true },
  /** 8 mm on paper: VALID and VOID */
  "strip-bold": { id: 9, capital: 64, bold: true },
} as const satisfies Record<string, Face>;

export type FaceName = keyof typeof faces;

/** The atlas keeps the icons as one more face, whose glyph numbers are those of ui/render/icons.ts. */
export const iconFace: Face = { id: 255, capital: 1, bold: false };
