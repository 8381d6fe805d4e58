// A device's certificate by the factory, and the factory's by the authority: which keys are this device's, and which
// piece of hardware it is. See device.cddl.

import { bytes, decodeAs, describe, encodeAs, literal, map, text, tuple, uint } from "../cbor/shape.js";
import { claimOf, sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import { modelMax } from "./request.js";

/** Both certificates together. */
export const certificatesMax = 600;
export const serialMax = 16;

/** What a key below the authority's is for: its certificate names it, and no other use of it counts. */
export const keyKinds = {
  factory: 1,
  issuer: 2,
  collector: 3,
  registry: 4,
  escrow: 5,
  audit: 6,
  station: 7,
  executiveRelease: 8,
  supervisionRelease: 9,
  ballotImage: 10,
  identityImage: 11,
} as const;
export type KeyKind = keyof typeof keyKinds;

export interface KeyCertificate {
  readonly kind: KeyKind;
  /** 32 bytes: Ed25519, for escrow and audit X25519. */
  readonly key: Uint8Array;
  /** Number of the election since which it holds. */
  readonly epoch: number;
}

const kindNames = Object.keys(keyKinds) as KeyKind[];
const keyShape = map<{ kind: number; key: Uint8Array; epoch: number }>({
  kind: { key: 1, shape: literal(...Object.values(keyKinds)) },
  key: { key: 2, shape: bytes(32) },
  epoch: { key: 3, shape: uint(0xffff_ffff) },
});

export function signKey(crypto: Crypto, certificate: KeyCertificate, authoritySecretKey: Uint8Array): Uint8Array {
  const payload = encodeAs({ ...certificate, kind: keyKinds[certificate.kind] }, keyShape);
  return sign1(crypto, "sandogh/key", payload, authoritySecretKey);
}

/** Of the kind that is asked for, by the authority. */
export function readKey(
  crypto: Crypto,
  signed: Uint8Array,
  kind: KeyKind,
  authorityKey: Uint8Array,
): Result<KeyCertificate, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/key", signed, authorityKey);
  if (!payload.ok) return err({ what: `${kind} key: not signed by the authority` });
  const read = decodeAs(payload.value, keyShape);
  if (!read.ok) return err({ what: `${kind} key: ${describe(read.error)}` });
  const named = kindNames.find((each) => keyKinds[each] === read.value.kind)!;
  return named === kind ? ok({ ...read.value, kind }) : err({ what: `a ${named} key where ${kind} is expected` });
}

export interface DeviceCertificate {
  /** The factory's number for it: capital letters, digits and hyphens. */
  readonly serial: string;
  readonly model: string;
  readonly revision: number;
  /** Ed25519, 32 bytes. */
  readonly signKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly boxKey: Uint8Array;
  /** SHA-256 of the record of the factory's tests. */
  readonly testRecord: Uint8Array;
}

const deviceShape = map<DeviceCertificate>({
  serial: { key: 1, shape: text(serialMax) },
  model: { key: 2, shape: text(modelMax) },
  revision: { key: 3, shape: uint(0xffff) },
  signKey: { key: 4, shape: bytes(32) },
  boxKey: { key: 5, shape: bytes(32) },
  testRecord: { key: 6, shape: bytes(32) },
});
const chainShape = tuple<[Uint8Array, Uint8Array]>(bytes({ min: 1, max: 255 }), bytes({ min: 1, max: 400 }));

/** `factory`: the factory key's certificate, and that key's secret. */
export function signDevice(
  crypto: Crypto,
  certificate: DeviceCertificate,
  factory: { readonly certificate: Uint8Array; readonly secretKey: Uint8Array },
): Uint8Array {
  const own = sign1(crypto, "sandogh/device", encodeAs(certificate, deviceShape), factory.secretKey);
  return encodeAs([factory.certificate, own], chainShape);
}

export function readDevice(
  crypto: Crypto,
  chain: Uint8Array,
  authorityKey: Uint8Array,
): Result<DeviceCertificate, { readonly what: string }> {
  const parts = decodeAs(chain, chainShape);
  if (!parts.ok) return err({ what: describe(parts.error) });
  const factory = readKey(crypto, parts.value[0], "factory", authorityKey);
  if (!factory.ok) return factory;
  const payload = verify1(crypto, "sandogh/device", parts.value[1], factory.value.key);
  return payload.ok ? deviceIn(payload.value) : err({ what: "not signed by that factory" });
}

/** The same of a chain that readDevice has read before, byte for byte. */
export function readDeviceAgain(chain: Uint8Array): Result<DeviceCertificate, { readonly what: string }> {
  const parts = decodeAs(chain, chainShape);
  if (!parts.ok) return err({ what: describe(parts.error) });
  const payload = claimOf(parts.value[1]);
  return payload === undefined ? err({ what: "no signed object" }) : deviceIn(payload);
}

function deviceIn(payload: Uint8Array): Result<DeviceCertificate, { readonly what: string }> {
  const read = decodeAs(payload, deviceShape);
  if (!read.ok) return err({ what: describe(read.error) });
  return /^[A-Z0-9-]+$/.test(read.value.serial) ? ok(read.value) : err({ what: "serial: capital letters and digits" });
}
