// Why an election package was not accepted: what is wrong, where, and the message that a person reads.

import type { MessageCode } from "../messages.js";
import type { SectionName } from "./layout.js";

export type PackageError =
  /** The flash does not answer at this address. */
  | { readonly kind: "no-answer"; readonly code: "E-01"; readonly address: number }
  /** There is no package here. */
  | { readonly kind: "absent"; readonly code: "E-02" }
  /** Not signed by this authority, or changed since. */
  | { readonly kind: "signature"; readonly code: "E-03" }
  /** A page that does not match the signed hash tree; level 0 = data, 1 and 2 = hashes. */
  | { readonly kind: "page"; readonly code: "E-04"; readonly level: number; readonly page: number }
  /** Signed, but not what this version understands. `path` names the field, such as "contests[2].kind". */
  | {
      readonly kind: "format";
      readonly code: "E-05";
      readonly section: SectionName | "envelope";
      readonly path: string;
      readonly expected: string;
    }
  /** More than a terminal can hold (service/limits.ts). */
  | {
      readonly kind: "limit";
      readonly code: "E-07";
      readonly limit: string;
      readonly taken: number;
      readonly most: number;
    };

const codes = {
  "no-answer": "E-01",
  absent: "E-02",
  signature: "E-03",
  page: "E-04",
  format: "E-05",
  limit: "E-07",
} as const satisfies Record<PackageError["kind"], MessageCode>;

export const packageError = {
  noAnswer: (address: number): PackageError => ({ kind: "no-answer", code: codes["no-answer"], address }),
  absent: (): PackageError => ({ kind: "absent", code: codes.absent }),
  signature: (): PackageError => ({ kind: "signature", code: codes.signature }),
  page: (level: number, page: number): PackageError => ({ kind: "page", code: codes.page, level, page }),
  format: (section: SectionName | "envelope", path: string, expected: string): PackageError => ({
    kind: "format",
    code: codes.format,
    section,
    path,
    expected,
  }),
  limit: (limit: string, taken: number, most: number): PackageError => ({
    kind: "limit",
    code: codes.limit,
    limit,
    taken,
    most,
  }),
};

/** One line for the journal and for the person who is called. */
export function describePackageError(error: PackageError): string {
  switch (error.kind) {
    case "no-answer":
      return `flash does not answer at ${error.address}`;
    case "absent":
      return "no election package";
    case "signature":
      return "signature is not this authority's";
    case "page":
      return error.level === 0
        ? `page ${error.page} does not match the hash tree`
        : `hash page ${error.page} of level ${error.level} does not match`;
    case "format":
      return `${error.section} ${error.path || "value"}: expected ${error.expected}`;
    case "limit":
      return `${error.limit}: ${error.taken} of ${error.most}`;
  }
}

/**
 * A page that was good when the package was opened and is not any more, a flash that stopped answering, or texts that
 * take more than a picture holds. Nothing that shows a name could go on: it is thrown, and the session goes out of
 * service with its code (`Session.guard`).
 */
export class PackageFault extends Error {
  readonly reason: PackageError;

  constructor(reason: PackageError) {
    super(describePackageError(reason));
    this.reason = reason;
  }
}
