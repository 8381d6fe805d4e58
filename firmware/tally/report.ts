// What a terminal prints for its officials, and what that needs of whoever draws (ui/slip). Types only.

import type { Raster } from "../cast/printer.js";
import type { Results } from "./results.js";

export type Report =
  /** Every kind of line that a slip can have. */
  | { readonly kind: "printer-test" }
  /** Before the polls are opened: nothing is stored. */
  | ({ readonly kind: "zero"; readonly voids: number; readonly media: 1 | 2 } & Printed)
  | ({
      readonly kind: "results";
      readonly results: Results /** See verificationCode. */;
      readonly code: readonly string[];
    } & Printed);

interface Printed {
  readonly terminal: number;
  /** Seconds since 1970 UTC. */
  readonly generatedAt: number;
  readonly printedAt: number;
}

export interface ReportDrawer {
  /** One strip in pieces, from top to bottom; each can be drawn until the next one is made. */
  report(report: Report): Iterable<Raster>;
  /** The band that ends a strip which was not completed. */
  mark(kind: "void"): Raster;
}
