import test from "ava";
import fc from "fast-check";
import { equalBytes, fromHex, toHex, utf8, utf8Length } from "../../firmware/bytes.js";
import { byteString, type CborValue, decode, encode, head } from "../../firmware/cbor/cbor.js";
import { array, bytes, decodeAs, describe, map, text, tuple, uint } from "../../firmware/cbor/shape.js";
import type { CborErrorCode } from "../../firmware/cbor/scan.js";

const hex = (digits: string): Uint8Array => fromHex(digits.replaceAll(" ", ""))!;

test("RFC 8949 appendix A: values of our model have the one encoding", (t) => {
  const rows: readonly [CborValue, string][] = [
    [0, "00"],
    [23, "17"],
    [24, "1818"],
    [255, "18ff"],
    [256, "190100"],
    [1000000, "1a000f4240"],
    [1000000000000, "1b000000e8d4a51000"],
    [4294967295, "1affffffff"],
    [4294967296, "1b0000000100000000"],
    [Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
    [-1, "20"],
    [-100, "3863"],
    [-1000, "3903e7"],
    [-2147483648, "3a7fffffff"],
    [false, "f4"],
    [true, "f5"],
    [null, "f6"],
    [hex("01020304"), "4401020304"],
    [new Uint8Array(0), "40"],
    ["", "60"],
    ["IETF", "6449455446"],
    ["ü", "62c3bc"],
    ["𐅑", "64f0908591"],
    [[], "80"],
    [[1, [2, 3], [4, 5]], "8301820203820405"],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      "a201020304",
    ],
    [
      new Map<number, CborValue>([
        [10, 3],
        [24, 2],
        [256, 4],
        [-1, 1],
      ]),
      "a40a031818021901000420" + "01",
    ],
  ];
  for (const [value, digits] of rows) {
    t.is(toHex(encode(value)), digits);
    t.deepEqual(decode(hex(digits)), { ok: true, value });
  }
});

test("what cbor-x would accept and the standard's deterministic form does not have is refused, with its place", (t) => {
  const rows: readonly [string, CborErrorCode, number][] = [
    ["", "truncated", 0],
    ["18", "truncated", 1],
    ["4401", "truncated", 0],
    ["8201", "truncated", 0],
    ["0000", "trailing-bytes", 1],
    ["1817", "not-shortest", 0],
    ["190001", "not-shortest", 0],
    ["1a0000ffff", "not-shortest", 0],
    ["1b00000000ffffffff", "not-shortest", 0],
    ["1b0020000000000000", "integer-too-large", 0],
    ["3a80000000", "integer-too-large", 0],
    ["5fff", "indefinite-length", 0],
    ["9fff", "indefinite-length", 0],
    ["bfff", "indefinite-length", 0],
    ["ff", "indefinite-length", 0],
    ["f90000", "float", 0],
    ["fb0000000000000000", "float", 0],
    ["f7", "simple-value", 0],
    ["f818", "simple-value", 0],
    ["c000", "tag", 0],
    ["1c", "reserved", 0],
    ["a2 02 00 01 00", "key-order", 3],
    ["a2 01 00 01 00", "duplicate-key", 3],
    ["a2 20 00 01 00", "key-order", 3],
    ["a1 6161 00", "key-not-integer", 1],
    ["61ff", "not-utf8", 0],
    ["62c080", "not-utf8", 0],
    ["63eda080", "not-utf8", 0],
    ["64f4908080", "not-utf8", 0],
    ["81".repeat(9) + "00", "too-deep", 9],
    ["9b001fffffffffffff", "truncated", 0],
    ["5b001fffffffffffff00", "truncated", 0],
  ];
  for (const [digits, code, at] of rows) t.deepEqual(decode(hex(digits)), { ok: false, error: { code, at } }, digits);
});

test("items are counted before any is made: keys, values and what holds them", (t) => {
  const bytes = hex("a2 01 83 00 00 00 02 f6");
  t.true(decode(bytes, 8).ok);
  for (const [items, at] of [
    [7, 7],
    [6, 6],
    [3, 3],
    [2, 2],
    [1, 1],
    [0, 0],
  ] as const)
    t.deepEqual(decode(bytes, items), { ok: false, error: { code: "too-many-items", at } }, `${items}`);
  const many = (count: number): Uint8Array => Uint8Array.of(0x99, count >> 8, count & 0xff, ...new Uint8Array(count));
  t.true(decode(many(9_999)).ok);
  t.deepEqual(decode(many(10_000)), { ok: false, error: { code: "too-many-items", at: 10_002 } });
});

const integer = fc.oneof(fc.maxSafeNat(), fc.integer());

const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 5 },
    integer,
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(integer, tie("value")), { maxLength: 5 }).map((pairs) => new Map(pairs) as CborValue),
  ),
})).value;

test("every value of the model comes back, and encoding what was decoded gives the same bytes", (t) => {
  fc.assert(
    fc.property(value, (each) => {
      const encoded = encode(each);
      const decoded = decode(encoded);
      return decoded.ok && equalBytes(encode(decoded.value), encoded);
    }),
    { numRuns: 1000 },
  );
  t.pass();
});

test("arbitrary bytes never throw, and what is accepted is canonical", (t) => {
  const mutated = fc.tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 })).map(([each, edits]) => {
    const encoded = encode(each);
    for (const [at, byte] of edits) encoded[at % encoded.length] = byte;
    return encoded;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (input) => {
      const decoded = decode(input);
      return !decoded.ok || equalBytes(encode(decoded.value), input);
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

test("heads and byte strings written by hand are the codec's", (t) => {
  for (const value of [0, 23, 24, 255, 256, 65_535, 65_536, 0xffff_ffff])
    t.deepEqual(head(0, value), encode(value), `${value}`);
  for (const length of [0, 23, 24, 255, 256, 65_536])
    t.deepEqual(byteString(new Uint8Array(length).fill(7)), encode(new Uint8Array(length).fill(7)), `${length}`);
});

test("a shape of shapes says where in it", (t) => {
  const shape = array(
    map<{ inner: readonly [number, { deep: number }] }>({
      inner: {
        key: 1,
        shape: tuple<[number, { deep: number }]>(uint(), map<{ deep: number }>({ deep: { key: 1, shape: uint(5) } })),
      },
    }),
    9,
  );
  const read = decodeAs(
    encode([new Map([[1, [1, new Map([[1, 5]])]]]), new Map([[1, [1, new Map([[1, 6]])]]])]),
    shape,
  );
  t.is(read.ok ? "accepted" : describe(read.error), "[1].inner[1].deep: expected uint 0..5");
});

test("a shape says which field is wrong", (t) => {
  const shape = map<{ name: string; parts: Uint8Array[] }>({
    name: { key: 1, shape: text(4) },
    parts: { key: 2, shape: array(bytes(2), 3) },
  });
  const complaint = (input: CborValue): string => {
    const read = decodeAs(encode(input), shape);
    return read.ok ? "accepted" : describe(read.error);
  };
  t.is(
    complaint(
      new Map<number, CborValue>([
        [1, "abcd"],
        [2, [hex("0102")]],
      ]),
    ),
    "accepted",
  );
  t.is(
    complaint(
      new Map<number, CborValue>([
        [1, "abcde"],
        [2, []],
      ]),
    ),
    "name: expected tstr of up to 4 bytes",
  );
  const named = (name: string): string =>
    complaint(
      new Map<number, CborValue>([
        [1, name],
        [2, []],
      ]),
    );
  // bytes of UTF-8, as .size of a CDDL counts
  for (const fits of ["abcd", "اب", "\u{1f5f3}"]) t.is(named(fits), "accepted", fits);
  for (const over of ["ابa", "\u{1f5f3}a", "\uffff\uffff"])
    t.is(named(over), "name: expected tstr of up to 4 bytes", over);
  t.is(
    complaint(
      new Map<number, CborValue>([
        [1, ""],
        [2, [hex("0102"), hex("01")]],
      ]),
    ),
    "parts[1]: expected bstr of 2..2 bytes",
  );
  t.is(complaint(new Map<number, CborValue>([[1, ""]])), "parts: expected key 2");
  t.is(
    complaint(
      new Map<number, CborValue>([
        [1, ""],
        [2, []],
        [3, 0],
      ]),
    ),
    "3: expected no such key",
  );
  t.is(complaint(7), "value: expected map");
  t.deepEqual(decodeAs(hex("1818"), uint(23)), {
    ok: false,
    error: { kind: "shape", error: { path: "", expected: "uint 0..23" } },
  });
});

test("UTF-8 is the encoder's of the platform, lone surrogates included", (t) => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom(
            "\ud800",
            "\udc00",
            "\u07ff",
            "\u0800",
            "\uffff",
            "\u{10000}",
            "\u{10ffff}",
            "\u007f",
            "\u0080",
          ),
          fc.string({ unit: "binary", maxLength: 2 }),
        ),
      }),
      (some) => equalBytes(utf8(some), new TextEncoder().encode(some)) && utf8Length(some) === utf8(some).length,
    ),
    { numRuns: 2000 },
  );
  t.pass();
});
