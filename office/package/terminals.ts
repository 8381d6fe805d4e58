// The list of a station's terminals, as JSON that its devices' public keys were copied into.

import { fromHex } from "../../firmware/bytes.js";
import type { TerminalKey } from "./build.js";

/** The list is not one; the message says where. */
export class TerminalsProblem extends Error {
  override readonly name = "TerminalsProblem";
}

/** [{"id": number, "publicKey": 64 hexadecimal digits}], of terminals or of desks. Throws TerminalsProblem. */
export function parseTerminals(text: string): TerminalKey[] {
  return parseList(text, '[{"id": number, "publicKey": "hex"}]').map((each, i) => {
    const { id, publicKey } = each as { id?: unknown; publicKey?: unknown };
    const own = keyOf(publicKey);
    if (!isId(id) || own === undefined)
      throw new TerminalsProblem(`entry ${i + 1}: expected {"id": number, "publicKey": ${digits}}`);
    return { id, publicKey: own };
  });
}

const digits = "64 hexadecimal digits";
const keyLength = 32;

function parseList(text: string, expected: string): readonly object[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list) || !list.every((each) => typeof each === "object" && each !== null))
    throw new TerminalsProblem(`expected ${expected}`);
  return list as readonly object[];
}

function isId(id: unknown): id is number {
  return typeof id === "number" && Number.isInteger(id) && id >= 1;
}

function keyOf(hex: unknown): Uint8Array | undefined {
  const key = typeof hex === "string" ? fromHex(hex) : undefined;
  return key?.length === keyLength ? key : undefined;
}
