// What the vault can come to: a medium that fails, no room, a seal that does not open, or a store that contradicts
// itself.

import { type Result, err } from "../result.js";
import type { MediumFault } from "../storage/media.js";
import type { PairingFault } from "./pairing.js";

export type VaultFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** No slot is free, or capacity is reached. */
  | { readonly kind: "full" }
  /** The box did not open to what was sealed, or the tally key is unusable. */
  | { readonly kind: "seal" }
  /** The election needs more flash than there is. */
  | { readonly kind: "too-small"; readonly needed: number; readonly available: number }
  /** The terminal's tally key was lost, or cannot be drawn: see loading-store.ts. */
  | { readonly kind: "loading"; readonly why: string }
  | Exclude<PairingFault, { readonly kind: "medium" }>
  /** What is stored contradicts itself: somebody or something changed it. `what` names it for the journal. */
  | { readonly kind: "tampered"; readonly what: Contradiction; readonly slot?: number };

export type Contradiction = "slot-check" | "head" | "count" | "set" | "counter" | "spent" | "transaction";

/** A medium's fault as the vault's. */
export function mediumFault<T>(
  result: Result<T, MediumFault>,
): Result<T, VaultFault> & (Result<T, never> | Result<never, VaultFault>) {
  return result.ok ? result : err({ kind: "medium", ...result.error });
}
