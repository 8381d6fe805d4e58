// What a terminal says of the tally key that it drew when it was loaded: its public half, the shares, each sealed to
// its official's card, the terminal's own part, sealed to the device and to the escrow, and this election's audit
// keys, sealed to the auditor. Signed with the device's key; see loading.cddl.

import { concat, equalBytes, utf8, writeU32 } from "../bytes.js";
import { array, bytes, decodeAs, describe, encodeAs, literal, map, text, tuple, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { BoxKeyPair, Crypto } from "../crypto/crypto.js";
import {
  bindingLength,
  cardBoxLength,
  drawnLength,
  officeNumbers,
  sealedPartLength,
  sharesMax,
  type TallyKey,
} from "../crypto/tally-key.js";
import type { OfficialRole, StationElection } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { type AuditKeys, type DeviceKeys, auditedKeys } from "./keys.js";

/** Bytes, signed: two offices of as many cards as there may be, and all audit keys that there may be. */
export const loadingMax = 3_840;
const auditKeysMax = 1_024;
const auditNameMax = 32;
const auditKeysCountMax = 16;

export interface SealedShare {
  readonly role: OfficialRole;
  /** X25519, 32 bytes: the card's. */
  readonly boxKey: Uint8Array;
  /** cardBoxLength bytes */
  readonly sealed: Uint8Array;
}

export interface LoadingStatement {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly station: number;
  /** X25519: its ballots are sealed to it. */
  readonly tallyKey: Uint8Array;
  /** Cards of each office that give its part. */
  readonly needed: Readonly<Record<OfficialRole, number>>;
  readonly shares: readonly SealedShare[];
  /** The own part, sealed to the key that follows from the device's secret. */
  readonly devicePart: Uint8Array;
  /** The same, sealed to the escrow. */
  readonly escrowPart: Uint8Array;
  /** See openAuditKeys. */
  readonly auditKeys: Uint8Array;
}

type Written = Omit<LoadingStatement, "needed" | "shares"> & {
  readonly needed: readonly [number, number];
  readonly shares: readonly { readonly office: 1 | 2; readonly boxKey: Uint8Array; readonly sealed: Uint8Array }[];
};

const roles = ["executive", "supervision"] as const;

const loadingShape = map<Written>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  station: { key: 3, shape: uint(999_999, 1) },
  tallyKey: { key: 4, shape: bytes(32) },
  needed: { key: 5, shape: tuple(uint(sharesMax, 1), uint(sharesMax, 1)) },
  shares: {
    key: 6,
    shape: array(
      map<Written["shares"][number]>({
        office: { key: 1, shape: literal(1, 2) },
        boxKey: { key: 2, shape: bytes(32) },
        sealed: { key: 3, shape: bytes(cardBoxLength) },
      }),
      2 * sharesMax,
      2,
    ),
  },
  devicePart: { key: 7, shape: bytes(sealedPartLength) },
  escrowPart: { key: 8, shape: bytes(sealedPartLength) },
  auditKeys: { key: 9, shape: bytes({ min: 48, max: auditKeysMax }) },
});

/**
 * Says to a card whose share it is to open: nobody can have a share of one terminal opened with another one's
 * statement. `publicKey`: the device's Ed25519 key.
 */
export function shareBinding(
  crypto: Crypto,
  election: Uint8Array,
  terminal: number,
  publicKey: Uint8Array,
): Uint8Array {
  const number = new Uint8Array(4);
  writeU32(number, 0, terminal);
  return crypto.sha256(concat(utf8("sandogh share"), election, number, publicKey)).slice(0, bindingLength);
}

export interface DrawOptions {
  readonly crypto: Crypto;
  readonly key: Pick<TallyKey, "draw">;
  readonly election: Pick<StationElection, "id" | "station" | "officials" | "escrowKey" | "auditKey">;
  readonly terminal: number;
  /** See Identity. */
  readonly deviceSecret: Uint8Array;
  readonly keys: DeviceKeys;
}

/** Draws a tally key and says so, signed. Undefined: some key of the package is none that anything can be sealed to. */
export function drawLoading(options: DrawOptions): Uint8Array | undefined {
  const { crypto, key, election, terminal, deviceSecret, keys } = options;
  const { cards, needed } = election.officials;
  const sorted = roles.map((role) => cards.filter((card) => card.role === role));
  const offices = Uint8Array.of(needed.executive, sorted[0]!.length, needed.supervision, sorted[1]!.length);
  const all = sorted.flat();
  const out = new Uint8Array(drawnLength(all.length));
  const binding = shareBinding(crypto, election.id, terminal, keys.sign.publicKey);
  const boxKeys = concat(...all.map(({ boxKey }) => boxKey));
  if (!key.draw(out, offices, boxKeys, binding, deviceSecret, election.id, election.escrowKey)) return undefined;
  const auditKeys = crypto.seal(encodeAuditKeys(election.id, terminal, keys), election.auditKey);
  if (auditKeys === undefined) return undefined;
  let at = 0;
  const next = (length: number): Uint8Array => out.slice(at, (at += length));
  const written: Written = {
    election: election.id,
    terminal,
    station: election.station,
    tallyKey: next(32),
    needed: [needed.executive, needed.supervision],
    shares: all.map(({ role, boxKey }) => ({
      office: role === "executive" ? 1 : 2,
      boxKey,
      sealed: next(cardBoxLength),
    })),
    devicePart: next(sealedPartLength),
    escrowPart: next(sealedPartLength),
    auditKeys,
  };
  return sign1(crypto, "sandogh/loading", encodeAs(written, loadingShape), keys.sign.secretKey);
}

/** Whose statement it has to be. */
export interface LoadedTerminal {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  /** The device's Ed25519 key, by its assignment. */
  readonly publicKey: Uint8Array;
}

export function readLoading(
  crypto: Crypto,
  signed: Uint8Array,
  of: LoadedTerminal,
): Result<LoadingStatement, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/loading", signed, of.publicKey);
  if (!payload.ok) return err({ what: payload.error.code });
  const read = decodeAs(payload.value, loadingShape);
  if (!read.ok) return err({ what: describe(read.error) });
  const { needed, shares, ...rest } = read.value;
  if (!equalBytes(rest.election, of.election)) return err({ what: "another election" });
  if (rest.terminal !== of.terminal) return err({ what: "another terminal" });
  return ok({
    ...rest,
    needed: { executive: needed[0], supervision: needed[1] },
    shares: shares.map(({ office, ...share }) => ({ ...share, role: roles[office - 1]! })),
  });
}

/** The share that this card can open. */
export function shareOf(loading: LoadingStatement, boxKey: Uint8Array): SealedShare | undefined {
  return loading.shares.find((share) => equalBytes(share.boxKey, boxKey));
}

/** For TallyKey.addShare. */
export function officeOf({ role }: SealedShare): number {
  return officeNumbers[role];
}

// --- audit keys ---

interface AuditedKeys {
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly keys: readonly (readonly [string, Uint8Array])[];
}

const auditShape = map<AuditedKeys>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  keys: { key: 3, shape: array(tuple(text(auditNameMax), bytes(16)), auditKeysCountMax, 1) },
});

function encodeAuditKeys(election: Uint8Array, terminal: number, keys: DeviceKeys): Uint8Array {
  return encodeAs({ election, terminal, keys: auditedKeys.map((name) => [name, keys[name]] as const) }, auditShape);
}

/**
 * The keyed checks' keys, for who has the audit secret; undefined when it is not the one, or one of them is missing.
 */
export function openAuditKeys(crypto: Crypto, loading: LoadingStatement, secret: BoxKeyPair): AuditKeys | undefined {
  const opened = crypto.sealOpen(loading.auditKeys, secret);
  const read = opened === undefined ? undefined : decodeAs(opened, auditShape);
  if (read?.ok !== true || !equalBytes(read.value.election, loading.election)) return undefined;
  if (read.value.terminal !== loading.terminal) return undefined;
  const found = new Map(read.value.keys);
  if (!auditedKeys.every((name) => found.has(name))) return undefined;
  return Object.fromEntries(auditedKeys.map((name) => [name, found.get(name)!])) as AuditKeys;
}
