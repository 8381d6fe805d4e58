// Whatever comes over the cable, or stands in an image, the process ends in words and never in a memory error: our C
// runs under ASan and UBSan.

import test from "ava";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { CABLE_HEAD, Channel, Control, SerialOp, u32le, writeHead } from "../../platform/cable.js";
import { sanitizedProgram, selftestImage } from "./support.js";

const SEED = Number(process.env["SEED"] ?? 20261121);
const SANITIZER = /AddressSanitizer|runtime error|LeakSanitizer/;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts the host, waits until it is idle, writes the bytes and pulls the cable. */
async function end(image: string, bytes: Uint8Array, args: readonly string[] = ["--virtual"]): Promise<Ended> {
  const child = spawn(await sanitizedProgram(), ["--image", image, "--cable", "fd:3", ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const cable = child.stdio[3] as Socket;
  let stderr = "";
  child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
  cable.on("error", () => undefined);
  cable.once("data", () => cable.end(bytes));
  cable.on("data", () => undefined);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stderr };
}

function frame(channel: number, op: number, port: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CABLE_HEAD + payload.length);
  writeHead(bytes, 0, channel, op, port, payload.length);
  bytes.set(payload, CABLE_HEAD);
  return bytes;
}

const NOTHING = new Uint8Array(0);

const BROKEN: readonly {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: number;
  readonly says: RegExp;
}[] = [
  {
    name: "an unknown channel",
    bytes: frame(9, 0, 0, NOTHING),
    code: 69,
    says: /cable: a frame for channel 9, which does not exist/,
  },
  {
    name: "a frame too long",
    bytes: Uint8Array.of(1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff),
    code: 69,
    says: /cable: a frame of 4294967295 bytes; the most is 65536/,
  },
  {
    name: "a control frame for the harness",
    bytes: frame(Channel.control, Control.trace, 0, NOTHING),
    code: 69,
    says: /cable: control frame 3 is not for the terminal/,
  },
  {
    name: "RUN without a time",
    bytes: frame(Channel.control, Control.run, 0, NOTHING),
    code: 69,
    says: /cable: RUN of 0 bytes/,
  },
  {
    name: "a reply to nothing",
    bytes: frame(Channel.flash, 0x80, 0, NOTHING),
    code: 69,
    says: /cable: a reply on channel 2 that nobody asked for/,
  },
  {
    name: "an unknown port",
    bytes: frame(Channel.serial, SerialOp.data, 77, Uint8Array.of(1)),
    code: 70,
    says: /cable: channel 1 op 1 port 77 is not for the terminal/,
  },
  {
    name: "an unknown op",
    bytes: frame(Channel.serial, 9, 1, NOTHING),
    code: 70,
    says: /cable: serial op 9 with 0 bytes/,
  },
  {
    name: "credit for what was not sent",
    bytes: frame(Channel.serial, SerialOp.credit, 1, u32le(1)),
    code: 70,
    says: /cable: serial op 2 with 4 bytes/,
  },
  { name: "half a head", bytes: Uint8Array.of(1, 2, 3), code: 71, says: /^$/ },
];

for (const { name, bytes, code, says } of BROKEN)
  test(`${name} ends the process with a message`, async (t) => {
    const ended = await end(await selftestImage(), bytes);
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, says);
  });

test("time that goes back, and RUN in real time, are refused", async (t) => {
  const run = (us: number): Uint8Array => frame(Channel.control, Control.run, 0, u32le(us, 0));
  const back = await end(await selftestImage(), Buffer.concat([run(5000), run(4999)]));
  t.is(back.code, 69);
  t.regex(back.stderr, /cable: time goes back/);
  const real = await end(await selftestImage(), run(5000), []);
  t.is(real.code, 69);
  t.regex(real.stderr, /cable: RUN while time is real/);
});

test("random frames end the process in words", async (t) => {
  const image = await selftestImage();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc
            .tuple(fc.nat(5), fc.nat(4), fc.nat(2), fc.uint8Array({ maxLength: 30 }))
            .map(([channel, op, port, payload]) => frame(channel, op, port, payload)),
        ),
        { maxLength: 12 },
      ),
      async (parts) => {
        const ended = await end(image, Buffer.concat(parts));
        return [69, 70, 71].includes(ended.code ?? -1) && !SANITIZER.test(ended.stderr);
      },
    ),
    { numRuns: 25, seed: SEED },
  );
  t.log(`seed ${SEED}`);
  t.pass();
});

test("a damaged image is refused in words, without a memory error", async (t) => {
  const good = readFileSync(await selftestImage());
  const directory = mkdtempSync(join(tmpdir(), "sandogh-image-"));
  const path = join(directory, "damaged.xsi");
  // Lengths and counts only: byte code and its symbols are trusted, they are signed with the image.
  const firstModule = 16 + 4 * Math.ceil(good.readUInt32LE(12) / 4);
  const damages: Buffer[] = [
    good.subarray(0, 11),
    good.subarray(0, good.length - 4),
    Buffer.concat([good, Buffer.alloc(4)]),
    Buffer.alloc(20),
  ];
  for (const at of [8, 12, 16, firstModule, firstModule + 4, firstModule + 8])
    for (const value of [0, 1, 2, 0x7fffffff, 0xffffffff]) {
      const bytes = Buffer.from(good);
      bytes.writeUInt32LE(value, at);
      if (!bytes.equals(good)) damages.push(bytes);
    }
  for (const bytes of damages) {
    writeFileSync(path, bytes);
    const ended = await end(path, new Uint8Array(0));
    t.not(ended.stderr, "");
    t.is(ended.code, 69, ended.stderr);
    t.notRegex(ended.stderr, SANITIZER);
  }
  rmSync(directory, { recursive: true });
});
