// Two chips that hold the same: the order of writing, what is tried again and how often, and who is named.

import test from "ava";
import type { Flash, FlashStatus } from "../../firmware/platform.js";
import { Media, type Medium } from "../../firmware/storage/media.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { randomFrom } from "../support/serial-pair.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(1) });
const blockLength = 4_096;

/** A chip that does what it is told, and writes down that it was told. */
class Chip implements Flash {
  readonly cells: Uint8Array;
  readonly log: string[];
  readonly #name: Medium;
  /** How many of the next reads answer with a bit turned. */
  weakReads = 0;
  /** Cells that stay 1. */
  stuck = new Set<number>();
  /** From this call of a kind on it fails. */
  failing: "read" | "write" | "erase" | undefined;
  gone = false;
  readonly ownBlock: number;

  constructor(name: Medium, log: string[], size = 4 * blockLength, ownBlock = blockLength) {
    this.ownBlock = ownBlock;
    this.#name = name;
    this.log = log;
    this.cells = new Uint8Array(size).fill(0xff);
  }

  read(length: number, address: number, into?: Uint8Array): Uint8Array | undefined {
    if (this.failing === "read") return undefined;
    const bytes = this.cells.slice(address, address + length);
    if (this.weakReads > 0) {
      this.weakReads--;
      bytes[0]! ^= 1;
    }
    into?.set(bytes);
    return into ?? bytes;
  }

  write(data: Uint8Array, address: number): boolean {
    this.log.push(`${this.#name} write ${address}`);
    if (this.failing === "write") return false;
    data.forEach((byte, i) => {
      if (!this.stuck.has(address + i)) this.cells[address + i]! &= byte;
    });
    return true;
  }

  eraseBlock(block: number): boolean {
    this.log.push(`${this.#name} erase ${block}`);
    if (this.failing === "erase") return false;
    this.cells.fill(0xff, block * blockLength, (block + 1) * blockLength);
    return true;
  }

  status(): FlashStatus | undefined {
    const { length } = this.cells;
    return this.gone ? undefined : { size: length, blocks: length / this.ownBlock, blockLength: this.ownBlock };
  }
}

function two(): { readonly media: Media; readonly a: Chip; readonly b: Chip; readonly log: string[] } {
  const log: string[] = [];
  const [a, b] = [new Chip("a", log), new Chip("b", log)];
  const opened = Media.open({ a, b, crypto });
  if (!opened.ok) throw new Error(opened.error.what);
  return { media: opened.value, a, b, log };
}

const page = new Uint8Array(64).fill(0x5a);

test("the smaller chip gives the size; one that is away, or of other blocks, is left out", (t) => {
  const log: string[] = [];
  const open = (a: Chip, b: Chip) => {
    const opened = Media.open({ a, b, crypto });
    return opened.ok ? { active: opened.value.active, ...opened.value.geometry } : opened.error;
  };
  const gone = new Chip("a", log);
  gone.gone = true;
  t.deepEqual(open(new Chip("a", log, 8 * blockLength), new Chip("b", log)), {
    active: ["a", "b"],
    size: 4 * blockLength,
    blockLength,
  });
  t.deepEqual(open(gone, new Chip("b", log)), { active: ["b"], size: 4 * blockLength, blockLength });
  t.deepEqual(open(new Chip("a", log), new Chip("b", log, 2 * blockLength, 1_024)), {
    active: ["a"],
    size: 4 * blockLength,
    blockLength,
  });
  t.deepEqual(open(gone, gone), { medium: "a", what: "no-answer", address: 0 });
});

test("a chip that is too small for what was written counts as missing beside a large one, and not beside its like", (t) => {
  const log: string[] = [];
  const [small, large] = [2 * blockLength, 3 * blockLength];
  const open = (a: number, b: number) => {
    const opened = Media.open({ a: new Chip("a", log, a), b: new Chip("b", log, b), crypto }, large);
    return opened.ok ? [...opened.value.active, opened.value.geometry.size] : opened.error;
  };
  t.deepEqual(open(small, large), ["b", large]);
  t.deepEqual(open(large + blockLength, small), ["a", large + blockLength]);
  t.deepEqual(open(large, large), ["a", "b", large]);
  t.deepEqual(open(small, small), ["a", "b", small]);
});

test("A is written and read back before B is touched; when A fails, B is not", (t) => {
  const { media, a, b, log } = two();
  t.true(media.program(page, 128).ok);
  t.deepEqual(log, ["a write 128", "b write 128"]);
  t.deepEqual(a.cells, b.cells);
  a.failing = "write";
  log.length = 0;
  t.deepEqual(media.program(page, 256), { ok: false, error: { medium: "a", what: "program", address: 256 } });
  t.deepEqual(log, ["a write 256"]);
});

test("what reads back wrong is programmed four times at most, and right at the fourth is right", (t) => {
  const { media, b, log } = two();
  b.weakReads = 3;
  t.true(media.programOne("b", page, 0).ok);
  t.is(log.length, 4);
  b.weakReads = 4;
  t.deepEqual(media.programOne("b", page, 64), { ok: false, error: { medium: "b", what: "verify", address: 64 } });
  t.is(log.length, 8);
  b.failing = "read";
  t.deepEqual(media.programOne("b", page, 128), { ok: false, error: { medium: "b", what: "no-answer", address: 128 } });
});

test("zeros count when no more than a quarter of the cells stays 1", (t) => {
  for (const [worn, good] of [
    [0, true],
    [1, true],
    [16, true],
    [17, false],
    [64, false],
  ] as const) {
    const { media, a } = two();
    for (let at = 0; at < worn; at++) a.stuck.add(at);
    const zeroed = media.zeroOne("a", 64, 0);
    t.is(zeroed.ok, good, `${worn}`);
    if (!zeroed.ok) t.deepEqual(zeroed.error, { medium: "a", what: "verify", address: 0 });
  }
  const { media, a } = two();
  a.failing = "write";
  t.deepEqual(media.zeroOne("a", 64, 0), { ok: false, error: { medium: "a", what: "program", address: 0 } });
});

test("zeroing goes on with B when A fails, and says A's fault", (t) => {
  const { media, a, b } = two();
  a.failing = "write";
  t.deepEqual(media.zero(64, 0), { ok: false, error: { medium: "a", what: "program", address: 0 } });
  t.true(b.cells.slice(0, 64).every((byte) => byte === 0));
  t.true(two().media.zero(64, 0).ok);
});

test("a block is written anew in pages, those that are erased are left alone, and a harmed one is done again", (t) => {
  const image = new Uint8Array(blockLength).fill(0xff);
  image.fill(0x11, 512, 600);
  const { media, a, b, log } = two();
  a.cells.fill(0, blockLength, blockLength + 10);
  t.true(media.rewriteBlock("a", 1, image).ok);
  t.deepEqual(log, ["a erase 1", `a write ${blockLength + 512}`]);
  t.deepEqual(a.cells.slice(blockLength, 2 * blockLength), image);
  t.true(b.cells.every((byte) => byte === 0xff));
  log.length = 0;
  // the whole block is read back wrong three times: erased and written four times in all
  let reads = 0;
  const read = a.read.bind(a);
  a.read = (length, address, into) => {
    const bytes = read(length, address, into)!;
    if (length === blockLength && ++reads <= 3) bytes[9]! ^= 2;
    return bytes;
  };
  t.true(media.rewriteBlock("a", 1, image).ok);
  t.is(log.filter((each) => each === "a erase 1").length, 4);
  t.throws(() => media.rewriteBlock("a", 1, image.slice(1)), undefined, "half a block is a bug of the caller");
  a.failing = "erase";
  t.deepEqual(media.rewriteBlock("a", 1, image), {
    ok: false,
    error: { medium: "a", what: "erase", address: blockLength },
  });
});

test("a block of which a page cannot be written is given up after four times, with that page named", (t) => {
  const image = new Uint8Array(blockLength).fill(0x11);
  const { media, a, log } = two();
  a.stuck.add(blockLength + 300);
  t.deepEqual(media.rewriteBlock("a", 1, image), {
    ok: false,
    error: { medium: "a", what: "verify", address: blockLength + 256 },
  });
  t.is(log.filter((each) => each === "a erase 1").length, 4);
});

test("an erase covers every block of the range on every active medium, and no other", (t) => {
  const { media, a, log } = two();
  t.true(media.erase(blockLength + 1, blockLength).ok);
  t.deepEqual(log, ["a erase 1", "a erase 2", "b erase 1", "b erase 2"]);
  log.length = 0;
  t.true(media.erase(blockLength, blockLength).ok);
  t.deepEqual(log, ["a erase 1", "b erase 1"]);
  t.throws(() => media.erase(1, 5));
  media.active = ["b"];
  log.length = 0;
  t.true(media.erase(1, 0).ok);
  t.true(media.program(page, 0).ok);
  t.deepEqual(log, ["b erase 0", "b write 0"]);
  media.active = ["a", "b"];
  a.failing = "erase";
  t.deepEqual(media.erase(1, 2 * blockLength), {
    ok: false,
    error: { medium: "a", what: "erase", address: 2 * blockLength },
  });
});

test("reading all gives A first, into the buffers given, and names the one that does not answer", (t) => {
  const { media, a, b } = two();
  a.cells[5] = 1;
  b.cells[5] = 2;
  const into = [new Uint8Array(1), new Uint8Array(1)];
  t.deepEqual(media.readAll(1, 5, into), { ok: true, value: [Uint8Array.of(1), Uint8Array.of(2)] });
  t.deepEqual(into, [Uint8Array.of(1), Uint8Array.of(2)]);
  b.failing = "read";
  t.deepEqual(media.readAll(1, 5), { ok: false, error: { medium: "b", what: "no-answer", address: 5 } });
});
