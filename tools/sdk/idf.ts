// What a build for the ESP32 needs beside the Moddable SDK, and what of it is missing: ESP-IDF, a toolchain for the
// ESP32-S3, cmake, ninja, ESP-IDF's Python packages, and the components that the manifest pins.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The release that SDK 8.2.3 is made for. */
export const IDF_VERSION = "6.0";
const TOOLCHAIN = "xtensa-esp32s3-elf";

/** Submodules that are in the image, each by a file that it must have. */
const SUBMODULES: readonly (readonly [string, string])[] = [
  ["components/heap/tlsf", "tlsf.c"],
  ["components/lwip/lwip", "src/core/tcp.c"],
  ["components/mbedtls/mbedtls", "tf-psa-crypto/core/psa_crypto.c"],
];

export interface IdfPlaces {
  readonly idf: string;
  /** Its bin/ holds xtensa-esp32s3-elf-gcc; on PATH when absent. */
  readonly toolchain?: string | undefined;
  /** Holds a folder for each pinned component; ESP-IDF's component manager fetches them when absent. */
  readonly components?: string | undefined;
}

export interface Pinned {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

/** Components from outside of ESP-IDF, as the manifest of the reference terminal pins them. */
export function pinnedComponents(text = readFileSync("platform/sdk/esp32/manifest.json", "utf8")): readonly Pinned[] {
  const { platforms } = JSON.parse(text) as {
    readonly platforms: Readonly<Record<string, { readonly dependency?: readonly Readonly<Record<string, string>>[] }>>;
  };
  return Object.values(platforms)
    .flatMap(({ dependency }) => dependency ?? [])
    .flatMap(({ namespace = "espressif", name, version = "" }) =>
      name === undefined ? [] : [{ namespace, name, version: version.replace(/^==/, "") }],
    );
}

/** Folders in which the SDK's make finds what it calls by name, before those of PATH. */
export function idfFolders({ idf, toolchain }: IdfPlaces): readonly string[] {
  const bin = toolchain === undefined ? [] : [join(resolve(toolchain), "bin")];
  return [...bin, join(resolve(idf), "tools")];
}

export function idfEnvironment({ idf, components }: IdfPlaces): Readonly<Record<string, string>> {
  return {
    IDF_PATH: resolve(idf),
    // those that are in the image are looked for here; the radio's and the examples' need not be there
    IDF_SKIP_CHECK_SUBMODULES: "1",
    ...(components === undefined ? {} : { IDF_COMPONENT_MANAGER: "0" }),
  };
}

interface Answer {
  readonly isThere: boolean;
  readonly status: number | null;
  readonly said: string;
}

function ask(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Answer {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: "utf8" });
  return { isThere: error === undefined, status, said: error === undefined ? `${stdout}${stderr}`.trim() : "" };
}

const clone =
  "git clone -b v6.0 --recursive https://github.com/espressif/esp-idf.git, as the SDK's documentation for the ESP32 says";

/** Of the folder itself. */
function ofIdf(idf: string, env: NodeJS.ProcessEnv): string[] {
  const version = join(idf, "tools", "cmake", "version.cmake");
  if (!existsSync(join(idf, "tools", "idf.py")) || !existsSync(version))
    return [`${idf} is not the folder of an ESP-IDF: ${clone}`];
  const [, major, minor] = /MAJOR (\d+)[^]*MINOR (\d+)/.exec(readFileSync(version, "utf8")) ?? [];
  if (`${major}.${minor}` !== IDF_VERSION)
    return [`the ESP-IDF at ${idf} is ${major}.${minor}, and the SDK wants ${IDF_VERSION}: ${clone}`];
  // git looks for .git in the folders above, too, and would tell the version of what it finds there; describe wants
  // a tag
  // with a message
  const tag = `cd ${idf} && git init && git commit --allow-empty -m v6.0 && git tag -am v6.0 v6.0`;
  if (!existsSync(join(idf, ".git")))
    return [`the ESP-IDF at ${idf} has no .git, and the SDK's makefile asks git for its version: clone it, or ${tag}`];
  const { isThere, status, said } = ask("git", ["-C", idf, "describe", "--always", "--abbrev=0"], env);
  if (!isThere) return ["git is not installed, and the SDK's makefile asks it for ESP-IDF's version"];
  const [what = ""] = said.split("\n");
  if (status !== 0) return [`git does not read the ESP-IDF at ${idf}: ${what}`];
  if (!new RegExp(`^v${IDF_VERSION.replace(".", "\\.")}(\\D|$)`).test(what))
    return [`git describes the ESP-IDF at ${idf} as ${what}, not v${IDF_VERSION}: git fetch --tags`];
  const empty = SUBMODULES.filter(([place, file]) => !existsSync(join(idf, place, file))).map(([place]) => place);
  return empty.length === 0
    ? []
    : [`submodules of ESP-IDF are empty: ${empty.join(", ")}: git -C ${idf} submodule update --init --recursive`];
}

function ofPrograms(places: IdfPlaces, env: NodeJS.ProcessEnv): string[] {
  const lacks: string[] = [];
  const absent = ["gcc", "g++", "ar", "objdump"]
    .map((name) => `${TOOLCHAIN}-${name}`)
    .filter((name) => !ask(name, ["--version"], env).isThere);
  if (absent.length > 0) {
    const where = places.toolchain === undefined ? "on PATH" : `in ${join(places.toolchain, "bin")}`;
    lacks.push(`${absent.join(", ")} not ${where}: ESP-IDF's install.sh esp32s3, or name a toolchain's folder`);
  }
  for (const [program, debian] of [
    ["make", "make"],
    ["cmake", "cmake"],
    ["ninja", "ninja-build"],
    ["bash", "bash"],
    ["perl", "perl"],
  ] as const)
    if (!ask(program, ["--version"], env).isThere) lacks.push(`${program} not on PATH (Debian: ${debian})`);
  if (!ask("python", ["--version"], env).isThere)
    lacks.push("python not on PATH (under this name; Debian: python-is-python3, or ESP-IDF's export.sh)");
  return lacks;
}

/** ESP-IDF knows what it needs of Python. */
function ofPython(idf: string, env: NodeJS.ProcessEnv): string[] {
  const { isThere, status, said } = ask("python", [join(idf, "tools/idf_tools.py"), "check-python-dependencies"], env);
  if (!isThere || status === 0) return [];
  const names = [...said.matchAll(/requirement '([^']+)'/gi)].map((match) => match[1]!);
  const what = names.length > 0 ? names.sort().join(", ") : said.replace(/\n+/g, "; ");
  return [`Python packages of ESP-IDF: ${what}: run ${join(idf, "install.sh")} esp32s3, then . export.sh`];
}

function ofComponents({ components }: IdfPlaces, env: NodeJS.ProcessEnv): string[] {
  if (components === undefined)
    return ask("python", ["-c", "import idf_component_manager"], env).status === 0
      ? []
      : [
          "ESP-IDF's component manager (Python: idf-component-manager): install it, or name a folder that holds " +
            pinnedComponents().map(componentName).join(", "),
        ];
  return pinnedComponents().flatMap((pinned) => {
    const place = componentPlace(components, pinned);
    if (place === undefined) return [`${componentName(pinned)} is not in ${components}`];
    const [, version = "of no version"] =
      /^version: *"?([\w.]+)/m.exec(readFileSync(join(place, "idf_component.yml"), "utf8")) ?? [];
    return version === pinned.version
      ? []
      : [`${place} is ${version}, and the manifest pins ${pinned.version} of ${componentName(pinned)}`];
  });
}

export function componentName({ namespace, name }: Pinned): string {
  return `${namespace}__${name}`;
}

/** A component's folder in the folder of components, under its long name or its short one. */
export function componentPlace(components: string, pinned: Pinned): string | undefined {
  return [componentName(pinned), pinned.name]
    .map((name) => join(resolve(components), name))
    .find((path) => existsSync(join(path, "idf_component.yml")) && existsSync(join(path, "CMakeLists.txt")));
}

/** All that is missing, each with what to do; none when a build can begin. */
export function missingForIdf(places: IdfPlaces): readonly string[] {
  const path = [...idfFolders(places), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, ...idfEnvironment(places), PATH: path };
  const idf = resolve(places.idf);
  const folder = ofIdf(idf, env);
  const programs = ofPrograms(places, env);
  const python = existsSync(join(idf, "tools/idf_tools.py")) ? ofPython(idf, env) : [];
  return [...folder, ...programs, ...python, ...ofComponents(places, env)];
}

/** What keeps `make` from beginning at all, as far as it can be seen at once. */
export function idfIsMissing(idf: string | undefined): string | undefined {
  if (idf === undefined || idf === "") return `IDF_PATH is not set: install ESP-IDF v${IDF_VERSION}, ${clone}`;
  return ofIdf(resolve(idf), process.env)[0];
}
