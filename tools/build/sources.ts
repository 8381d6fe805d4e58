// Which C files make the host, and with what flags.

import { readdirSync } from "node:fs";
import { join } from "node:path";

export const XS = "node_modules/@agoric/xsnap/moddable/xs";
export const BUILD = "build";

/** A build of XS. Byte code is of one engine: its compiler is made of the same sources, and lies in its folder. */
export interface Engine {
  readonly name: "npm" | "sdk";
  /** Folder of its includes, platforms and sources. */
  readonly xs: string;
  /** Of its images, eight characters: byte code of one engine is nothing to another. */
  readonly magic: string;
  /** Programs, images and boards that have this engine are built below this folder. */
  readonly build: string;
  /** Whether its interpreter's loop is ours: see interpreter.ts. It is, but for measurements. */
  readonly loop: "ours" | "its own";
}

export const NPM_ENGINE: Engine = { name: "npm", xs: XS, magic: "SNDGHXS2", build: BUILD, loop: "ours" };

/** The Moddable SDK's, `sdk` being its folder. */
export function sdkEngine(sdk: string): Engine {
  return { name: "sdk", xs: join(sdk, "xs"), magic: "SNDGHXSM", build: `${BUILD}/engine-sdk`, loop: "ours" };
}

/** The same with the interpreter's loop as its makers wrote it. */
export function withItsOwnLoop(engine: Engine): Engine {
  return { ...engine, build: `${BUILD}/engine-${engine.name}-own-loop`, loop: "its own" };
}

/** For our C: what its images begin with, where it is not what image.h says. */
export function imageFlags({ magic }: Engine): readonly string[] {
  return magic === NPM_ENGINE.magic ? [] : [`-DIMAGE_MAGIC="${magic}"`];
}

export const terminalOf = (engine: Engine): string => `${engine.build}/host/terminal`;
export const compilerOf = (engine: Engine): string => `${engine.build}/host/xsc`;
export const SODIUM = "build/libsodium/src/libsodium";
/** The host around the engine. */
export const HOST = "platform/xs";
/** What is done in C on every platform. */
export const NATIVES = "platform/native";
export const DESKTOP = "platform/desktop";
/** Folders whose headers any of our C may include by name. */
export const OWN_INCLUDES = [HOST, NATIVES];

/** BLAKE2b's rounds, and the same as a loop: see rolled-hash.ts. */
export const HASH = "crypto_generichash/blake2b/ref/blake2b-compress-ref.c";
export const HASH_ROLLED = "build/host/blake2b-rolled.c";

/** Whole files of the reference implementation; the linker drops what nobody calls. */
export const SODIUM_FILES = [
  "crypto_aead/chacha20poly1305/sodium/aead_chacha20poly1305.c",
  "crypto_box/crypto_box.c",
  "crypto_box/crypto_box_easy.c",
  "crypto_box/crypto_box_seal.c",
  "crypto_box/curve25519xsalsa20poly1305/box_curve25519xsalsa20poly1305.c",
  "crypto_auth/hmacsha256/auth_hmacsha256.c",
  "crypto_core/ed25519/ref10/ed25519_ref10.c",
  "crypto_core/hsalsa20/core_hsalsa20.c",
  "crypto_core/hsalsa20/ref2/core_hsalsa20_ref2.c",
  "crypto_core/salsa/ref/core_salsa_ref.c",
  "crypto_generichash/blake2b/generichash_blake2.c",
  HASH,
  "crypto_generichash/blake2b/ref/blake2b-ref.c",
  "crypto_generichash/blake2b/ref/generichash_blake2b.c",
  "crypto_generichash/crypto_generichash.c",
  "crypto_hash/crypto_hash.c",
  "crypto_hash/sha256/cp/hash_sha256_cp.c",
  "crypto_hash/sha256/hash_sha256.c",
  "crypto_hash/sha512/cp/hash_sha512_cp.c",
  "crypto_hash/sha512/hash_sha512.c",
  "crypto_onetimeauth/poly1305/donna/poly1305_donna.c",
  "crypto_onetimeauth/poly1305/onetimeauth_poly1305.c",
  "crypto_scalarmult/crypto_scalarmult.c",
  "crypto_scalarmult/curve25519/ref10/x25519_ref10.c",
  "crypto_scalarmult/curve25519/scalarmult_curve25519.c",
  "crypto_secretbox/crypto_secretbox.c",
  "crypto_secretbox/crypto_secretbox_easy.c",
  "crypto_secretbox/xsalsa20poly1305/secretbox_xsalsa20poly1305.c",
  "crypto_shorthash/siphash24/ref/shorthash_siphashx24_ref.c",
  "crypto_sign/ed25519/ref10/keypair.c",
  "crypto_sign/ed25519/ref10/open.c",
  "crypto_sign/ed25519/ref10/sign.c",
  "crypto_sign/ed25519/sign_ed25519.c",
  "crypto_stream/chacha20/ref/chacha20_ref.c",
  "crypto_stream/chacha20/stream_chacha20.c",
  "crypto_stream/salsa20/ref/salsa20_ref.c",
  "crypto_stream/salsa20/stream_salsa20.c",
  "crypto_stream/xsalsa20/stream_xsalsa20.c",
  "crypto_verify/sodium/verify.c",
  "randombytes/randombytes.c",
  "sodium/runtime.c",
  "sodium/utils.c",
];

/** Where a file of libsodium is compiled from. */
export const sodiumSource = (name: string): string => (name === HASH ? HASH_ROLLED : `${SODIUM}/${name}`);

/** What sets, places and paints texts and screens: most of what is done in C while somebody waits. */
export const PAINTING = ["blend.c", "box.c", "fill.c", "glyphs.c", "layout.c", "mask.c", "typeset.c"];

/** Ours and portable: the same on a board. */
export const PORTABLE = [
  ...[
    "image.c",
    "machine.c",
    "typed-array.c",
    "turn.c",
    "wipe.c",
    "natives.c",
    "refuse.c",
    "cable.c",
    "terminal.c",
    "run.c",
    "random.c",
    "simulated-fuses.c",
  ].map((name) => `${HOST}/${name}`),
  ...[
    "arguments.c",
    "crypto.c",
    "records.c",
    "tally-key.c",
    ...PAINTING,
    "generator.c",
    "fuses.c",
    "sodium-random.c",
  ].map((name) => `${NATIVES}/${name}`),
  `${HOST}/world.c`,
];

const PLATFORM = [`${DESKTOP}/linux.c`, `${DESKTOP}/cable-flash.c`, `${DESKTOP}/desktop.c`];

export const PARSER_FILES = /^xs(Lexical|Syntaxical|Scope|Tree|Code|Script|SourceMap)\.c$/;

/** A part of xsMath.c, which includes it. */
const INCLUDED = "xsum.c";

/** Files of the engine that are compiled. */
export function engineFiles({ xs }: Engine): readonly string[] {
  return readdirSync(join(xs, "sources")).filter((name) => name.endsWith(".c") && name !== INCLUDED);
}

export const ENGINE_FLAGS = [
  "-DINCLUDE_XSPLATFORM",
  '-DXSPLATFORM="xs-platform.h"',
  "-DmxRun=1",
  "-DmxSloppy=1",
  "-DmxMinusZero=1",
  "-DmxNoConsole=1",
  "-DmxBoundsCheck=1",
  "-DmxLockdown=1",
  "-DmxParse=1",
  "-D_GNU_SOURCE",
];

const COMMON_FLAGS = [
  "-std=gnu11",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-common",
  ...OWN_INCLUDES.map((path) => `-I${path}`),
];
export const engineIncludes = ({ xs }: Engine): string[] => [`${xs}/includes`, `${xs}/platforms`, `${xs}/sources`];

export const SODIUM_FLAGS = [
  "-O2",
  "-w",
  "-DCONFIGURED=1",
  "-DNATIVE_LITTLE_ENDIAN=1",
  "-DRANDOMBYTES_CUSTOM_IMPLEMENTATION=1",
  "-include",
  `${HOST}/sodium-settings.h`,
  `-I${SODIUM}/include/sodium`,
  `-I${SODIUM}/include`,
  `-I${SODIUM}/crypto_generichash/blake2b/ref`,
  "-Ibuild/host/include",
  "-Ibuild/host/include/sodium",
];

export const WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wstrict-prototypes", "-Wvla"];

/** ASan and UBSan for our own C only: the engine stops under both of them for reasons of its own. */
const SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"];

export interface Unit {
  readonly source: string;
  readonly flags: readonly string[];
  /** Ours: rebuilt when a header of ours changes. */
  readonly ours: boolean;
}

export interface Program {
  readonly name: string;
  readonly units: readonly Unit[];
  readonly link: readonly string[];
}

export interface HostVariant {
  readonly engine: Engine;
  /** Objects and programs go here. */
  readonly directory: string;
  readonly sanitize: boolean;
  /** Links the seeded generator. Never in a product image. */
  readonly simulation: boolean;
}

export function hostVariant(engine: Engine): HostVariant {
  return { engine, directory: `${engine.build}/host`, sanitize: false, simulation: true };
}

export const HOST_VARIANT = hostVariant(NPM_ENGINE);
/** As a product would be linked: no seeded generator, no option that asks for it. */
export const PRODUCT_VARIANT: HostVariant = { ...HOST_VARIANT, directory: "build/host-product", simulation: false };
export const ASAN_VARIANT: HostVariant = { ...HOST_VARIANT, directory: "build/host-asan", sanitize: true };

/** The engine's interpreter with small changes, see interpreter.ts. */
export const INTERPRETER = "xsRun.c";
export const interpreterOf = ({ build }: Engine): string => `${build}/host/xsRun-changed.c`;

function engineUnits(engine: Engine, files: readonly string[], keep: (name: string) => boolean): Unit[] {
  return files.filter(keep).map((name) => ({
    source: name === INTERPRETER ? interpreterOf(engine) : `${engine.xs}/sources/${name}`,
    flags: [...COMMON_FLAGS, "-O2", "-w", ...ENGINE_FLAGS, ...engineIncludes(engine).map((path) => `-I${path}`)],
    ours: false,
  }));
}

function ours(files: readonly string[], variant: HostVariant): Unit[] {
  const flags = [
    ...COMMON_FLAGS,
    "-O2",
    ...WARNINGS,
    ...ENGINE_FLAGS,
    ...engineIncludes(variant.engine).flatMap((path) => ["-isystem", path]),
    "-isystem",
    "build/host/include",
    "-isystem",
    `${SODIUM}/include`,
    ...imageFlags(variant.engine),
    ...(variant.simulation ? ["-DSANDOGH_SIMULATION=1"] : []),
    ...(variant.sanitize ? SANITIZE : []),
  ];
  return files.map((source) => ({ source, flags, ours: true }));
}

/** `files`: the engine's, by their names. */
export function programs(files: readonly string[], variant: HostVariant): readonly Program[] {
  const sodium = SODIUM_FILES.map((name) => ({
    source: sodiumSource(name),
    flags: [...COMMON_FLAGS, ...SODIUM_FLAGS],
    ours: false,
  }));
  const link = ["-Wl,--gc-sections", "-lm", "-lpthread", ...(variant.sanitize ? SANITIZE : [])];
  const terminal: Program = {
    name: "terminal",
    units: [
      ...engineUnits(variant.engine, files, (name) => !PARSER_FILES.test(name)),
      ...sodium,
      ...ours([...PORTABLE, ...PLATFORM], variant),
    ],
    link,
  };
  // One compiler is enough.
  if (variant.directory !== hostVariant(variant.engine).directory) return [terminal];
  return [
    {
      name: "xsc",
      units: [...engineUnits(variant.engine, files, () => true), ...ours([`${HOST}/xsc.c`], variant)],
      link,
    },
    terminal,
  ];
}
