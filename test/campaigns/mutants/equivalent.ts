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
  {
    id: "5f14fc52de",
    file: "firmware/checkin/desk.ts",
    text: 'if (intent.do === "confirm" && this.#card !== undefined) return void this.#takeBack(this.#card);',
    change: "return -> (goes on)",
    why: "the view that taking back has just shown is shown once more",
  },
  {
    id: "bb70d5ea31",
    file: "firmware/cose/sign1.ts",
    text: "const payload = head(0x40, payloadLength).length + payloadLength;",
    change: "0x40 -> one less",
    why: "of the head only its length counts here, which follows from the payload's alone",
  },
  {
    id: "ace8de2a86",
    file: "firmware/cose/sign1.ts",
    text: "const payload = head(0x40, payloadLength).length + payloadLength;",
    change: "0x40 -> one more",
    why: "of the head only its length counts here, which follows from the payload's alone",
  },
  {
    id: "984259aef7",
    file: "firmware/journal/journal.ts",
    text: "uint(255),",
    change: "255 -> one more",
    why: "no kind has the number 256: what it stands in is no entry for want of a name",
  },
  {
    id: "629fe53348",
    file: "firmware/journal/journal.ts",
    text: "const entryMax = cellLength - chainLength - 1;",
    change: "1 -> one more",
    why: "no entry has more than 79 bytes",
  },
  {
    id: "fd81e10aa7",
    file: "firmware/session/session.ts",
    text: "this.#booth.dropVoter();",
    change: "this.#booth.dropVoter(); -> (left out)",
    why: "each way to rest has dropped its voter before, or had none: this is done for sure",
  },
  {
    id: "d0ba728e78",
    file: "firmware/storage/media.ts",
    text: "sizeMin = 0,",
    change: "0 -> one less",
    why: "no chip has fewer than 0 bytes",
  },
  {
    id: "3754d0dbad",
    file: "firmware/tally/results.ts",
    text: "names: { key: 3, shape: bytes({ min: 0, max: 0xffff * nameLength }) },",
    change: "0xffff -> one less",
    why: "nothing signed has more than 263,000 bytes, which are 16,437 names",
  },
  {
    id: "2fda94fef5",
    file: "firmware/tally/raw-store.ts",
    text: "const headLength = 32;",
    change: "32 -> one more",
    why: "a slot whose commit word is erased gives no ballot and no void, whether it is passed over or looked at",
  },
  {
    id: "89f48ae1dc",
    file: "firmware/sync/messages.ts",
    text: "const inventoryOverhead = signedLength(addressLength + 18 + 3 * fieldLength);",
    change: "* -> +",
    why: "9 bytes less of overhead leave room for the same 3,839 hashes of 17 bytes",
  },
  {
    id: "cd7b4da164",
    file: "firmware/sync/messages.ts",
    text: "const inventoryOverhead = signedLength(addressLength + 18 + 3 * fieldLength);",
    change: "18 -> one more",
    why: "a byte more of overhead leaves room for the same 3,839 hashes of 17 bytes",
  },
  {
    id: "d584388090",
    file: "firmware/service/opening.ts",
    text: "let voids = 0;",
    change: "0 -> one less",
    why: "at least one medium is looked at, and no census counts fewer than 0",
  },
];
