// Keys of a test election. A real one's never lie together in a folder.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Crypto, type BoxKeyPair, type SignKeyPair } from "../../firmware/crypto/crypto.js";
import { sharesNeeded } from "../../firmware/crypto/tally-key.js";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { signKey } from "../../firmware/device/certificate.js";
import type { FactoryKey } from "../device/enrol.js";
import { referencePrimitives } from "../crypto/reference.js";
import { splitSecret } from "./shares.js";

/** The officials' cards that hold shares; the deputy's is an executive's too, for the day on which a card is lost. */
export const shareHolders = ["executive", "supervision", "deputy"] as const;
export type ShareHolder = (typeof shareHolders)[number];

/**
 * What opens the ballots of one terminal, and how it is divided: secret = part XOR what any `sharesNeeded` of the
 * shares give.
 */
export interface TallyKeys {
  /** X25519. Its secret is the escrow: kept offline, for recounts and for terminals that are dead. */
  readonly escrow: BoxKeyPair;
  /** 32 bytes, for the terminal alone. */
  readonly part: Uint8Array;
  readonly shares: Readonly<Record<ShareHolder, Uint8Array>>;
}

export interface ElectionKeys {
  /** 16 bytes, for a roll whose voters have no package: a test of desks alone. */
  readonly election: Uint8Array;
  /** Ed25519, the test root: signs packages, rolls, certificates, assignments, and receipts for archives. */
  readonly authority: SignKeyPair;
  /** Ed25519: signs devices' certificates. */
  readonly factory: FactoryKey;
  /** Of one terminal. */
  readonly tally: (terminal: number) => TallyKeys;
  /** What opens a terminal's ballots without its officials. */
  readonly escrow: (terminal: number) => BoxKeyPair;
  /** Ed25519: signs receipts. */
  readonly collector: SignKeyPair;
  /** HMAC-SHA-256, 32 bytes: the station's activation cards. */
  readonly card: Uint8Array;
}

/** The keys' name in their folder. */
export const keysFile = "election-keys.json";

const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => out.set(randomBytes(out.length)) });

/** Everybody has it. Simulation images obey its public half (platform/test-root.ts). */
export const testAuthority: SignKeyPair = crypto.signKeyPair(
  new Uint8Array(createHash("sha256").update("sandogh test root").digest()),
);

/**
 * Everything follows from 32 bytes, so that a seed replays an election. `number`: another election of the same
 * authority.
 */
export function electionKeysFromSeed(seed: Uint8Array, number = 1): ElectionKeys {
  const digest = (label: string): Uint8Array =>
    new Uint8Array(createHash("sha256").update(`sandogh test election: ${label}`).update(seed).digest());
  const derive = (label: string): Uint8Array => digest(number === 1 ? label : `${label} ${number}`);
  const known = new Map<number, TallyKeys>();
  const tally = (terminal: number): TallyKeys => {
    let keys = known.get(terminal);
    if (keys === undefined) known.set(terminal, (keys = tallyKeys(terminal)));
    return keys;
  };
  const tallyKeys = (terminal: number): TallyKeys => {
    const escrow = crypto.boxKeyPair(derive(`tally ${terminal}`));
    const part = derive(`tally part ${terminal}`);
    let drawn = 0;
    const shared = escrow.secretKey.map((byte, i) => byte ^ part[i]!);
    const made = splitSecret(shared, shareHolders.length, sharesNeeded, (length) =>
      derive(`tally share ${terminal} ${drawn++}`).slice(0, length),
    );
    return {
      escrow,
      part,
      shares: Object.fromEntries(shareHolders.map((holder, i) => [holder, made[i]!])) as Record<
        ShareHolder,
        Uint8Array
      >,
    };
  };
  const factory = crypto.signKeyPair(digest("factory"));
  return {
    election: derive("id").slice(0, 16),
    authority: testAuthority,
    factory: {
      certificate: signKey(crypto, { kind: "factory", key: factory.publicKey, epoch: 0 }, testAuthority.secretKey),
      secretKey: factory.secretKey,
    },
    tally,
    escrow: (terminal) => tally(terminal).escrow,
    collector: crypto.signKeyPair(derive("collector")),
    card: derive("cards"),
  };
}

/** The file of keys is not one; the message names it. */
export class KeysProblem extends Error {
  override readonly name = "KeysProblem";
}

/**
 * Reads the keys in `directory`; makes them there, readable by the owner only, when there are none. Throws KeysProblem
 * for a file that is not theirs.
 */
export function loadOrCreateElectionKeys(directory: string): ElectionKeys {
  const path = join(directory, keysFile);
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify({ purpose: "test election", seed: toHex(randomBytes(32)) })}\n`, {
      mode: 0o600,
      flag: "wx",
    });
  }
  const parsed = parse(readFileSync(path, "utf8"));
  const seed =
    typeof parsed === "object" && parsed !== null && "seed" in parsed && typeof parsed.seed === "string"
      ? fromHex(parsed.seed)
      : undefined;
  if (seed?.length !== 32) throw new KeysProblem(`${path}: expected {"seed": 64 hexadecimal digits}`);
  return electionKeysFromSeed(seed);
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
