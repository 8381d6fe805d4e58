// The sizes and weights in which text is drawn, by the height of a capital letter I in pixels (screen: 4.63 px/mm,
// printer: 8 dots/mm). A face's number is what the glyph atlas stores; it never changes its meaning.

export interface Face {
  readonly id: number;
  /** Height of a capital I in pixels of the screen or dots of the printer. */
  readonly capital: number;
  readonly bold: boolean;
}

export const faces = {
  /** 3.9 mm */
  "18": { id: 0, capital: 18, bold: false },
  "18-bold": { id: 1, capital: 18, bold: true },
  /** 5.0 mm */
  "23": { id: 2, capital: 23, bold: false },
  "23-bold": { id: 3, capital: 23, bold: true },
  /** 6.8 mm */
  "31": { id: 4, capital: 31, bold: false },
  "31-bold": { id: 5, capital: 31, bold: true },
  /** 8.7 mm */
  "40": { id: 6, capital: 40, bold: false },
  "40-bold": { id: 7, capital: 40, bold: true },
  /** 12 mm: the code as it is typed */
  "56-bold": { id: 8, capital: 56, bold: true },
  /** 3.5 mm on paper: the least that printed text may be (VVSG 7.1-G) */
  slip: { id: 9, capital: 28, bold: false },
  "slip-bold": { id: 10, capital: 28, bold: true },
  /** 8 mm on paper: VALID and VOID */
  "strip-bold": { id: 11, capital: 64, bold: true },
} as const satisfies Record<string, Face>;

export type FaceName = keyof typeof faces;

export const paperFaces = { regular: faces.slip, bold: faces["slip-bold"], large: faces["strip-bold"] } as const;

/** The atlas keeps the icons as one more face, whose glyph numbers are those of ui/render/icons.ts. */
export const iconFace: Face = { id: 255, capital: 1, bold: false };

/** The sizes that a person can choose: 3.9, 5.0, 6.8 and 8.7 mm. */
export type TextSize = 0 | 1 | 2 | 3;
export const textSizes: readonly TextSize[] = [0, 1, 2, 3];
export const defaultSize: TextSize = 1;

/**
 * Where a text is shown: it has its lines for each. After the four sizes come paper, and a narrow column in the two
 * largest sizes.
 */
export type Medium = TextSize | 4 | 5 | 6;
export const paperMedium: Medium = 4;
export const mediaCount = 7;
/** The medium of a narrow column (460 pixels) in each size. */
export const narrowMedium = [0, 1, 5, 6] as const satisfies readonly [Medium, Medium, Medium, Medium];

/**
 * What a text is for -> its face in each of the four sizes. What is read grows to 8.7 mm; the frame around it (header
 * and buttons) stops at 6.8 mm, so that there is room left to read in.
 */
export const roles = {
  /** second-rank text */
  caption: ["18", "18", "23", "31"],
  "caption-bold": ["18-bold", "18-bold", "23-bold", "31-bold"],
  /** the default size */
  body: ["18", "23", "31", "40"],
  "body-bold": ["18-bold", "23-bold", "31-bold", "40-bold"],
  /** the one sentence of a screen */
  title: ["23-bold", "31-bold", "40-bold", "40-bold"],
  /** header and buttons */
  frame: ["18", "18", "23", "23"],
  "frame-bold": ["18-bold", "23-bold", "31-bold", "31-bold"],
  /** the mark of a test election */
  mark: ["18-bold", "18-bold", "23-bold", "23-bold"],
  /** digits of the keypad, the countdown */
  key: ["40-bold", "40-bold", "40-bold", "40-bold"],
  /** the code as it is typed */
  code: ["56-bold", "56-bold", "56-bold", "56-bold"],
} as const satisfies Record<string, readonly [FaceName, FaceName, FaceName, FaceName]>;

export type Role = keyof typeof roles;

function facesIn(size: TextSize): Readonly<Record<Role, Face>> {
  const out: Partial<Record<Role, Face>> = {};
  for (const role of Object.keys(roles) as Role[]) out[role] = faces[roles[role][size]];
  return out as Readonly<Record<Role, Face>>;
}

/** The faces of all roles, by size: a name need not be looked up for every text. */
export const facesOf = [facesIn(0), facesIn(1), facesIn(2), facesIn(3)] as const;
export type PaperFace = "slip" | "slip-bold" | "strip-bold";
