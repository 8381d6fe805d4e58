// The ceremony of keys: each is made in a folder of its own, which then goes its own way. The secret half is readable
// by the owner alone; a key below the authority's has a certificate that names its kind.

import { generateKeyPairSync, randomFillSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { equalBytes, fromHex, toHex } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto, type SignKeyPair } from "../../firmware/crypto/crypto.js";
import { type KeyKind, readKey, signKey } from "../../firmware/device/certificate.js";
import { referencePrimitives } from "../crypto/reference.js";
import { type ElectionKeys, KeysProblem } from "../package/keys.js";

const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => void randomFillSync(out) });

/** Also the folders' names. The image keys have an RSA key besides, for the ESP32's secure boot. */
export const folders = {
  authority: undefined,
  "ballot-image": "ballotImage",
  "identity-image": "identityImage",
  factory: "factory",
  issuer: "issuer",
  collector: "collector",
  registry: "registry",
  escrow: "escrow",
  audit: "audit",
  station: "station",
  "executive-release": "executiveRelease",
  "supervision-release": "supervisionRelease",
} as const satisfies Record<string, KeyKind | undefined>;
export type KeyFolder = keyof typeof folders;
export const keyFolders = Object.keys(folders) as KeyFolder[];

const boxes: readonly KeyFolder[] = ["escrow", "audit"];
const names = { secret: "secret.key", public: "public.key", certificate: "certificate.cbor", rsa: "rsa-3072.pem" };
/** Bits of the ESP32-S3's secure boot version 2. */
const rsaBits = 3072;

/**
 * Makes the key of this kind in `directory`/`folder`; `authority`: the folder of the authority's, for its certificate.
 * Throws KeysProblem when there is something already, or no authority.
 */
export function makeKey(directory: string, folder: KeyFolder, authority: string | undefined): void {
  const own = join(directory, folder);
  if (existsSync(own)) throw new KeysProblem(`${own}: is there already; a key is made once`);
  const kind = folders[folder];
  const signer = kind === undefined ? undefined : signPair(readSecret(authority ?? join(directory, "authority")));
  const seed = crypto.random(32);
  const { publicKey } = boxes.includes(folder) ? crypto.boxKeyPair(seed) : crypto.signKeyPair(seed);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  writeFileSync(join(own, names.secret), `${toHex(seed)}\n`, { mode: 0o600, flag: "wx" });
  // its terminals share it: it has no public half
  if (folder !== "station") writeFileSync(join(own, names.public), `${toHex(publicKey)}\n`);
  if (signer !== undefined && kind !== undefined) {
    const key = folder === "station" ? crypto.sha256(seed) : publicKey;
    writeFileSync(join(own, names.certificate), signKey(crypto, { kind, key, epoch: 0 }, signer.secretKey));
  }
  if (folder === "ballot-image" || folder === "identity-image") {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: rsaBits });
    writeFileSync(join(own, names.rsa), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  }
}

function signPair(seed: Uint8Array): SignKeyPair {
  return crypto.signKeyPair(seed);
}

function readHex(path: string): Uint8Array {
  if (!existsSync(path)) throw new KeysProblem(`${path}: is not there; bring the folder of that key`);
  const key = fromHex(readFileSync(path, "utf8").trim());
  if (key?.length !== 32) throw new KeysProblem(`${path}: expected 64 hexadecimal digits`);
  return key;
}

function readSecret(folder: string): Uint8Array {
  return readHex(join(folder, names.secret));
}

/** A folder that a ceremony has made keys in. */
export function isCeremony(directory: string): boolean {
  return existsSync(join(directory, "authority")) && !existsSync(join(directory, "election-keys.json"));
}

/** The issuer's public half, which the authority's certificate beside it is for. */
function issuerKeyIn(directory: string): Uint8Array {
  const folder = join(directory, "issuer");
  const key = readHex(join(folder, names.public));
  const path = join(folder, names.certificate);
  if (!existsSync(path)) throw new KeysProblem(`${path}: is not there; bring the folder of that key`);
  const authorityKey = readHex(join(directory, "authority", names.public));
  const read = readKey(crypto, new Uint8Array(readFileSync(path)), "issuer", authorityKey);
  if (!read.ok) throw new KeysProblem(`${path}: ${read.error.what}`);
  if (!equalBytes(read.value.key, key)) throw new KeysProblem(`${path}: is for another key than ${names.public}`);
  return key;
}

/**
 * The keys that lie in the folders of `directory`. What is not there is asked for, with KeysProblem and its path, only
 * when something needs it: the packager needs no secret but the authority's. `epoch`: number of the election.
 */
export function ceremonyKeys(directory: string, epoch = 1): ElectionKeys {
  const secretOf = (folder: KeyFolder): Uint8Array => readSecret(join(directory, folder));
  const publicOf = (folder: KeyFolder): Uint8Array => readHex(join(directory, folder, names.public));
  const sign = (folder: KeyFolder): SignKeyPair => ({
    get publicKey() {
      return publicOf(folder);
    },
    get secretKey() {
      return crypto.signKeyPair(secretOf(folder)).secretKey;
    },
  });
  const box = (folder: KeyFolder): BoxKeyPair => ({
    get publicKey() {
      return publicOf(folder);
    },
    get secretKey() {
      return crypto.boxKeyPair(secretOf(folder)).secretKey;
    },
  });
  return {
    election: new Uint8Array(16),
    authority: sign("authority"),
    factory: {
      get certificate() {
        const path = join(directory, "factory", names.certificate);
        if (!existsSync(path)) throw new KeysProblem(`${path}: is not there; bring the folder of that key`);
        return new Uint8Array(readFileSync(path));
      },
      get secretKey() {
        return crypto.signKeyPair(secretOf("factory")).secretKey;
      },
    },
    escrow: box("escrow"),
    audit: box("audit"),
    get officials(): never {
      throw new KeysProblem(`${directory}: real officials have cards of their own; name them with --officials`);
    },
    collector: sign("collector"),
    get cards() {
      return { issuerKey: issuerKeyIn(directory), epoch, revoked: new Uint8Array(0) };
    },
    get station() {
      return secretOf("station");
    },
  };
}
