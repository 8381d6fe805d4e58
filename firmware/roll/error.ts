// Why a roll was not accepted, or stopped being readable: what is wrong and where.

import type { PackageError } from "../election/error.js";

export type RollError =
  /** The flash does not answer at this address. */
  | { readonly kind: "no-answer"; readonly address: number }
  /** There is no roll here. */
  | { readonly kind: "absent" }
  /** Not signed by this authority, or changed since. */
  | { readonly kind: "signature" }
  /** A page that does not match the signed hash tree; level 0 = data, 1 and 2 = hashes. */
  | { readonly kind: "page"; readonly level: number; readonly page: number }
  /**
   * Signed, but not what this version understands. `path` names the field, or the page of voters and the voter in it.
   */
  | { readonly kind: "format"; readonly path: string; readonly expected: string };

export function badFormat(path: string, expected: string): RollError {
  return { kind: "format", path, expected };
}

/** What the hash tree says of a page. */
export function ofTree(error: PackageError): RollError {
  if (error.kind === "no-answer") return { kind: "no-answer", address: error.address };
  return error.kind === "page" ? { kind: "page", level: error.level, page: error.page } : badFormat("tree", error.kind);
}

export function describeRollError(error: RollError): string {
  switch (error.kind) {
    case "no-answer":
      return `flash does not answer at ${error.address}`;
    case "absent":
      return "no roll";
    case "signature":
      return "signature is not this authority's";
    case "page":
      return error.level === 0
        ? `page ${error.page} does not match the hash tree`
        : `hash page ${error.page} of level ${error.level} does not match`;
    case "format":
      return `${error.path || "head"}: expected ${error.expected}`;
  }
}
