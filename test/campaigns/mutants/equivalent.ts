// Mutants that change nothing anybody could notice, each with the reason. Named by their
// id, which stays when lines move; file, line and change are for people.

export interface Equivalent {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly change: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    id: "daa5972f88",
    file: "firmware/journal/journal.ts",
    text: "readonly #entries = new Uint16Array(256);",
    change: "256 -> one more",
    why: "one number more than there are kinds of events; nothing reads it",
  },
  {
    id: "8529d2bb6d",
    file: "firmware/tally/raw-store.ts",
    text: "return slot.subarray(2, 2 + Math.min(readU16(slot, 0), slot.length - 2));",
    change: "2 -> one more",
    why: "the bound is for lengths that no record has: it ends before its check and its commit word, 32 bytes earlier",
  },
];
