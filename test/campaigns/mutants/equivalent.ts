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
  {
    id: "4638d9c334",
    file: "firmware/sync/uplink.ts",
    text: "for (const slot of hashes.length === 0 ? [] : this.#waiting()) {",
    change: "0 -> one less",
    why: "an empty part contains the hash of no record: it is only not looked through",
  },
  {
    id: "f5c3e71174",
    file: "firmware/vault/vault.ts",
    text: "for (let slot = 0; slot < this.#layout.slots; slot++) {",
    change: "0 -> one less",
    why: "there is no slot before the first: it has no state, so it has no record",
  },
  {
    id: "9ab6fbd8ad",
    file: "firmware/cose/sign1.ts",
    text: "bytesOf({ min: 0, max: payloadMax }),",
    change: "0 -> one less",
    why: "no length is below 0",
  },
  {
    id: "58ea7325fd",
    file: "firmware/journal/journal.ts",
    text: "for (let at = 0; at < region.length; at += blockLength) {",
    change: "< -> <=",
    why: "one block more is read only when the last one of the journal is used, and nothing behind the journal continues its chain",
  },
  {
    id: "c4dd4ad7a1",
    file: "firmware/vault/recovery.ts",
    text: "const mendingsMax = 4;",
    change: "4 -> one less",
    why: "a bound for chips that do not keep what they are given: what the last round would mend, the next start mends",
  },
];
