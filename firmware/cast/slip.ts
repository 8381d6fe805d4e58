// What the cast needs of whoever draws slips (ui/slip). Types only.

import type { Ballot } from "../election/types.js";
import type { Raster } from "./printer.js";

export interface SlipDrawer {
  /** Every choice in plain words; no time, no number. `ballot` was decoded from the bytes that were sealed. */
  body(ballot: Ballot): Raster;
  /** The band that ends every slip before it is cut. */
  mark(kind: "valid" | "void"): Raster;
}
