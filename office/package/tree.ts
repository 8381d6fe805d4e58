// A signed file over pages of data: hash tree, envelope, signature (firmware/election/FORMAT.md). Election package and
// electoral roll are both such files.

import { createHash } from "node:crypto";
import { writeU16, writeU32 } from "../../firmware/bytes.js";
import { type CborValue, encode } from "../../firmware/cbor/cbor.js";
import { type SignedKind, sign1 } from "../../firmware/cose/sign1.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import {
  envelopeMax,
  envelopePages,
  hashPages,
  hashesPerPage,
  headerLength,
  pageLength,
} from "../../firmware/election/layout.js";
import { referencePrimitives } from "../crypto/reference.js";
import type { ElectionKeys } from "./keys.js";

/** Some limit of a terminal's is exceeded; the message says which and by what. */
export class DoesNotFit extends Error {}

export interface SignedTree {
  readonly kind: SignedKind;
  /** 4 bytes */
  readonly magic: readonly number[];
  readonly version: number;
  /** What is signed, once the root is known. */
  readonly head: (root: Uint8Array) => CborValue;
}

/** data: whole pages. Throws DoesNotFit for a head that is too long. */
export function signedTree(
  data: Uint8Array,
  keys: Pick<ElectionKeys, "authority">,
  { kind, magic, version, head }: SignedTree,
): Uint8Array {
  const crypto = new Crypto({
    primitives: referencePrimitives,
    random: () => {
      throw new Error("what is signed here needs no chance");
    },
  });
  const levels: Uint8Array[] = [data];
  for (const [above, count] of hashPages(data.length / pageLength).entries()) {
    const below = levels[above]!;
    const level = new Uint8Array(count * pageLength);
    for (let page = 0; page < below.length / pageLength; page++)
      level.set(
        pageHash(above, below.subarray(page * pageLength, (page + 1) * pageLength)),
        Math.floor(page / hashesPerPage) * pageLength + (page % hashesPerPage) * 32,
      );
    levels.push(level);
  }
  const root = pageHash(levels.length - 1, levels.at(-1)!);
  const envelope = sign1(crypto, kind, encode(head(root)), keys.authority.secretKey);
  if (envelope.length > envelopeMax)
    throw new DoesNotFit(`the envelope takes ${envelope.length} bytes; at most ${envelopeMax} fit`);
  const first = new Uint8Array(envelopePages(envelope.length) * pageLength);
  first.set(magic, 0);
  writeU16(first, 4, version);
  writeU32(first, 6, envelope.length);
  first.set(envelope, headerLength);
  return new Uint8Array(Buffer.concat([first, ...levels.reverse()]));
}

function pageHash(level: number, page: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(Uint8Array.of(level)).update(page).digest());
}

/** A map with keys 1, 2, 3, ... */
export function fields(...values: readonly CborValue[]): Map<number, CborValue> {
  return new Map(values.map((value, i) => [i + 1, value]));
}
