// Which C files make the host, and with what flags.

export const XS = "node_modules/@agoric/xsnap/moddable/xs";
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
  "crypto_box/crypto_box.c",
  "crypto_box/crypto_box_easy.c",
  "crypto_box/crypto_box_seal.c",
  "crypto_box/curve25519xsalsa20poly1305/box_curve25519xsalsa20poly1305.c",
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
  ].map((name) => `${HOST}/${name}`),
  ...["arguments.c", "crypto.c", "records.c", "tally-key.c", ...PAINTING, "generator.c"].map(
    (name) => `${NATIVES}/${name}`,
  ),
  `${HOST}/world.c`,
];

const PLATFORM = [`${DESKTOP}/linux.c`, `${DESKTOP}/cable-flash.c`, `${DESKTOP}/desktop.c`];

export const PARSER_FILES = /^xs(Lexical|Syntaxical|Scope|Tree|Code|Script|SourceMap)\.c$/;

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
export const ENGINE_INCLUDES = [XS + "/includes", XS + "/platforms", XS + "/sources"];

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
  /** Objects and programs go here. */
  readonly directory: string;
  readonly sanitize: boolean;
  /** Links the seeded generator. Never in a product image. */
  readonly simulation: boolean;
}

export const HOST_VARIANT: HostVariant = { directory: "build/host", sanitize: false, simulation: true };
/** As a product would be linked: no seeded generator, no option that asks for it. */
export const PRODUCT_VARIANT: HostVariant = { directory: "build/host-product", sanitize: false, simulation: false };
export const ASAN_VARIANT: HostVariant = { directory: "build/host-asan", sanitize: true, simulation: true };

/** The engine's interpreter with small changes, see interpreter.ts. */
export const INTERPRETER = "xsRun.c";
export const INTERPRETER_CHANGED = "build/host/xsRun-changed.c";

function engine(files: readonly string[], keep: (name: string) => boolean): Unit[] {
  return files
    .filter((name) => name.endsWith(".c") && keep(name))
    .map((name) => ({
      source: name === INTERPRETER ? INTERPRETER_CHANGED : `${XS}/sources/${name}`,
      flags: [...COMMON_FLAGS, "-O2", "-w", ...ENGINE_FLAGS, ...ENGINE_INCLUDES.map((path) => `-I${path}`)],
      ours: false,
    }));
}

function ours(files: readonly string[], variant: HostVariant): Unit[] {
  const flags = [
    ...COMMON_FLAGS,
    "-O2",
    ...WARNINGS,
    ...ENGINE_FLAGS,
    ...ENGINE_INCLUDES.flatMap((path) => ["-isystem", path]),
    "-isystem",
    "build/host/include",
    "-isystem",
    `${SODIUM}/include`,
    ...(variant.simulation ? ["-DSANDOGH_SIMULATION=1"] : []),
    ...(variant.sanitize ? SANITIZE : []),
  ];
  return files.map((source) => ({ source, flags, ours: true }));
}

/** `engineFiles`: the names in the engine's folder of sources. */
export function programs(engineFiles: readonly string[], variant: HostVariant): readonly Program[] {
  const sodium = SODIUM_FILES.map((name) => ({
    source: sodiumSource(name),
    flags: [...COMMON_FLAGS, ...SODIUM_FLAGS],
    ours: false,
  }));
  const link = ["-Wl,--gc-sections", "-lm", "-lpthread", ...(variant.sanitize ? SANITIZE : [])];
  const terminal: Program = {
    name: "terminal",
    units: [
      ...engine(engineFiles, (name) => !PARSER_FILES.test(name)),
      ...sodium,
      ...ours([...PORTABLE, ...PLATFORM], variant),
    ],
    link,
  };
  // One compiler is enough.
  if (variant.directory !== HOST_VARIANT.directory) return [terminal];
  return [
    { name: "xsc", units: [...engine(engineFiles, () => true), ...ours([`${HOST}/xsc.c`], variant)], link },
    terminal,
  ];
}
