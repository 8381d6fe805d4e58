// What the ESP32's build rests on, as far as the sources alone tell it: no SDK, no ESP-IDF. Whoever changes the C, the
// manifest or the configuration learns here what only a link would show.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { posix } from "node:path";
import test from "ava";
import { prepareSodium } from "../../tools/build/host.js";
import { SODIUM, SODIUM_FILES, sodiumSource } from "../../tools/build/sources.js";
import { pinnedComponents } from "../../tools/sdk/idf.js";
import { engineHeap, figure, partitionSize, reservedBy } from "../../tools/sdk/memory.js";
import { writeModules } from "../../tools/sdk/modules.js";
import { HEADERS, SDK_FOLDERS, SDK_SOURCES } from "./esp32-headers.js";

const DEVICE = "platform/sdk/esp32";
const NATIVES = "platform/native";

interface Manifest {
  readonly include?: readonly string[];
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly platforms: Readonly<
    Record<string, { readonly dependency?: readonly { readonly idf?: string; readonly name?: string }[] }>
  >;
}

const manifest = JSON.parse(readFileSync(`${DEVICE}/manifest.json`, "utf8")) as Manifest;
const portable = JSON.parse(readFileSync(`${NATIVES}/manifest.json`, "utf8")) as Manifest;
const named = (modules: Manifest["modules"]): readonly string[] => Object.values(modules).flat();
const ours = (directory: string, modules: Manifest["modules"]): readonly string[] =>
  named(modules)
    .filter((name) => name.startsWith("."))
    .map((name) => posix.join(directory, name))
    .flatMap((path) => [path, `${path}.c`])
    .filter((path) => path.endsWith(".c") && existsSync(path));

/** Every C file of ours in the ESP32's image, and the headers beside those that are written for it. */
const cFiles = [...ours(DEVICE, manifest.modules), ...ours(NATIVES, portable.modules)];
const headers = readdirSync(DEVICE)
  .filter((name) => name.endsWith(".h"))
  .map((name) => join(DEVICE, name));

const dependencies = new Set(
  Object.values(manifest.platforms)
    .flatMap(({ dependency }) => dependency ?? [])
    .map(({ idf, name }) => idf ?? name),
);

const STANDARD = /^(?:math|stddef|stdint|stdlib|string|time|stdio|limits)\.h$/;
/** Of the engine: the SDK's makefile has its folders. */
const ENGINE = /^(?:xs|xsmc|xsAll|xsHost)\.h$/;

test("every C file written for the ESP32 is in its manifest", (t) => {
  const written = readdirSync(DEVICE).filter((name) => name.endsWith(".c"));
  t.true(written.length > 5);
  for (const name of written) t.true(cFiles.includes(join(DEVICE, name)), name);
});

test("every header that the C includes is found by the SDK's makefile, and its component is a dependency", (t) => {
  prepareSodium();
  const seen = new Set<string>();
  for (const path of [...cFiles, ...headers])
    for (const [, quote, name] of readFileSync(path, "utf8").matchAll(/^#include ([<"])([^>"]+)[>"]/gm)) {
      const where = `${path}: ${name}`;
      if (STANDARD.test(name!)) continue;
      if (quote === "<") {
        const folders = [`${SODIUM}/include`, "build/host/include"];
        t.true(name!.startsWith("sodium/") && folders.some((folder) => existsSync(join(folder, name!))), where);
        continue;
      }
      if (ENGINE.test(name!) || existsSync(join(path, "..", name!))) continue;
      const header = HEADERS[name!];
      if (header === undefined) {
        t.fail(`${where} is not in esp32-headers.ts: which component, and does the SDK's makefile have its folder?`);
        continue;
      }
      seen.add(name!);
      const isPinned = pinnedComponents().some((pinned) => pinned.name === header.component);
      t.true(isPinned || SDK_FOLDERS.includes(header.folder), `${where}: the SDK's makefile has no ${header.folder}`);
      t.true(dependencies.has(header.component), `${where}: ${header.component} is no dependency in the manifest`);
    }
  t.deepEqual([...seen].sort(), Object.keys(HEADERS).sort());
});

test("what is taken of the SDK's C is known, and all of its modules and components with it", (t) => {
  const theirs = [...(manifest.include ?? []), ...named(manifest.modules)].filter((name) => name.startsWith("$("));
  t.true(theirs.length > 2);
  for (const name of theirs) {
    const source = SDK_SOURCES[name];
    if (source === undefined) {
      t.fail(`${name} is not in esp32-headers.ts: has it been linked with ESP-IDF 6, and what does it want?`);
      continue;
    }
    for (const specifier of source.modules) t.true(specifier in manifest.modules, `${name} wants ${specifier}`);
    for (const component of source.components) t.true(dependencies.has(component), `${name} wants ${component}`);
  }
});

test("every native that a module of the ESP32 names is in its C, and every one of its C is named", (t) => {
  const c = cFiles.map((path) => readFileSync(path, "utf8")).join("\n");
  const names = (folder: string): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [...readFileSync(join(folder, name), "utf8").matchAll(/@ "(xs_\w+)"/g)])
      .map((match) => match[1]!);
  const device = names(`${DEVICE}/native`);
  t.true(device.length > 15);
  for (const name of [...device, ...names(NATIVES)]) t.regex(c, new RegExp(`^void ${name}\\(xsMachine\\* the\\)`, "m"));
  const written = readdirSync(DEVICE)
    .filter((name) => name.endsWith(".c"))
    .flatMap((name) => [...readFileSync(join(DEVICE, name), "utf8").matchAll(/^void (xs_\w+)\(xsMachine\* the\)/gm)])
    .map((match) => match[1]!);
  for (const name of written) t.true(device.includes(name), name);
});

test("components from outside of ESP-IDF are pinned to one version, and none of them is libsodium", (t) => {
  const text = readFileSync(`${DEVICE}/manifest.json`, "utf8");
  const { platforms } = JSON.parse(text) as {
    readonly platforms: Readonly<Record<string, { readonly dependency: readonly Readonly<Record<string, string>>[] }>>;
  };
  const outside = Object.values(platforms).flatMap(({ dependency }) => dependency.filter(({ name }) => name));
  t.is(outside.length, pinnedComponents(text).length);
  for (const { name, version } of outside) {
    t.regex(version ?? "", /^==\d+\.\d+\.\d+$/, name);
    t.notRegex(name!, /sodium/, "its source is pinned by tools/setup/libsodium.ts");
  }
});

for (const role of ["ballot", "identity"] as const)
  test(`the ${role} role's list for the ESP32 has libsodium's pinned files and their settings`, async (t) => {
    prepareSodium();
    const made = JSON.parse(readFileSync(await writeModules({ role, platform: "esp32" }), "utf8")) as {
      readonly build: { readonly C_FLAGS: string };
      readonly modules: Readonly<Record<string, string | readonly string[]>>;
    };
    const files = (made.modules["*"] as readonly string[]).map((path) => path.replace("$(SANDOGH)/", ""));
    t.deepEqual(files, SODIUM_FILES.map(sodiumSource));
    for (const path of files) t.true(existsSync(path), path);
    // the SDK's objects lie in one folder
    const objects = [...files, ...cFiles].map((path) => basename(path));
    t.is(new Set(objects).size, objects.length);
    // the makefile's own flags stand in this variable, which takes their place
    t.true(made.build.C_FLAGS.startsWith("$(C_COMMON_FLAGS) "));
    for (const flag of ["-DRANDOMBYTES_CUSTOM_IMPLEMENTATION=1", "$(SANDOGH)/platform/xs/sodium-settings.h"])
      t.true(made.build.C_FLAGS.split(" ").includes(flag), flag);
    const c = cFiles.map((path) => readFileSync(path, "utf8")).join("\n");
    for (const symbol of [/^const randombytes_implementation sandogh_randombytes /m, /^void sodium_misuse\(void\)$/m])
      t.regex(c, symbol);
  });

function configuration(): ReadonlyMap<string, string> {
  const lines = ["sdkconfig.defaults", "sdkconfig.defaults.release"]
    .flatMap((name) => readFileSync(join(DEVICE, "sdkconfig", name), "utf8").split("\n"))
    .map((line) => /^CONFIG_(\w+)=(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [[match[1]!, match[2]!] as const]));
  return new Map(lines);
}

test("a release's configuration names what each protection rests on", (t) => {
  const lines = configuration();
  const on = (name: string): boolean => lines.get(name) === "y";
  /** Of ESP-IDF's choices: when the first is on, one of the others must be, for their default does not suit. */
  const choices: readonly (readonly [string, readonly string[]])[] = [
    // the chip has the HMAC peripheral, so the default wants a key that nobody burns
    ["NVS_ENCRYPTION", ["NVS_SEC_KEY_PROTECT_USING_FLASH_ENC", "NVS_SEC_KEY_PROTECT_USING_HMAC"]],
    ["SECURE_BOOT", ["SECURE_BOOT_V2_ENABLED"]],
    ["SECURE_FLASH_ENC_ENABLED", ["SECURE_FLASH_ENCRYPTION_MODE_RELEASE"]],
    ["SPIRAM", ["SPIRAM_MODE_OCT"]],
  ];
  for (const [name, others] of choices) {
    t.true(on(name), name);
    t.is(others.filter(on).length, 1, `${name} wants one of ${others.join(", ")}`);
  }
  // whoever names a symbol without a prompt is not heard: this one switches the radio's libraries off
  t.true(on("APP_NO_BLOBS") && lines.get("BT_ENABLED") === "n");
  t.false(lines.has("ESP_WIFI_ENABLED"));
  // the scheme by flash encryption keeps its keys in a partition of their own
  if (on("NVS_SEC_KEY_PROTECT_USING_FLASH_ENC")) {
    t.true(on("SECURE_FLASH_ENC_ENABLED"));
    t.true(partitionSize(readFileSync(`${DEVICE}/sdkconfig/partitions.csv`, "utf8"), "nvs_keys") >= 4096);
  }
  if (on("NVS_SEC_KEY_PROTECT_USING_HMAC")) t.true(lines.has("NVS_SEC_HMAC_EFUSE_KEY_ID"));
});

test("the memory that the manifest reserves holds what the board has needed", (t) => {
  const reserved = reservedBy(readFileSync("manifest.json", "utf8"));
  const figures = readFileSync("bench/board/FIGURES.md", "utf8");
  const MIB = 1024 * 1024;
  const [peak, stack] = [figure(figures, "heap, peak"), figure(figures, "stack, deepest")];
  t.true(peak > MIB && stack > 4096, "figures are read");
  // the arena of the design, as the board has it: a third more than the heap's goal, or every step is a collection
  t.is(engineHeap(reserved), 3.5 * MIB);
  t.true(engineHeap(reserved) >= 1.4 * peak, `${peak} bytes at the peak`);
  // the board draws chunks and slots from one arena; here each has a part of its own, which must not be a sliver
  t.true(reserved.chunks >= MIB && reserved.slots * 16 >= MIB);
  t.true(reserved.nativeStack >= 1.5 * stack, `${stack} bytes of C stack on the board`);
});

test("every pin of the module is used once, none that flash and PSRAM have", (t) => {
  const header = readFileSync(`${DEVICE}/pins.h`, "utf8");
  const list = /PANEL_DATA_PINS \{ ([\d, ]+) \}/.exec(header)![1]!.split(", ").map(Number);
  const single = [...header.matchAll(/_PIN (\d+)$/gm)].map((match) => Number(match[1]));
  const free = [
    ...Array.from({ length: 22 }, (_, pin) => pin),
    ...Array.from({ length: 11 }, (_, index) => 38 + index),
  ];
  t.deepEqual(
    [...list, ...single].sort((a, b) => a - b),
    free,
  );
});
