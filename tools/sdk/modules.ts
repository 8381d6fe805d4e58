// The part of the SDK's manifest that is made and not written: which modules a role's image has. It comes from the same
// walk of the module graph as the desktop's image, so the same rules hold: what a role must not contain is in neither.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { store } from "../build/cache.js";
import { walk } from "../build/graph.js";
import { PACKAGES, isAboveThePlatform } from "../build/rules.js";
import { SODIUM_FILES, SODIUM_FLAGS, sodiumSource } from "../build/sources.js";
import { checkManifest, manifests } from "./manifests.js";

/** Made by `npx sandogh sdk`, included by platform/sdk/roles/<role>.json. */
export const SDK_DIRECTORY = "build/sdk";

/** The SDK's linker strips functions of their names, which a package may want: what it wants of them is written out. */
const NAMES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "cbor-x": [
    [
      "TypedArray.name.slice(0, -5)",
      '["Uint8", "Uint8Clamped", "Uint16", "Uint32", "BigUint64", "Int8", "Int16", "Int32", "BigInt64", "Float32", "Float64"][typedArrayTags.indexOf(tag)]',
    ],
  ],
};

function withoutNames(name: string, code: string): string {
  for (const [from, to] of NAMES[name] ?? []) {
    if (code.split(from).length !== 2) throw new Error(`${name}: the package has changed, see tools/sdk/modules.ts`);
    code = code.replace(from, () => to);
  }
  return code;
}

/** What has not changed is not written, or make would link everything again, under the feet of whoever runs it. */
function keep(path: string, content: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== content) store(path, content);
}

export interface SdkImage {
  readonly role: string;
  readonly platform: "lin" | "esp32";
}

export function sdkEntry({ role, platform }: SdkImage): string {
  return `platform/sdk/${platform}/main-${role}`;
}

/**
 * libsodium for the ESP32: the files that desktop and board compile, from the same pinned source, with their settings.
 * C_FLAGS takes the place of the makefile's own, so those stand first; the makefile's names are its to fill in.
 */
function sodium(): { readonly build: Readonly<Record<string, string>>; readonly files: readonly string[] } {
  const here = (flag: string): string =>
    flag.startsWith("-I") ? `-I$(SANDOGH)/${flag.slice(2)}` : flag.endsWith(".h") ? `$(SANDOGH)/${flag}` : flag;
  const settings = SODIUM_FLAGS.filter((flag) => !/^-[Ow]/.test(flag)).map(here);
  return {
    build: {
      C_FLAGS: ["$(C_COMMON_FLAGS)", "-Wno-implicit-function-declaration", "-std=gnu17", ...settings].join(" "),
    },
    files: SODIUM_FILES.map((name) => `$(SANDOGH)/${sodiumSource(name)}`),
  };
}

/** Writes the list of modules and the bundled packages; returns the manifest's path. Throws ForbiddenImport. */
export async function writeModules(image: SdkImage): Promise<string> {
  manifests().forEach((path) => checkManifest(path));
  const directory = join(SDK_DIRECTORY, image.platform, image.role);
  mkdirSync(directory, { recursive: true });
  const entry = sdkEntry(image);
  const modules: Record<string, string | readonly string[]> = {};
  const preload: string[] = [];
  for (const { specifier, code } of await walk(image.role, entry)) {
    if (PACKAGES.includes(specifier) || isAboveThePlatform(specifier)) preload.push(specifier);
    if (PACKAGES.includes(specifier)) {
      keep(join(directory, `${specifier}.js`), withoutNames(specifier, code));
      keep(
        join(directory, `${specifier}.d.ts`),
        `export * from ${JSON.stringify(relative(directory, join("node_modules", specifier, "index.js")))};\n`,
      );
      modules[specifier] = `./${specifier}`;
    } else modules[specifier] = `$(SANDOGH)/${specifier}`;
  }
  const path = join(directory, "modules.json");
  const { build, files } = image.platform === "esp32" ? sodium() : { build: {}, files: [] };
  if (files.length > 0) modules["*"] = files;
  keep(path, `${JSON.stringify({ build, creation: { main: entry }, modules, preload }, undefined, "\t")}\n`);
  return path;
}
