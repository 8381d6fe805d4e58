// The C driver of NOR chips against the parts of five makers: what it is told by a chip that is busy, asleep,
// protected, large, or not what it seems.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { SpiNor } from "../../sim/board/spi-nor.js";
import { NorChip } from "../../sim/nor.js";
import { type NorPart, norPart, norParts } from "../../sim/nor-part.js";

const directory = mkdtempSync(join(tmpdir(), "sandogh-nor-"));
const tool = join(directory, "tool");

test.before(() => {
  const sources = ["test/devices/nor-tool.c", "platform/native/nor.c"];
  const flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fsanitize=address,undefined"];
  const { status, stderr } = spawnSync(process.env["CC"] ?? "cc", [...flags, ...sources, "-o", tool], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
});

test.after.always(() => rmSync(directory, { recursive: true, force: true }));

interface Opened {
  readonly size: number;
  readonly id: readonly number[];
  readonly wasProtected: boolean;
  readonly isProtected: boolean;
}

/** The driver as a microcontroller has it after a reset. */
class Driver {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #spi: SpiNor;
  #received = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  transfers = 0;

  constructor(chip: NorChip) {
    this.#spi = new SpiNor(chip);
    this.#process = spawn(tool);
    this.#process.stdout.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake?.();
    });
  }

  async open(): Promise<Opened | undefined> {
    const { good, bytes } = await this.#ask("o");
    if (!good) return undefined;
    return {
      size: bytes.readUInt32LE(0),
      id: [...bytes.subarray(4, 7)],
      wasProtected: bytes[7] === 1,
      isProtected: bytes[8] === 1,
    };
  }

  async read(address: number, length: number): Promise<number[] | undefined> {
    const { good, bytes } = await this.#ask("r", address, length);
    return good ? [...bytes] : undefined;
  }

  async program(address: number, data: Uint8Array): Promise<boolean> {
    return (await this.#ask("p", address, data.length, data)).good;
  }

  async erase(sector: number): Promise<boolean> {
    return (await this.#ask("e", sector)).good;
  }

  close(): void {
    this.#process.kill();
  }

  async #ask(
    op: string,
    address = 0,
    length = 0,
    data: Uint8Array = new Uint8Array(0),
  ): Promise<{ readonly good: boolean; readonly bytes: Buffer }> {
    const head = Buffer.alloc(9);
    head.write(op, 0, "latin1");
    head.writeUInt32LE(address, 1);
    head.writeUInt32LE(length, 5);
    this.#process.stdin.write(Buffer.concat([head, data]));
    for (;;) {
      const kind = (await this.#take(1)).toString("latin1");
      const [first, second] = [(await this.#take(4)).readUInt32LE(), (await this.#take(4)).readUInt32LE()];
      if (kind === "R") return { good: first === 1, bytes: await this.#take(second) };
      this.transfers++;
      this.#process.stdin.write(this.#spi.transfer(new Uint8Array(await this.#take(first)), second));
    }
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#received.length < length) await new Promise<void>((resolve) => (this.#wake = resolve));
    const bytes = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return bytes;
  }
}

async function withDriver(chip: NorChip, work: (driver: Driver) => Promise<void>): Promise<void> {
  const driver = new Driver(chip);
  try {
    await work(driver);
  } finally {
    driver.close();
  }
}

const chipOf = (part: NorPart): NorChip => new NorChip({ size: part.size, part });

/** Reads, programs across a page, erases; at an address that needs all its bytes. */
async function serves(driver: Driver, chip: NorChip): Promise<boolean> {
  const at = chip.size - 4096 + 250;
  const programmed = await driver.program(
    at,
    Uint8Array.from({ length: 300 }, (_, i) => i & 0xff),
  );
  const back = await driver.read(at - 1, 302);
  const isRight = back?.every((byte, i) => byte === (i === 0 || i === 301 ? 0xff : (i - 1) & 0xff)) === true;
  const erased = await driver.erase(chip.size / 4096 - 1);
  return programmed && isRight && erased && chip.cells.subarray(-4096).every((cell) => cell === 0xff);
}

for (const part of norParts) {
  test(`${part.name}: named, and written at its end`, async (t) => {
    const chip = chipOf(part);
    await withDriver(chip, async (driver) => {
      t.deepEqual(await driver.open(), { size: part.size, id: part.id, wasProtected: false, isProtected: false });
      t.true(await serves(driver, chip));
      t.is(chip.counters.misuses, 0);
    });
  });

  // one of each maker
  if (norParts.find(({ id }) => id[0] === part.id[0]) !== part) continue;
  for (const how of ["blocks", "complement", "individual"] as const) {
    if (how === "complement" && !part.hasComplement) continue;
    if (how === "individual" && !part.hasIndividual) continue;
    test(`${part.name}, protected (${how}): cleared, said, and nothing else of its registers changed`, async (t) => {
      const chip = chipOf(part);
      const delivered = chip.registers.status1;
      chip.registers.status2 = 0x02;
      chip.registers.protect(how);
      await withDriver(chip, async (driver) => {
        t.like(await driver.open(), { wasProtected: true, isProtected: false });
        t.true(await serves(driver, chip));
        t.like(await driver.open(), { wasProtected: true }, "said until the microcontroller starts again");
      });
      t.is(chip.registers.status1, delivered);
      t.is(chip.registers.status2, 0x02, "quad enable");
      chip.powerOff();
      await withDriver(chip, async (driver) => {
        t.like(await driver.open(), { wasProtected: how === "individual" });
        t.true(await serves(driver, chip));
      });
    });
  }
}

const part = norPart("W25Q128JV");

test("a chip that is busy when the microcontroller starts is waited for, and is not reset meanwhile", async (t) => {
  const chip = chipOf(part);
  for (const looks of [1, 2, 50]) {
    chip.registers.busyLooks = looks;
    await withDriver(chip, async (driver) => {
      t.is((await driver.open())?.size, part.size, `${looks}`);
      t.true(await serves(driver, chip));
    });
  }
});

test("one that never gets ready is no chip, within a bounded number of looks; and one again when it does", async (t) => {
  const chip = chipOf(part);
  chip.registers.busyLooks = Infinity;
  await withDriver(chip, async (driver) => {
    t.is(await driver.open(), undefined);
    t.true(driver.transfers <= 102, `${driver.transfers}`);
    chip.registers.busyLooks = 0;
    t.is((await driver.open())?.size, part.size);
    chip.registers.busyLooks = Infinity;
    t.is(await driver.read(0, 1), undefined);
    t.false(await driver.program(0, Uint8Array.of(1)));
    t.false(await driver.erase(0));
  });
});

test("a chip in power-down is woken", async (t) => {
  const chip = chipOf(part);
  chip.registers.isDown = true;
  await withDriver(chip, async (driver) => {
    t.is((await driver.open())?.size, part.size);
    t.true(await serves(driver, chip));
  });
});

test("a write-enable latch that does not take, and protection set behind the driver's back: refused, not reported done", async (t) => {
  for (const name of ["W25Q128JV", "GD25Q128E", "IS25LP128F", "MT25QL128A"]) {
    const chip = chipOf(norPart(name));
    await withDriver(chip, async (driver) => {
      await driver.open();
      chip.registers.protect("blocks");
      t.false(await driver.program(0, Uint8Array.of(0)), name);
      t.false(await driver.erase(0), name);
      chip.registers.status1 = 0;
      chip.registers.isLatchStuck = true;
      t.false(await driver.program(0, Uint8Array.of(0)), name);
      t.false(await driver.erase(0), name);
      chip.registers.isLatchStuck = false;
      t.true(await driver.program(0, Uint8Array.of(0)), name);
    });
  }
});

test("no chip, a chip that is pulled, and another one in its place", async (t) => {
  const chip = chipOf(part);
  chip.present = false;
  await withDriver(chip, async (driver) => {
    t.is(await driver.open(), undefined);
    chip.present = true;
    t.is((await driver.open())?.size, part.size);
    chip.present = false;
    t.is(await driver.open(), undefined);
    t.is(await driver.read(0, 1), undefined);
    t.false(await driver.program(0, Uint8Array.of(0)));
    t.false(await driver.erase(0));
  });
});

test("a part without a parameter table that can be believed is not guessed at", async (t) => {
  for (const size of [0, 1024, 256 * 1024 * 1024]) {
    const chip = new NorChip({ size: 65536, part: { ...part, size } });
    await withDriver(chip, async (driver) => {
      t.is(await driver.open(), undefined, `${size}`);
    });
  }
});
