// The version of this software: in every image, on the officials' screens, on reports and in every signed result. It is that of
// package.json; a test compares the two.

export const version = "0.2.0";

/** Characters of a version, in whatever was written by another one. */
export const versionMax = 32;
