// A terminal's audit keys as a file, in JSON: what `npx sandogh audit-keys` opens, for inspection and archive. Whoever
// has them can make the checks that they judge, so they are opened after the close.

import { fromHex, toHex } from "../../firmware/bytes.js";
import { type AuditKeys, auditedKeys } from "../../firmware/device/keys.js";

/** The file is not one; the message says what is missing. */
export class AuditProblem extends Error {
  override readonly name = "AuditProblem";
}

const keyLength = 16;

export function encodeAuditFile(election: Uint8Array, terminal: number, keys: AuditKeys): string {
  const hex = Object.fromEntries(auditedKeys.map((name) => [name, toHex(keys[name])]));
  return `${JSON.stringify({ election: toHex(election), terminal, keys: hex }, undefined, 1)}\n`;
}

/** Of this election. Throws AuditProblem. */
export function parseAuditFile(text: string, election: Uint8Array): AuditKeys {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const { election: of, keys } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as {
    readonly election?: unknown;
    readonly keys?: Readonly<Record<string, unknown>>;
  };
  if (of !== toHex(election)) throw new AuditProblem("these are no audit keys of this election");
  return Object.fromEntries(
    auditedKeys.map((name) => {
      const value = keys?.[name];
      const key = typeof value === "string" ? fromHex(value) : undefined;
      if (key?.length !== keyLength) throw new AuditProblem(`keys.${name}: expected 32 hexadecimal digits`);
      return [name, key];
    }),
  ) as unknown as AuditKeys;
}
