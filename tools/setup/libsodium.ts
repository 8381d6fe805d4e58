// libsodium's source as Debian ships it: the system's own package sources, read as source packages, with all of apt's
// state in a private folder, so that no root is needed and nothing of the system changes.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ARCHIVE = "libsodium_1.0.18.orig.tar.gz";
/** SHA-256 of the upstream archive inside the Debian source package. */
const ARCHIVE_SHA256 = "d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4";
const VERSIONS = ["1.0.18-1+deb12u1", "1.0.18-1"];

export const LIBSODIUM_DIRECTORY = "build/libsodium";
const MARK = join(LIBSODIUM_DIRECTORY, ".sha256");

/** True when the pinned source is unpacked. */
export function hasLibsodium(): boolean {
  return existsSync(MARK) && readFileSync(MARK, "utf8") === ARCHIVE_SHA256;
}

/** One-line format: "deb [options] uri suite components" becomes deb-src. */
function oneLine(text: string): string {
  return text
    .split("\n")
    .filter((line) => /^\s*deb\s/.test(line))
    .map((line) => line.replace(/^\s*deb\s/, "deb-src "))
    .join("\n");
}

/** deb822 format: stanzas with "Types: deb", possibly "Types: deb deb-src". */
function deb822(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => (/^Types:/i.test(line) ? "Types: deb-src" : line))
    .join("\n");
}

/** Only Debian's own sources: others have no libsodium and may need more than a source list. */
function writeSources(directory: string): boolean {
  let found = false;
  const list = "/etc/apt/sources.list";
  if (existsSync(list)) {
    const lines = oneLine(readFileSync(list, "utf8"));
    if (lines !== "") {
      writeFileSync(join(directory, "source.list"), `${lines}\n`);
      found = true;
    }
  }
  const parts = "/etc/apt/sources.list.d";
  for (const name of existsSync(parts) ? readdirSync(parts) : []) {
    if (!/^(debian|ubuntu)\.sources$/.test(name)) continue;
    writeFileSync(join(directory, `source-${name}`), deb822(readFileSync(join(parts, name), "utf8")));
    found = true;
  }
  return found;
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Downloads, checks and unpacks; returns what went wrong. */
export function fetchLibsodium(): string | undefined {
  const work = resolve("build/setup");
  const sources = join(work, "sources");
  rmSync(sources, { recursive: true, force: true });
  for (const directory of [sources, join(work, "lists/partial"), join(work, "cache/archives/partial")])
    mkdirSync(directory, { recursive: true });
  const archive = join(work, ARCHIVE);
  if (!existsSync(archive) || sha256(archive) !== ARCHIVE_SHA256) {
    rmSync(archive, { force: true });
    if (!writeSources(sources)) return "no package sources of Debian are configured";
    const options = [
      "Dir::Etc::SourceList=/dev/null",
      `Dir::Etc::SourceParts=${sources}`,
      `Dir::State::Lists=${work}/lists`,
      `Dir::Cache=${work}/cache`,
      "APT::Sandbox::User=",
    ];
    const apt = (...args: readonly string[]): boolean =>
      spawnSync("apt-get", [...options.flatMap((option) => ["-o", option]), ...args], {
        cwd: work,
        stdio: ["ignore", 2, 2],
      }).status === 0;
    apt("update");
    const packages = [...VERSIONS.map((version) => `libsodium=${version}`), "libsodium"];
    if (!packages.some((name) => apt("source", "--download-only", name))) return "apt-get source libsodium failed";
    if (!existsSync(archive)) return `the source package holds no ${ARCHIVE}`;
  }
  const found = sha256(archive);
  if (found !== ARCHIVE_SHA256) return `${ARCHIVE} has SHA-256 ${found}, not the pinned one; it is not used`;
  const fresh = `${LIBSODIUM_DIRECTORY}.new`;
  rmSync(fresh, { recursive: true, force: true });
  rmSync(LIBSODIUM_DIRECTORY, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  if (spawnSync("tar", ["xzf", archive, "-C", fresh, "--strip-components=1"], { stdio: ["ignore", 2, 2] }).status !== 0)
    return "tar failed";
  renameSync(fresh, LIBSODIUM_DIRECTORY);
  writeFileSync(MARK, ARCHIVE_SHA256);
  return undefined;
}
