// What may import what. The graph of a role's image is walked from its entry; the first import that breaks a rule fails
// the build.

export interface Rule {
  /** Modules that the rule is about; a prefix of a specifier. */
  readonly from: string;
  /** Prefixes of specifiers that they must not import. */
  readonly never: readonly string[];
  /** Exceptions to `from`. */
  readonly except: readonly string[];
  readonly why: string;
}

/** Modules that the Moddable SDK provides, for its platforms' modules alone. */
export const SDK_MODULES = [
  "embedded:storage/flash",
  "embedded:io/socket/tcp",
  "ethernet",
  "mc/config",
  "Resource",
  "timer",
];

export function isSdkModule(from: string, specifier: string): boolean {
  return from.startsWith("platform/sdk/") && SDK_MODULES.includes(specifier);
}

const ABOVE_THE_PLATFORM = ["firmware/", "drivers/", "ui/"];

/** npm packages of the product. */
export const PACKAGES = ["cbor-x"];

/** And those that a role which is no product contains to be compared with. */
const COMPARED: Readonly<Record<string, readonly string[]>> = { trial: ["tweetnacl-es6"] };

export function isPackage(role: string, specifier: string): boolean {
  return PACKAGES.includes(specifier) || (COMPARED[role]?.includes(specifier) ?? false);
}

/**
 * Rooms of which nothing is in an image, nor in the C that is linked with it: what works with a terminal, and what
 * proves one.
 */
const OUTSIDE = ["office", "center", "sim", "tools", "test", "bench"];

export const LAYERS: readonly Rule[] = [
  {
    from: "firmware/",
    never: ["drivers/", "ui/"],
    except: ["firmware/roles/"],
    why: "dependencies point down; only firmware/roles wires drivers and screens",
  },
  ...ABOVE_THE_PLATFORM.map(
    (from): Rule => ({
      from,
      never: ["platform/", ...OUTSIDE.map((room) => `${room}/`)],
      except: [],
      why: "what is above the platform line knows no platform",
    }),
  ),
];

/** Prefixes of specifiers that must not be in the image of a role at all. */
export const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  ballot: ["firmware/roll", "firmware/checkin", "ui/desk"],
  identity: [
    "firmware/vault",
    "firmware/session",
    "firmware/cast",
    "firmware/tally",
    "firmware/election/package",
    "firmware/election/ballot",
    "firmware/access/activation",
    "firmware/access/cards",
    "ui/screen",
    "ui/slip",
    "ui/screens/voting",
    "ui/screens/review",
    "ui/screens/casting",
  ],
};

/** The room that keeps a module or file, by its path from the root, out of every image. */
export function roomOutside(path: string): string | undefined {
  return OUTSIDE.find((room) => matches(path, room));
}

export function isAboveThePlatform(specifier: string): boolean {
  return ABOVE_THE_PLATFORM.some((prefix) => specifier.startsWith(prefix));
}

/**
 * True for the specifier itself, for what lies in a folder of that name, and for any that begins with a prefix ending
 * in "/".
 */
export function matches(specifier: string, prefix: string): boolean {
  return specifier === prefix || specifier.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}
