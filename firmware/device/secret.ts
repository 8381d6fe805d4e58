// The device's secret: drawn by its own generator at its first start, wrapped with the fuses' key, kept twice. Nobody
// else ever has it: the main flash without this microcontroller's fuses says nothing, and neither does the fuses' key
// without the flash.
//
// FAULTS
// - The power goes while it is written: nobody has heard of it yet, and the next start draws another.
// - One copy is harmed: the other one is written there again.
// - Both are, and there is a certificate: the device is refused, and nothing is drawn or erased.

import { concat, equalBytes, utf8 } from "../bytes.js";
import { type Crypto, equalSecret } from "../crypto/crypto.js";
import { entropyTest } from "../crypto/entropy.js";
import type { Flash, Fuses } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import { deviceBlock, secretAddresses } from "./layout.js";

const magic = utf8("SNDK");
const saltLength = 16;
const secretLength = 32;
const checkLength = 16;
const macLength = 32;
/** Magic, salt, wrapped secret, check. */
const copyLength = magic.length + saltLength + secretLength + checkLength;
/** How often a copy that does not check is read again: a weak bit reads right nearly always. */
const readsMax = 4;

export type SecretFault = "no-answer" | "no-fuses" | "chance" | "damaged";

export interface SecretOptions {
  readonly crypto: Crypto;
  readonly main: Flash;
  readonly fuses: Fuses;
  /** Somebody has heard of this device's keys: they are not drawn again. */
  readonly isKnown: boolean;
}

/** 32 bytes. */
export function openSecret(options: SecretOptions): Result<Uint8Array, SecretFault> {
  const { crypto, main, isKnown } = options;
  if (macOf(options, utf8("sandogh fuses")) === undefined) return err("no-fuses");
  const copies: (Uint8Array | undefined)[] = [];
  for (const address of secretAddresses) {
    const read = readCopy(options, address);
    if (!read.ok) return read;
    copies.push(read.value);
  }
  const whole = copies.find((copy) => copy !== undefined);
  if (whole !== undefined) {
    for (const [i, address] of secretAddresses.entries()) {
      if (copies[i] !== undefined && equalBytes(copies[i], whole)) continue;
      // the other one stands, so one that cannot be written takes nothing away
      if (!write(main, whole, address)) break;
    }
    return ok(unwrap(options, whole)!);
  }
  if (isKnown) return err("damaged");
  if (!entropyTest((length) => crypto.random(length))) return err("chance");
  const secret = crypto.random(secretLength);
  const copy = wrap(options, secret);
  for (const address of secretAddresses) if (!write(main, copy, address)) return err("no-answer");
  return ok(secret);
}

function macOf({ fuses }: Pick<SecretOptions, "fuses">, message: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(macLength);
  return fuses.mac(message, out) ? out : undefined;
}

/** A copy that checks. */
function readCopy(options: SecretOptions, address: number): Result<Uint8Array | undefined, SecretFault> {
  for (let attempt = 0; attempt < readsMax; attempt++) {
    const copy = options.main.read(copyLength, address);
    if (copy === undefined) return err("no-answer");
    if (unwrap(options, copy) !== undefined) return ok(copy);
    if (options.crypto.isFilled(copy, 0xff)) break;
  }
  return ok(undefined);
}

function wrap(options: SecretOptions, secret: Uint8Array): Uint8Array {
  const head = concat(magic, options.crypto.random(saltLength));
  const wrapped = concat(head, mask(options, head, secret));
  return concat(wrapped, checkOf(options, wrapped));
}

function unwrap(options: SecretOptions, copy: Uint8Array): Uint8Array | undefined {
  const head = copy.subarray(0, magic.length + saltLength);
  if (!equalBytes(head.subarray(0, magic.length), magic)) return undefined;
  const body = copy.subarray(0, copyLength - checkLength);
  if (!equalSecret(copy.subarray(copyLength - checkLength), checkOf(options, body))) return undefined;
  return mask(options, head, body.subarray(head.length));
}

/** XOR with what only these fuses give for this salt: used for one secret. */
function mask(options: SecretOptions, head: Uint8Array, bytes: Uint8Array): Uint8Array {
  const pad = macOf(options, concat(utf8("sandogh wrap"), head))!;
  return bytes.map((byte, i) => byte ^ pad[i]!);
}

function checkOf(options: SecretOptions, body: Uint8Array): Uint8Array {
  return macOf(options, concat(utf8("sandogh check"), body))!.subarray(0, checkLength);
}

function write(main: Flash, copy: Uint8Array, address: number): boolean {
  if (!main.eraseBlock(address / deviceBlock) || !main.write(copy, address)) return false;
  const read = main.read(copy.length, address);
  return read !== undefined && equalBytes(read, copy);
}
