// The most that a text bundle may hold; the writer refuses more, the reader too.

/** Texts of one bundle: names and affiliations of a national constituency. */
export const textsMax = 32_768;
/** Bytes of one text's record. */
export const textRecordMax = 8_192;
export const linesMax = 12;
/** Ways in which one text is broken into lines, at most one for each medium. */
export const layoutsMax = 7;
/** Glyph runs and number places of one line. */
export const piecesMax = 12;
/** Glyphs with ink in one piece. */
export const pieceGlyphsMax = 255;
/** Places for numbers, {0} to {9}. */
export const slotsMax = 10;
export const facesMax = 16;
export const glyphsPerFaceMax = 2_048;
/** Pixels of one mask's side. */
export const maskSideMax = 512;
/** Bytes of one name of a text in the image's own bundle. */
export const nameLengthMax = 40;
