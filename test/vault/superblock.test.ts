// The first bytes of a medium.

import test from "ava";
import { encodeSuperblock, isGenuine, readSuperblock, superblockLength } from "../../firmware/vault/superblock.js";
import { Store } from "../support/store.js";

const { crypto } = new Store("superblock");
const key = new Uint8Array(16).fill(3);
const said = {
  root: Uint8Array.from({ length: 32 }, (_, i) => 0x10 + i),
  terminal: 0x01020304,
  slots: 0x05060708,
  slotLength: 0x090a0b0c,
};

test("a superblock is what FORMAT.md says, byte for byte, and reads back", (t) => {
  const block = encodeSuperblock(crypto, said, key);
  t.is(block.length, superblockLength);
  t.is(
    Buffer.from(block.subarray(0, 48)).toString("hex"),
    "534e4432101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f0102030405060708090a0b0c",
  );
  t.deepEqual(readSuperblock(block), said);
  t.true(isGenuine(crypto, block, key));
});

test("any bit of it that is turned, or another key, is not genuine; another beginning is no superblock", (t) => {
  const block = encodeSuperblock(crypto, said, key);
  for (let bit = 0; bit < block.length * 8; bit++) {
    const turned = block.slice();
    turned[bit >> 3]! ^= 1 << (bit & 7);
    t.false(isGenuine(crypto, turned, key), `bit ${bit}`);
    t.is(readSuperblock(turned) === undefined, bit < 32, `bit ${bit}`);
  }
  t.false(isGenuine(crypto, block, new Uint8Array(16).fill(4)));
});
