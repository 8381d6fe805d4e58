// A record that is expected at its slot is compared to the byte with what this terminal would have written there; one
// from anywhere is decoded. Both are the same format, which the codec writes too.

import test from "ava";
import { encode, type CborValue } from "../../firmware/cbor/cbor.js";
import { boxOf, readRecord, signRecord } from "../../firmware/vault/record.js";
import { Store } from "../support/store.js";

const { crypto, keys, election } = new Store("record");
const box = Uint8Array.from({ length: 96 }, (_, i) => i);
const at = (slot: number, terminal = 1) => ({ election: election.id, terminal, slot });
const signed = (slot: number, terminal = 1): Uint8Array =>
  signRecord(crypto, { ...at(slot, terminal), box }, keys.sign.secretKey);

test("a record is the codec's encoding of its CDDL", (t) => {
  for (const [slot, terminal] of [
    [0, 1],
    [23, 23],
    [24, 24],
    [255, 255],
    [256, 256],
    [9999, 70_000],
    [65_535, 0xffff_ffff],
  ] as const) {
    const payload = encode(
      new Map<number, CborValue>([
        [1, election.id],
        [2, terminal],
        [3, slot],
        [4, box],
      ]),
    );
    const signature = crypto.sign(
      encode(["Signature1", Uint8Array.of(0xa1, 1, 0x27), Buffer.from("sandogh/record"), payload]),
      keys.sign.secretKey,
    );
    t.deepEqual(signed(slot, terminal), encode([Uint8Array.of(0xa1, 1, 0x27), new Map(), payload, signature]));
    t.deepEqual(readRecord(crypto, signed(slot, terminal), keys.sign.publicKey), {
      ok: true,
      value: { ...at(slot, terminal), box },
    });
    t.deepEqual(
      boxOf(crypto, signed(slot, terminal), { ...at(slot, terminal), boxLength: box.length }, keys.sign.publicKey),
      box,
    );
  }
});

test("another slot, terminal, election, length or signer, any bit flipped, a byte more or less: no box", (t) => {
  const expected = { ...at(300), boxLength: box.length };
  const opened = (
    bytes: Uint8Array,
    other: Partial<typeof expected> = {},
    publicKey = keys.sign.publicKey,
  ): Uint8Array | undefined => boxOf(crypto, bytes, { ...expected, ...other }, publicKey);
  const record = signed(300);
  t.deepEqual(opened(record), box);
  for (const other of [
    { slot: 299 },
    { slot: 3 },
    { terminal: 2 },
    { election: new Uint8Array(16) },
    { boxLength: 95 },
    { boxLength: 97 },
    { boxLength: 4000 },
  ])
    t.is(opened(record, other), undefined, JSON.stringify(other));
  t.is(opened(record, {}, crypto.signKeyPair(new Uint8Array(32).fill(3)).publicKey), undefined);
  for (const bytes of [
    record.slice(1),
    record.slice(0, -1),
    new Uint8Array([...record, 0]),
    new Uint8Array(0),
    new Uint8Array(66),
    signed(301),
  ])
    t.is(opened(bytes), undefined);
  for (let bit = 0; bit < record.length * 8; bit++) {
    const flipped = record.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    t.is(opened(flipped), undefined, `bit ${bit}`);
  }
});
