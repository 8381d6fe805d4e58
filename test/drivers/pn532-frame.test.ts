import test from "ava";
import fc from "fast-check";
import { fromHex, toHex } from "../../firmware/bytes.js";
import {
  ACK_FRAME,
  ERROR_FRAME,
  FRAME_DATA_MAX,
  type Frame,
  FrameDecoder,
  NACK_FRAME,
  encodeFrame,
} from "../../drivers/card/pn532/frame.js";
import {
  getFirmwareVersion,
  inDataExchange,
  inListPassiveTarget,
  samConfiguration,
} from "../../drivers/card/pn532/command.js";

const bytes = (hex: string): Uint8Array => fromHex(hex.replaceAll(" ", ""))!;

function decode(stream: Uint8Array, split = 1): Frame[] {
  const frames: Frame[] = [];
  const decoder = new FrameDecoder((frame) => frames.push(frame));
  for (let at = 0; at < stream.length; at += split) decoder.push(stream.subarray(at, at + split));
  return frames;
}

// UM0701-02: GetFirmwareVersion (7.2.2), SAMConfiguration (7.2.10), InListPassiveTarget (7.3.5), as its frames stand on
// the wire.
for (const [name, data, wire] of [
  ["GetFirmwareVersion", "D4 02", "00 00 FF 02 FE D4 02 2A 00"],
  ["its answer", "D5 03 32 01 06 07", "00 00 FF 06 FA D5 03 32 01 06 07 E8 00"],
  ["SAMConfiguration", "D4 14 01", "00 00 FF 03 FD D4 14 01 17 00"],
  ["its answer", "D5 15", "00 00 FF 02 FE D5 15 16 00"],
  ["InListPassiveTarget", "D4 4A 01 00", "00 00 FF 04 FC D4 4A 01 00 E1 00"],
] as const) {
  test(`${name} (${data}) is framed as in the manual, and read back`, (t) => {
    t.is(toHex(encodeFrame(bytes(data))), toHex(bytes(wire)));
    t.deepEqual(decode(bytes(wire)), [{ kind: "data", data: bytes(data) }]);
  });
}

test("ACK, NACK and the error frame are told apart", (t) => {
  t.deepEqual(decode(ACK_FRAME), [{ kind: "ack" }]);
  t.deepEqual(decode(NACK_FRAME), [{ kind: "nack" }]);
  t.deepEqual(decode(ERROR_FRAME), [{ kind: "error" }]);
});

test("255 bytes are a normal frame, 256 and 265 extended ones, 266 no frame", (t) => {
  t.is(toHex(encodeFrame(new Uint8Array(255))).slice(0, 10), "0000ffff01");
  t.is(toHex(encodeFrame(new Uint8Array(256))).slice(0, 16), "0000ffffff0100ff");
  t.is(toHex(encodeFrame(new Uint8Array(FRAME_DATA_MAX))).slice(0, 16), "0000ffffff0109f6");
  t.throws(() => encodeFrame(new Uint8Array(FRAME_DATA_MAX + 1)));
  // The same length on the wire: refused, and the stream goes on.
  const tooLong = Uint8Array.of(0, 0, 0xff, 0xff, 0xff, 0x01, 0x0a, 0xf5, ...ACK_FRAME);
  t.deepEqual(decode(tooLong).at(-1), { kind: "ack" });
});

test("any frame comes back as it was sent, in any split", (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 2, maxLength: FRAME_DATA_MAX }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 300 }),
      (datas, split) => {
        const stream = Buffer.concat(datas.map(encodeFrame));
        t.deepEqual(
          decode(stream, split),
          datas.map((data) => ({ kind: "data", data })),
        );
      },
    ),
  );
});

test("after any garbage, and a pause that resets the decoder, the next frame is read", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ minLength: 2, maxLength: 60 }), (garbage, data) => {
      const frames: Frame[] = [];
      const decoder = new FrameDecoder((frame) => frames.push(frame));
      decoder.push(garbage);
      decoder.reset();
      decoder.push(encodeFrame(data));
      t.deepEqual(frames.at(-1), { kind: "data", data });
    }),
  );
});

test("one changed bit is never taken for the frame, and a whole frame after it is read", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 60 }), fc.nat(), (data, at) => {
      const frame = encodeFrame(data);
      // Preamble and postamble carry nothing.
      const bit = 8 + (at % ((frame.length - 2) * 8));
      const damaged = frame.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      t.false(decode(damaged).some((found) => found.kind === "data" && Buffer.compare(found.data, data) === 0));
      // Enough silence in between for a decoder whose length byte was hit.
      const padded = Buffer.concat([damaged, new Uint8Array(300), frame]);
      t.true(decode(padded).some((found) => found.kind === "data" && Buffer.compare(found.data, data) === 0));
    }),
  );
});

test("answers that do not have the documented form are refused", (t) => {
  t.is(getFirmwareVersion.decode(bytes("320106")), undefined);
  t.is(samConfiguration.decode(bytes("00")), undefined);
  t.is(inListPassiveTarget.decode(bytes("00")), "none");
  t.deepEqual(inListPassiveTarget.decode(bytes("01 01 00 04 20 04 08 11 22 33 05 78 80 70 02")), {
    number: 1,
    exchanges: true,
    several: false,
  });
  const plain = { number: 1, exchanges: false, several: false };
  t.deepEqual(inListPassiveTarget.decode(bytes("01 01 00 04 08 04 08 11 22 33")), plain);
  // it says that it speaks ISO/IEC 14443-4, and has sent no ATS
  t.deepEqual(inListPassiveTarget.decode(bytes("01 01 00 04 20 04 08 11 22 33")), plain);
  const two = "02 01 00 04 20 04 08 11 22 33 05 78 80 70 02 02 00 04 08 04 08 44 55 66";
  t.deepEqual(inListPassiveTarget.decode(bytes(two)), { number: 1, exchanges: true, several: true });
  t.is(inListPassiveTarget.decode(bytes(two.slice(0, -3))), undefined);
  t.is(inListPassiveTarget.decode(bytes(`${two} 00`)), undefined);
  t.is(inListPassiveTarget.decode(bytes(two.replace("02", "03"))), undefined);
  t.is(inListPassiveTarget.decode(bytes("01 01 00 04 20 05 08 11 22 33 44")), undefined);
  t.is(inListPassiveTarget.decode(bytes("01 01 00 04 20 04 08 11 22 33 06 78 80 70 02")), undefined);
  t.is(inDataExchange(1, new Uint8Array(5), 100).decode(new Uint8Array(0)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      for (const command of [
        getFirmwareVersion,
        samConfiguration,
        inListPassiveTarget,
        inDataExchange(1, data.subarray(0, 9), 100),
      ])
        command.decode(data);
      t.pass();
    }),
  );
});

test("the target that is handed on holds nothing of the UID", (t) => {
  const one = inListPassiveTarget.decode(bytes("01 01 00 04 20 04 08 11 22 33 05 78 80 70 02"));
  const other = inListPassiveTarget.decode(bytes("01 01 00 44 20 07 04 99 88 77 66 55 44 06 75 77 81 02 80"));
  t.deepEqual(one, other);
});
