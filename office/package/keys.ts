// Keys of a test election. A real one's never lie together in a folder.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Crypto, type BoxKeyPair, type SignKeyPair } from "../../firmware/crypto/crypto.js";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { signKey } from "../../firmware/device/certificate.js";
import type { CardRules } from "../../firmware/election/card-rules.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { FactoryKey } from "../device/enrol.js";
import { referencePrimitives } from "../crypto/reference.js";

/** The officials' cards; the deputy's is an executive's too, for the day on which a card is lost. */
export const shareHolders = ["executive", "supervision", "deputy"] as const;
export type ShareHolder = (typeof shareHolders)[number];

export function roleOf(holder: ShareHolder): OfficialRole {
  return holder === "supervision" ? "supervision" : "executive";
}

/** Every test official's PIN. */
export const testPins: Readonly<Record<OfficialRole, string>> = { executive: "1404", supervision: "2026" };

/** An official's card of a test election. A real card makes its key itself and keeps it. */
export interface TestCard {
  readonly role: OfficialRole;
  /** X25519: proves the card, and opens its share of a tally key. */
  readonly box: BoxKeyPair;
}

export interface ElectionKeys {
  /** 16 bytes, for a roll whose voters have no package: a test of desks alone. */
  readonly election: Uint8Array;
  /**
   * Ed25519, the test root: signs packages, rolls, certificates, assignments, recoveries, and receipts for archives.
   */
  readonly authority: SignKeyPair;
  /** Ed25519: signs devices' certificates. */
  readonly factory: FactoryKey;
  /** X25519: opens a terminal's own part of its tally key, which is of no use without both offices' cards. */
  readonly escrow: BoxKeyPair;
  /** X25519: opens terminals' audit keys, after the close. */
  readonly audit: BoxKeyPair;
  readonly officials: Readonly<Record<ShareHolder, TestCard>>;
  /** Ed25519: signs receipts. */
  readonly collector: SignKeyPair;
  /** Which cards count: the issuer's public key, never its secret. */
  readonly cards: CardRules;
  /** 32 bytes, of which each station's key is made: see stationKeyOf. */
  readonly station: Uint8Array;
}

/** The keys' name in their folder. */
export const keysFile = "election-keys.json";

const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => out.set(randomBytes(out.length)) });

/** Everybody has it. Simulation images obey its public half (platform/test-root.ts). */
export const testAuthority: SignKeyPair = crypto.signKeyPair(
  new Uint8Array(createHash("sha256").update("sandogh test root").digest()),
);

/** Public half of the test issuer's key, whose secret is in the issuer's tool (tools/commands/cards.ts) and nowhere else. */
const testIssuerKey = fromHex("35ea7582a7140be0942da9b468340bed4234b1819c0d6522f131075e16970f92")!;

/** The key of a virtual card of a test election, which follows from its name and the election's number. */
export function testCardKey(name: string, epoch: number): BoxKeyPair {
  return crypto.boxKeyPair(new Uint8Array(createHash("sha256").update(`sandogh test card: ${name} ${epoch}`).digest()));
}

/**
 * Everything but the cards, which the issuer's tool makes, follows from 32 bytes, so that a seed replays an election.
 * `number`: another election of the same authority.
 */
export function electionKeysFromSeed(seed: Uint8Array, number = 1): ElectionKeys {
  const digest = (label: string): Uint8Array =>
    new Uint8Array(createHash("sha256").update(`sandogh test election: ${label}`).update(seed).digest());
  const derive = (label: string): Uint8Array => digest(number === 1 ? label : `${label} ${number}`);
  const factory = crypto.signKeyPair(digest("factory"));
  const cardOf = (holder: ShareHolder): TestCard => ({
    role: roleOf(holder),
    box: testCardKey(holder, number),
  });
  return {
    election: derive("id").slice(0, 16),
    authority: testAuthority,
    factory: {
      certificate: signKey(crypto, { kind: "factory", key: factory.publicKey, epoch: 0 }, testAuthority.secretKey),
      secretKey: factory.secretKey,
    },
    escrow: crypto.boxKeyPair(derive("escrow")),
    audit: crypto.boxKeyPair(derive("audit")),
    officials: {
      executive: cardOf("executive"),
      supervision: cardOf("supervision"),
      deputy: cardOf("deputy"),
    },
    collector: crypto.signKeyPair(derive("collector")),
    cards: { issuerKey: testIssuerKey, epoch: number, revoked: new Uint8Array(0) },
    station: derive("stations"),
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
