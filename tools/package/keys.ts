// Keys of a test election. A real one's never lie together in a folder.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Crypto, type BoxKeyPair, type SignKeyPair } from "../../firmware/crypto/crypto.js";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { referencePrimitives } from "../crypto/reference.js";

export interface ElectionKeys {
  /** 16 bytes */
  readonly election: Uint8Array;
  /** Ed25519: signs the package and officials' certificates. */
  readonly authority: SignKeyPair;
  /** X25519: opens ballots. */
  readonly tally: BoxKeyPair;
  /** Ed25519: signs receipts. */
  readonly collector: SignKeyPair;
  /** HMAC-SHA-256, 32 bytes: the station's activation cards. */
  readonly card: Uint8Array;
}

/** The keys' name in their folder. */
export const keysFile = "election-keys.json";

/** Everything follows from 32 bytes, so that a seed replays an election. */
export function electionKeysFromSeed(seed: Uint8Array): ElectionKeys {
  const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => out.set(randomBytes(out.length)) });
  const derive = (label: string) => new Uint8Array(createHash("sha256").update(`sandogh test election: ${label}`).update(seed).digest());
  return {
    election: derive("id").slice(0, 16),
    authority: crypto.signKeyPair(derive("authority")),
    tally: crypto.boxKeyPair(derive("tally")),
    collector: crypto.signKeyPair(derive("collector")),
    card: derive("cards"),
  };
}

/** Reads the keys in `directory`; makes them there, readable by the owner only, when there are none. Throws for a file that is not theirs. */
export function loadOrCreateElectionKeys(directory: string): ElectionKeys {
  const path = join(directory, keysFile);
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify({ purpose: "test election", seed: toHex(randomBytes(32)) })}\n`, { mode: 0o600, flag: "wx" });
  }
  const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
  const seed = typeof parsed === "object" && parsed !== null && "seed" in parsed && typeof parsed.seed === "string" ? fromHex(parsed.seed) : undefined;
  if (seed?.length !== 32) throw new Error(`${path}: expected {"seed": 64 hexadecimal digits}`);
  return electionKeysFromSeed(seed);
}
