// Mutants that change nothing anybody could notice, each with the reason. Named by file, text of the line and
// change, so that they are found again when lines move.

export interface Equivalent {
  readonly file: string;
  readonly text: string;
  readonly change: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];
