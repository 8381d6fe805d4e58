// npx sandogh sdk link without an ESP-IDF: what is missing is named, an old image is never taken for a new one, and the
// sizes of a linked program are read from its sections. A folder with a shell script stands in for the SDK.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { prepareSodium } from "../../tools/build/host.js";
import { exitCode } from "../../tools/command-line/complaint.js";
import { run } from "../../tools/program.js";
import { esp32Project } from "../../tools/sdk/build.js";
import { unheard } from "../../tools/sdk/configuration.js";
import { ElfError, sectionsOf } from "../../tools/sdk/elf.js";
import { IDF_VERSION, missingForIdf, pinnedComponents } from "../../tools/sdk/idf.js";
import { type Linked, assess, internalAtRunTime, memoryOf } from "../../tools/sdk/memory.js";

const KIB = 1024;

interface Teardown {
  teardown(act: () => void): void;
}

function folderOf(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-link-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function put(path: string, text = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function script(path: string, lines: string): void {
  put(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
}

function git(folder: string, ...args: readonly string[]): void {
  const who = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "init.defaultBranch=x"];
  const { status, stderr } = spawnSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

const [major, minor] = IDF_VERSION.split(".");

/** A folder that looks like an ESP-IDF of this version, as far as anybody looks. */
function idfIn(folder: string, version: readonly string[] = [major!, minor!]): string {
  const idf = join(folder, "esp-idf");
  put(join(idf, "tools/idf.py"));
  put(join(idf, "tools/idf_tools.py"), "");
  put(
    join(idf, "tools/cmake/version.cmake"),
    `set(IDF_VERSION_MAJOR ${version[0]})\nset(IDF_VERSION_MINOR ${version[1]})\nset(IDF_VERSION_PATCH 0)\n`,
  );
  for (const file of [
    "heap/tlsf/tlsf.c",
    "lwip/lwip/src/core/tcp.c",
    "mbedtls/mbedtls/tf-psa-crypto/core/psa_crypto.c",
  ])
    put(join(idf, "components", file));
  return idf;
}

function tagged(idf: string, tag = `v${IDF_VERSION}`): string {
  git(idf, "init", "-q");
  git(idf, "commit", "-q", "--allow-empty", "-m", "x");
  git(idf, "tag", "-am", tag, tag);
  return idf;
}

/** Every program that is asked for its version, and ESP-IDF's Python packages, as if they were there. */
function programsIn(folder: string): string {
  const bin = join(folder, "toolchain", "bin");
  for (const name of ["gcc", "g++", "ar", "objdump"]) script(join(bin, `xtensa-esp32s3-elf-${name}`), "exit 0");
  for (const name of ["cmake", "ninja", "make", "perl", "python"]) script(join(bin, name), "exit 0");
  return join(folder, "toolchain");
}

function componentsIn(folder: string, version = pinnedComponents()[0]!.version): string {
  const components = join(folder, "components");
  for (const { name } of pinnedComponents()) {
    put(join(components, name, "idf_component.yml"), `version: "${version}"\n`);
    put(join(components, name, "CMakeLists.txt"));
  }
  return components;
}

test("with all in place nothing is missing", (t) => {
  const folder = folderOf(t);
  const places = { idf: tagged(idfIn(folder)), toolchain: programsIn(folder), components: componentsIn(folder) };
  t.deepEqual(missingForIdf(places), []);
});

test("each thing that is missing is named with what to do, all at once", (t) => {
  const folder = folderOf(t);
  const idf = tagged(idfIn(folder));
  rmSync(join(idf, "components/lwip/lwip"), { recursive: true });
  const toolchain = programsIn(folder);
  for (const name of ["g++", "objdump"]) rmSync(join(toolchain, "bin", `xtensa-esp32s3-elf-${name}`));
  script(
    join(toolchain, "bin/python"),
    "echo \"Error while checking requirement 'esptool'. Package was not found\"; exit 1",
  );
  const components = componentsIn(folder, "1.0.0");
  const missing = missingForIdf({ idf, toolchain, components });
  t.is(missing.length, 4, missing.join("\n"));
  t.regex(missing[0]!, /submodules .* components\/lwip\/lwip: git -C .* submodule update --init/);
  t.regex(missing[1]!, /xtensa-esp32s3-elf-g\+\+, xtensa-esp32s3-elf-objdump not in .*: .*install\.sh esp32s3/);
  t.regex(missing[2]!, /Python packages of ESP-IDF: .*esptool.*: run .*install\.sh/);
  t.regex(missing[3]!, /w5500 is 1\.0\.0, and the manifest pins 1\.0\.1/);
  const without = missingForIdf({ idf, toolchain, components: folder });
  t.regex(without.at(-1)!, /espressif__w5500 is not in /);
  t.regex(missingForIdf({ idf, toolchain }).at(-1)!, /component manager .*: install it, or name a folder/);
});

test("an ESP-IDF that is none, another, without git's history, or in another's: what to do is said", (t) => {
  const folder = folderOf(t);
  const toolchain = programsIn(folder);
  const components = componentsIn(folder);
  const said = (idf: string): string => missingForIdf({ idf, toolchain, components })[0] ?? "nothing";
  t.regex(said(join(folder, "nowhere")), /is not the folder of an ESP-IDF: git clone -b v6\.0/);
  t.regex(said(idfIn(join(folder, "old"), ["5", "4"])), /is 5\.4, and the SDK wants 6\.0: git clone/);
  const unpacked = idfIn(join(folder, "above"));
  t.regex(
    said(unpacked),
    /has no \.git, .* asks git for its version: clone it, or cd .* && git init .* git tag -am v6\.0 v6\.0/,
  );
  // git would look in the folder above and find that one's version
  tagged(join(folder, "above"));
  t.regex(said(unpacked), /has no \.git/);
  t.regex(said(tagged(idfIn(join(folder, "shallow")), "x")), /describes .* as x, not v6\.0: git fetch --tags/);
  const made = idfIn(join(folder, "followed"));
  git(made, "init", "-q");
  t.regex(said(made), /git does not read|describes/);
  t.is(said(tagged(idfIn(join(folder, "good")))), "nothing");
});

/** Commands of the fake SDK's mcconfig: it finds the folders of its results behind -o, as the real one does. */
function sdkIn(folder: string, commands: string): string {
  const sdk = join(folder, "sdk");
  put(join(sdk, "tools/mcconfig.js"));
  put(join(sdk, "tools/VERSION"), "8.2.3\n");
  script(
    join(sdk, "build/bin/lin/release/mcconfig"),
    `while [ "$1" != "-o" ]; do shift; done
name=$(basename "$PWD")
bin="$2/bin/esp32/reference_terminal/release/$name"
made="$2/tmp/esp32/reference_terminal/release/$name/xsProj-esp32s3/build"
mkdir -p "$bin" "$made/bootloader" "$made/partition_table"
${commands}`,
  );
  return sdk;
}

const compiled = `for each in xs_esp32.elf xs_esp32.bin ota_data_initial.bin bootloader/bootloader.bin \\
  partition_table/partition-table.bin; do echo new > "$made/$each"; done`;
/** As the SDK's makefile: whatever ESP-IDF's build came to. */
const copied = `for each in "$made/xs_esp32.bin" "$made/ota_data_initial.bin" "$made/bootloader/bootloader.bin" \\
  "$made/partition_table/partition-table.bin"; do cp "$each" "$bin" 2> /dev/null; done
exit 0`;

test.serial("a compile that breaks after a good one is a failed build, and leaves no image behind", async (t) => {
  const folder = folderOf(t);
  const idf = tagged(idfIn(folder));
  const kept = process.env["MODDABLE"];
  t.teardown(() => {
    if (kept === undefined) delete process.env["MODDABLE"];
    else process.env["MODDABLE"] = kept;
  });
  prepareSodium();
  const build = (commands: string) => {
    process.env["MODDABLE"] = sdkIn(folder, commands);
    return esp32Project({ role: "identity", make: true, places: { idf, components: componentsIn(folder) } });
  };
  const { outputs } = await build(`${compiled}\n${copied}`);
  t.is(readFileSync(outputs.image, "utf8"), "new\n");
  await t.throwsAsync(build(`echo "main.c:1: error: broken" >&2\n${copied}`), {
    message: /did not make xs_esp32\.elf, xs_esp32\.bin, bootloader\.bin, [^]*main\.c:1: error: broken/,
  });
  t.throws(() => readFileSync(outputs.image), { code: "ENOENT" });
  // one that was kept somewhere and laid back with its old time
  const aged = `${compiled}\n${copied.replace("exit 0", "")}\ntouch -d 2020-01-01 "$bin/xs_esp32.bin"\nexit 0`;
  await t.throwsAsync(build(aged), { message: /did not make xs_esp32\.bin\n/ });
  await t.notThrowsAsync(build(`${compiled}\n${copied}`));
});

test.serial("called without what it needs: a line for each thing, and code 2", async (t) => {
  const folder = folderOf(t);
  const idf = idfIn(folder);
  delete process.env["MODDABLE"];
  let said = "";
  const streams = { out: () => undefined, err: (text: string) => void (said += text), isTerminal: false, columns: 100 };
  const call = async (...args: readonly string[]): Promise<number> => {
    said = "";
    return run(["sdk", "link", ...args], { streams });
  };
  t.is(await call("--idf", idf, "--toolchain", programsIn(folder), "--components", componentsIn(folder)), 2);
  t.regex(said, /^missing: MODDABLE is not set: [^\n]*\nmissing: the ESP-IDF at [^\n]* has no \.git[^\n]*\n/);
  t.regex(said, /\nsandogh sdk link: 2 things are missing, named above\n$/);
  process.env["MODDABLE"] = sdkIn(folder, "exit 0");
  t.is(await call("--idf", idf, "--toolchain", programsIn(folder), "--components", componentsIn(folder)), 2);
  t.regex(said, /^sandogh sdk link: the ESP-IDF at [^\n]* has no \.git[^\n]*\n$/);
  t.is(exitCode.wrongCall, 2);
  delete process.env["MODDABLE"];
});

test("a line of the configuration that ESP-IDF does not take is told", (t) => {
  const asked = [
    "CONFIG_A=y\nCONFIG_B=n\n# CONFIG_C is not set\nCONFIG_OFFSET=0x10000\nCONFIG_HIDDEN=n\n",
    'CONFIG_A=n\nCONFIG_NAME="x"\nCONFIG_KEY=y\n',
  ];
  const final = '# CONFIG_A is not set\nCONFIG_OFFSET=0x00010000\nCONFIG_NAME="x"\nCONFIG_HIDDEN=y\nCONFIG_OTHER=5\n';
  t.deepEqual(unheard(asked, final), ["CONFIG_HIDDEN=n was asked, and is y", "CONFIG_KEY=y was asked, and is n"]);
  t.deepEqual(unheard(asked, final.replace("HIDDEN=y", "KEY=y")), []);
});

// ---- sizes ----

interface Piece {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly isAllocated?: boolean;
  readonly isEmpty?: boolean;
}

/** A 32-bit ELF file with these sections and nothing in them. */
function elfOf(pieces: readonly Piece[]): Uint8Array {
  const all: readonly Piece[] = [
    { name: "", address: 0, size: 0, isAllocated: false },
    ...pieces,
    { name: ".shstrtab", address: 0, size: 0, isAllocated: false },
  ];
  const names = all.map(({ name }) => `${name}\0`).join("");
  const nameAt = 52;
  const tableAt = nameAt + names.length;
  const bytes = Buffer.alloc(tableAt + 40 * all.length);
  bytes.write("\x7fELF\x01\x01\x01", 0, "latin1");
  bytes.writeUInt32LE(tableAt, 32);
  bytes.writeUInt16LE(40, 46);
  bytes.writeUInt16LE(all.length, 48);
  bytes.writeUInt16LE(all.length - 1, 50);
  bytes.write(names, nameAt, "latin1");
  let place = 0;
  all.forEach(({ name, address, size, isAllocated = true, isEmpty = false }, index) => {
    const isNames = index === all.length - 1;
    [place, isEmpty ? 8 : 1, isAllocated ? 2 : 0, address, isNames ? nameAt : 0, isNames ? names.length : size].forEach(
      (value, field) => bytes.writeUInt32LE(value, tableAt + 40 * index + 4 * field),
    );
    place += name.length + 1;
  });
  return bytes;
}

const pieces: readonly Piece[] = [
  { name: ".iram0.vectors", address: 0x40374000, size: 0x403 },
  { name: ".iram0.text", address: 0x40374404, size: 59_000 },
  { name: ".dram0.dummy", address: 0x3fc88000, size: 60_000, isEmpty: true },
  { name: ".dram0.data", address: 0x3fc96000, size: 20_000 },
  { name: ".dram0.bss", address: 0x3fc9b000, size: 21_000, isEmpty: true },
  { name: ".flash.text", address: 0x42000020, size: 577_000 },
  { name: ".flash_rodata_dummy", address: 0x3c000020, size: 600_000, isEmpty: true },
  { name: ".flash.rodata", address: 0x3c0a0020, size: 1_376_000 },
  { name: ".ext_ram.bss", address: 0x3c200000, size: 4_096, isEmpty: true },
  { name: ".rtc.force_fast", address: 0x600fe000, size: 28 },
  { name: ".debug_info", address: 0, size: 9_000_000, isAllocated: false },
];

test("sections of a program go to the memories of their addresses", (t) => {
  const sections = sectionsOf(elfOf(pieces));
  t.is(sections.length, pieces.length + 2);
  const memories = sections.map((section) => [section.name, memoryOf(section), section.size]);
  t.deepEqual(
    memories.filter(([, memory]) => memory !== undefined),
    [
      [".iram0.vectors", "IRAM", 0x403],
      [".iram0.text", "IRAM", 59_000],
      [".dram0.data", "DRAM", 20_000],
      [".dram0.bss", "DRAM", 21_000],
      [".flash.text", "flash code", 577_000],
      [".flash.rodata", "flash data", 1_376_000],
      [".ext_ram.bss", "PSRAM", 4_096],
      [".rtc.force_fast", "RTC", 28],
    ],
  );
});

test("a real program's sections are those that binutils sees; what is no ELF is refused", (t) => {
  const object = join(folderOf(t), "a.o");
  const source = "char zero[4096]; int one[16] = { 1 }; int f(int a) { return one[a] + zero[a]; }";
  const cc = spawnSync("cc", ["-x", "c", "-c", "-", "-o", object], { input: source, encoding: "utf8" });
  t.is(cc.status, 0, cc.stderr);
  const { stdout } = spawnSync("objdump", ["-h", object], { encoding: "utf8" });
  const wanted = [...stdout.matchAll(/^ +\d+ (\S+) +([0-9a-f]{8}) /gm)].map((match) => [
    match[1]!,
    Number.parseInt(match[2]!, 16),
  ]);
  t.true(wanted.length > 3);
  const sizes = new Map(sectionsOf(readFileSync(object)).map(({ name, size }) => [name, size]));
  for (const [name, size] of wanted) t.is(sizes.get(String(name)), Number(size), String(name));
  t.is(sizes.get(".bss"), 4096);
  const bytes = readFileSync(object);
  t.throws(() => sectionsOf(Buffer.from("no program")), { instanceOf: ElfError });
  t.throws(() => sectionsOf(bytes.subarray(0, 100)), { instanceOf: ElfError });
  t.throws(() => sectionsOf(bytes.subarray(0, bytes.length - 64)), { instanceOf: ElfError });
});

function linked(changes: Partial<Linked> = {}): Linked {
  return {
    program: elfOf(pieces),
    imageLength: 2_031_616,
    bootloaderLength: 40_000,
    partitions: readFileSync("platform/sdk/esp32/sdkconfig/partitions.csv", "utf8"),
    manifest: readFileSync("manifest.json", "utf8"),
    sdkconfig: readFileSync("platform/sdk/esp32/sdkconfig/sdkconfig.defaults", "utf8"),
    figures: readFileSync("bench/board/FIGURES.md", "utf8"),
    ...changes,
  };
}

test("each limit is met by a program like the linked one, and broken by one that is too large", (t) => {
  const exceeded = (changes: Partial<Linked>): readonly string[] =>
    assess(linked(changes)).uses.flatMap(({ name, met }) => (met ? [] : [name]));
  const { uses } = assess(linked());
  t.deepEqual(exceeded({}), []);
  for (const { name, used, limit } of uses) t.true(used > 0 && limit > 0, name);
  const use = (name: string) => uses.find((each) => each.name.startsWith(name))!;
  t.is(use("IRAM").used, 0x403 + 59_000);
  t.is(use("DRAM").used, 41_000);
  // 31 pieces of 64 KiB, and the sector of the signature
  t.is(use("flash slot").used, 31 * 64 * KIB + 4 * KIB);
  t.is(use("flash slot").limit, 0x300000);
  t.is(use("bootloader").limit, 0x10000);
  t.true(internalAtRunTime.every(([, size]) => size > KIB));

  const larger = (name: string, size: number): Partial<Linked> => ({
    program: elfOf(pieces.map((piece) => (piece.name === name ? { ...piece, size } : piece))),
  });
  t.deepEqual(exceeded(larger(".iram0.text", 98 * KIB)), ["IRAM"]);
  t.deepEqual(exceeded(larger(".dram0.bss", 98 * KIB)), ["DRAM"]);
  t.deepEqual(exceeded(larger(".rtc.force_fast", 9_000)), ["RTC"]);
  t.deepEqual(exceeded(larger(".ext_ram.bss", 4_000 * KIB)), ["PSRAM: engine, its stack, picture"]);
  t.deepEqual(exceeded({ imageLength: 0x300000 - 4095 }), ["flash slot, padded and signed"]);
  t.deepEqual(exceeded({ bootloaderLength: 0xf001 }), ["bootloader, signed"]);
  t.deepEqual(exceeded({ bootloaderLength: 0xf000 }), []);
  const less = (from: RegExp, to: string): Partial<Linked> => ({ manifest: linked().manifest.replace(from, to) });
  t.deepEqual(exceeded(less(/"nativeStack": \d+/, '"nativeStack": 10240')), [
    "native stack, as the board's deepest by 1.5",
  ]);
  t.deepEqual(exceeded(less(/"heap": \{ "initial": 98304/, '"heap": { "initial": 1000')), [
    "engine's heap, the board's peak",
  ]);
  // nothing is taken for met because it could not be read
  t.deepEqual(exceeded({ figures: "" }), [
    "native stack, as the board's deepest by 1.5",
    "engine's heap, the board's peak",
  ]);
  t.deepEqual(exceeded({ partitions: "", sdkconfig: "" }), ["flash slot, padded and signed", "bootloader, signed"]);
});
