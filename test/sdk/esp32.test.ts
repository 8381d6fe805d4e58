// The project for the ESP32 as the SDK's tools generate it, without ESP-IDF. What only a compiler for the chip can tell
// is told by nobody here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import anyTest from "ava";
import { SODIUM_FILES, sodiumSource } from "../../tools/build/sources.js";
import { esp32Project } from "../../tools/sdk/build.js";
import { componentPlace, pinnedComponents } from "../../tools/sdk/idf.js";
import { HEADERS, SDK_FOLDERS } from "./esp32-headers.js";
import { sdkTest } from "./support.js";

const test = sdkTest();
const FLASH = 16 * 1024 * 1024;

test.serial("the merged configuration has the lines of the reference terminal and of a release", async (t) => {
  t.timeout(120_000);
  const { sdkconfig, warnings } = await esp32Project();
  t.deepEqual(warnings, []);
  const lines = new Map(
    readFileSync(sdkconfig, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("CONFIG_"))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const on = [
    "ESPTOOLPY_FLASHSIZE_16MB",
    "SPIRAM",
    "SPIRAM_MODE_OCT",
    "PARTITION_TABLE_CUSTOM",
    "APP_NO_BLOBS",
    "ESP_TASK_WDT_EN",
    "ESP_TASK_WDT_PANIC",
    "ESP_CONSOLE_NONE",
    "ESP_CONSOLE_SECONDARY_NONE",
    "ESP_SYSTEM_PANIC_SILENT_REBOOT",
    "ESP_COREDUMP_ENABLE_TO_NONE",
    "SECURE_BOOT",
    "SECURE_BOOT_V2_ENABLED",
    "SECURE_FLASH_ENC_ENABLED",
    "SECURE_FLASH_ENCRYPTION_MODE_RELEASE",
    "SECURE_DISABLE_ROM_DL_MODE",
    "NVS_ENCRYPTION",
    "NVS_SEC_KEY_PROTECT_USING_FLASH_ENC",
  ];
  for (const name of on) t.is(lines.get(`CONFIG_${name}`), "y", name);
  const off = [
    "ESPTOOLPY_FLASHSIZE_4MB",
    "BT_ENABLED",
    "ESP_SYSTEM_PANIC_GDBSTUB",
    "ESP_COREDUMP_ENABLE_TO_UART",
    "ESP_DEBUG_STUBS_ENABLE",
    "SECURE_BOOT_BUILD_SIGNED_BINARIES",
  ];
  for (const name of off) t.true(["", "n"].includes(lines.get(`CONFIG_${name}`) ?? "absent"), name);
});

test.serial("compiling it without ESP-IDF says what to install", async (t) => {
  const kept = process.env["IDF_PATH"];
  delete process.env["IDF_PATH"];
  t.teardown(() => {
    if (kept !== undefined) process.env["IDF_PATH"] = kept;
  });
  await t.throwsAsync(esp32Project({ make: true }), { message: /^IDF_PATH is not set: install ESP-IDF v6\.0/ });
});

test.serial(
  "partitions lie in 16 MB behind the table, apart from each other, images where the chip can map them",
  async (t) => {
    const { partitions, sdkconfig } = await esp32Project();
    const table = Number(/^CONFIG_PARTITION_TABLE_OFFSET=(.*)$/m.exec(readFileSync(sdkconfig, "utf8"))?.[1]);
    const rows = readFileSync(partitions, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .map((line) => line.split(",").map((field) => field.trim()));
    t.deepEqual(
      rows.map((row) => row[0]),
      ["nvs", "otadata", "nvs_keys", "ota_0", "ota_1", "main_0", "main_1"],
    );
    let end = table + 0x1000;
    for (const [name, type, , offset, size] of rows) {
      t.true(Number(offset) >= end, `${name} overlaps what is before it`);
      t.is(Number(offset) % (type === "app" ? 0x10000 : 0x1000), 0, name);
      end = Number(offset) + Number(size);
    }
    t.true(end <= FLASH);
  },
);

test.serial(
  "the project compiles our C and the role's modules, and its TypeScript keeps to the SDK's own declarations",
  async (t) => {
    t.timeout(120_000);
    const { directory } = await esp32Project();
    const makefile = readFileSync(join(directory, "makefile"), "utf8");
    for (const name of [
      "uart",
      "panel",
      "network",
      "nor-bus",
      "nor",
      "entropy",
      "health",
      "erasing-generator",
      "clock",
      "wipe",
      "crypto",
      "blend",
      "box",
      "fill",
      "glyphs",
      "mask",
      "generator",
      "tally-key",
      "sodium-random",
      ...SODIUM_FILES.map((name) => basename(sodiumSource(name), ".c")),
    ])
      t.true(makefile.includes(`$(TMP_DIR)/${name}.c.o`), name);
    for (const name of ["loop", "linux", "cable", "cable-flash", "refuse", "world", "random", "ethernet", "w5500_api"])
      t.false(makefile.includes(`$(TMP_DIR)/${name}.c.o`), name);
    t.false(makefile.includes("espressif/libsodium"));
    t.regex(makefile, /^BUILD_DEPENDENCIES = .*"espressif\/w5500==1\.0\.1"$/m);
    t.regex(makefile, /^CREATION = -c 2097152,0,98304,0,2048,512,0,.*platform\/sdk\/esp32\/main-ballot,24576$/m);
    const components = readFileSync(join(directory, "xs_idf_deps.txt"), "utf8").split(/[ ()]/);
    for (const name of ["esp_eth", "esp_netif", "esp_event", "lwip", "espressif__w5500"])
      t.true(components.includes(name), name);
    const linked = makefile
      .split("\n")
      .filter((line) => /^\t\$\((?:MODULES_DIR|TMP_DIR)\)\/\S+\.(?:xsb|o)\\?$/.test(line))
      .join("\n");
    t.true(linked.includes("platform/sdk/esp32/platform.xsb"));
    t.notRegex(linked, /wi-?fi|bluetooth|\bble\b/i);
    const { status, stderr } = spawnSync(
      process.execPath,
      ["tools/sdk/compile.js", "-p", join(directory, "modules/platform/sdk/esp32/main-ballot-tsconfig.json")],
      { encoding: "utf8" },
    );
    t.is(stderr, "");
    t.is(status, 0);
  },
);

test.serial("every native function that a module of the image names is in a C file of the project", async (t) => {
  const { directory } = await esp32Project();
  const makefile = readFileSync(join(directory, "makefile"), "utf8");
  const sources = (target: RegExp): string[] => [...makefile.matchAll(target)].map((match) => match[1]!);
  const c = sources(/^\$\(TMP_DIR\)\/\S+\.c\.o: (\/\S+\/platform\/\S+\.c) /gm)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const named = sources(/^\$\(MODULES_DIR\)\/(platform\/\S+)\.xsb: (?!\$)\S+\.js$/gm).flatMap((specifier) =>
    [...readFileSync(`${specifier}.js`, "utf8").matchAll(/@ "(xs_\w+)"/g)].map((match) => match[1]!),
  );
  t.true(named.length > 30);
  for (const name of named) t.regex(c, new RegExp(`^void ${name}\\(xsMachine\\* *the\\)`, "m"), name);
});

test.serial(
  "the identity role's project has its own modules and texts, none of the ballot's, and keeps to the SDK's declarations",
  async (t) => {
    t.timeout(240_000);
    const has = async (
      role: "ballot" | "identity",
    ): Promise<{ readonly makefile: string; readonly modules: (prefix: string) => boolean }> => {
      const { directory, warnings } = await esp32Project({ role });
      t.deepEqual(warnings, []);
      const makefile = readFileSync(join(directory, "makefile"), "utf8");
      const listed = [...makefile.matchAll(/^\$\(MODULES_DIR\)\/(\S+)\.xsb: /gm)].map((match) => match[1]!);
      t.true(listed.includes(`firmware/roles/${role}`));
      if (role === "identity") {
        const { status, stderr } = spawnSync(
          process.execPath,
          ["tools/sdk/compile.js", "-p", join(directory, "modules/platform/sdk/esp32/main-identity-tsconfig.json")],
          { encoding: "utf8" },
        );
        t.deepEqual([status, stderr], [0, ""]);
      }
      return { makefile, modules: (prefix) => listed.some((name) => name === prefix || name.startsWith(`${prefix}/`)) };
    };
    const identity = await has("identity");
    const ballot = await has("ballot");
    for (const folder of ["firmware/roll", "firmware/checkin", "ui/desk"])
      t.deepEqual([identity.modules(folder), ballot.modules(folder)], [true, false], folder);
    for (const folder of ["firmware/vault", "firmware/session", "firmware/cast", "firmware/tally", "ui/slip"])
      t.deepEqual([identity.modules(folder), ballot.modules(folder)], [false, true], folder);
    t.true(
      identity.makefile.includes("build/text/identity/ui.bin") &&
        !ballot.makefile.includes("build/text/identity/ui.bin"),
    );
  },
);

test.serial("the SDK's makefile has the folders in which the C's headers are said to lie", async (t) => {
  const { directory } = await esp32Project();
  const folders = makefileFolders(directory, "/idf").map((folder) => relative("/idf/components", folder) || ".");
  for (const folder of SDK_FOLDERS) t.true(folders.includes(folder), folder);
  if (idf === undefined || !existsSync(join(idf, "components"))) return;
  for (const [name, { component, folder }] of Object.entries(HEADERS))
    if (!pinnedComponents().some((pinned) => pinned.name === component)) {
      t.true(existsSync(join(idf, "components", folder, name)), name);
      t.true(existsSync(join(idf, "components", component, "CMakeLists.txt")), component);
    }
});

// ---- the C files against ESP-IDF's headers: no code is made, and the compiler is one for another chip ----

const C_FILES = ["uart", "panel", "network", "nor-bus", "entropy", "clock"];
const COMPILER = "riscv64-unknown-elf-gcc";
const XS = "node_modules/@agoric/xsnap/moddable/xs";
/** What menuconfig would write, as far as the headers ask. */
const SDKCONFIG = [
  "IDF_TARGET_ESP32S3=1",
  "IDF_TARGET_ARCH_XTENSA=1",
  "FREERTOS_HZ=1000",
  "FREERTOS_MAX_TASK_NAME_LEN=16",
  "FREERTOS_NUMBER_OF_CORES=2",
  "FREERTOS_TASK_NOTIFICATION_ARRAY_ENTRIES=1",
  "FREERTOS_IDLE_TASK_STACKSIZE=1024",
  "FREERTOS_TIMER_TASK_PRIORITY=1",
  "FREERTOS_TIMER_QUEUE_LENGTH=10",
  "FREERTOS_TIMER_TASK_STACK_DEPTH=2048",
  "FREERTOS_QUEUE_REGISTRY_SIZE=0",
  "FREERTOS_ISR_STACKSIZE=2100",
  "FREERTOS_THREAD_LOCAL_STORAGE_POINTERS=1",
  "FREERTOS_TLSP_DELETION_CALLBACKS=1",
  "LOG_MAXIMUM_LEVEL=3",
  "LOG_DEFAULT_LEVEL=3",
  "ETH_ENABLED=1",
  "ETH_USE_SPI_ETHERNET=1",
];

const idf = process.env["IDF_PATH"];
const missing =
  idf === undefined || !existsSync(join(idf, "components"))
    ? "IDF_PATH is not set"
    : spawnSync("sh", ["-c", `command -v ${COMPILER}`]).status !== 0
      ? `there is no ${COMPILER}`
      : undefined;
if (missing !== undefined) process.stderr.write(`skipped: the ESP32's C files against ESP-IDF's headers: ${missing}\n`);

/** The folders that the generated makefile gives the compiler for ESP-IDF's headers, and no others. */
function makefileFolders(directory: string, idfPath: string): readonly string[] {
  const query = `include ${join(directory, "makefile")}\n$(foreach dir,$(INC_DIRS),$(info >$(dir)))\nnothing: ;`;
  const { stdout, stderr } = spawnSync("make", ["-rR", "-f", "-", "IDF_VERSION=v6.0", "nothing"], {
    input: query,
    encoding: "utf8",
    env: { ...process.env, IDF_PATH: idfPath },
  });
  const folders = [...stdout.matchAll(/^>(.*)$/gm)].map((match) => match[1]!);
  if (folders.length === 0) throw new Error(stderr);
  return folders;
}

(missing === undefined ? test.serial : anyTest.skip)("the ESP32's C files agree with ESP-IDF's headers", async (t) => {
  t.timeout(120_000);
  const { directory } = await esp32Project();
  const includes = makefileFolders(directory, idf!)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => ["-isystem", folder]);
  const components = process.env["SANDOGH_COMPONENTS"];
  if (components !== undefined)
    for (const pinned of pinnedComponents())
      includes.push("-isystem", join(componentPlace(components, pinned)!, "include"));
  const ours = [
    "-Iplatform/xs",
    "-Iplatform/native",
    "-Itest/sdk",
    "-isystem",
    "platform/board/include",
    ...["includes", "platforms", "sources"].flatMap((folder) => ["-isystem", `${XS}/${folder}`]),
    "-isystem",
    "build/libsodium/src/libsodium/include",
    "-isystem",
    "build/host/include",
  ];
  const flags = [
    "-march=rv32imac",
    "-misa-spec=2.2",
    "-mabi=ilp32",
    "--specs=picolibc.specs",
    "-std=gnu11",
    "-fsyntax-only",
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Werror",
  ];
  const defines = [
    "-D__XTENSA__=1",
    "-DINCLUDE_XSPLATFORM",
    '-DXSPLATFORM="xs-platform.h"',
    ...SDKCONFIG.map((each) => `-DCONFIG_${each}`),
  ];
  // the pinned component's headers are ESP-IDF's component manager's to fetch, or SANDOGH_COMPONENTS names their folder
  for (const name of C_FILES.filter((each) => each !== "network" || components !== undefined)) {
    const { status, stderr } = spawnSync(
      COMPILER,
      [...flags, ...defines, ...ours, ...includes, `platform/sdk/esp32/${name}.c`],
      { encoding: "utf8", maxBuffer: 1 << 24 },
    );
    t.is(status, 0, `${name}.c\n${stderr.slice(0, 4000)}`);
  }
});
