// What the session asks of a card that lies on the reader. Types only: cards.ts answers with the protocols of
// activation.ts and official.ts, and tests of the session with a table.

import type { StyleId } from "../election/types.js";
import type { Result } from "../result.js";
import type { OfficialRole } from "../election/types.js";
import type { Card } from "./reader.js";

export type PresentedCard =
  /** A right to vote that no terminal has locked yet. `token`, 16 bytes: which right it is, to this station. */
  | { readonly kind: "granted"; readonly style: StyleId; readonly token: Uint8Array }
  /** Locked to this terminal. */
  | { readonly kind: "locked-here"; readonly style: StyleId; readonly token: Uint8Array }
  | { readonly kind: "locked-elsewhere" }
  | { readonly kind: "spent" }
  | { readonly kind: "empty" }
  | { readonly kind: "other-election" }
  | { readonly kind: "foreign" }
  /** Reported lost. */
  | { readonly kind: "revoked" }
  /** What lies on it is no right by a desk of this station. */
  | { readonly kind: "no-right" }
  /** Its functions are bound to this card and die with its removal. */
  | {
      readonly kind: "official";
      readonly role: OfficialRole;
      /** X25519: says which share of the tally key is this card's. */
      readonly boxKey: Uint8Array;
      readonly authenticate: (pin: string) => Promise<Result<PinAnswer, CardTrouble>>;
      /**
       * After the PIN: has the card open its share of the tally key (crypto/tally-key.ts), and gives it sealed to the
       * key in the statement (closed-statement.ts).
       */
      readonly openShare: (sealed: Uint8Array, statement: Uint8Array) => Promise<Result<Uint8Array, ShareTrouble>>;
    };

export type PinAnswer = "ok" | "wrong" | "blocked" | "refused";

/**
 * removed: lifted in the middle; nothing is lost by asking again. unreadable: silent, garbled, or against its own
 * protocol. several: more than one card lies there.
 */
export type CardTrouble = "removed" | "unreadable" | "several";

/** none: the card cannot open this share, or does not believe that the terminal's polls are closed. */
export type ShareTrouble = CardTrouble | "none";

export interface CardAccess {
  identify(card: Card): Promise<Result<PresentedCard, CardTrouble>>;
  /** Locks a granted card to this terminal, or asks a locked one again. A lost answer is harmless. */
  lock(card: Card): Promise<Result<void, CardTrouble>>;
  /** After the commit; the spent set has decided already, so a failure changes nothing. */
  spend(card: Card): Promise<Result<void, CardTrouble>>;
  /** The card was lifted: nothing of it stays. */
  forget(): void;
}
