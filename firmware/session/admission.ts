// Whether the card that was laid on the reader gives its holder a ballot here. Its right is locked to this terminal
// only when the voter can go on: whoever is refused has a card that stays good elsewhere.

import type { CardAccess, CardTrouble, PresentedCard } from "../access/present.js";
import type { Card } from "../access/reader.js";
import type { BallotStyle, ElectionPackage } from "../election/types.js";
import type { MessageCode } from "../messages.js";
import { type Result, assert, ok } from "../result.js";
import type { Day } from "../service/day.js";
import type { Vault } from "../vault/vault.js";
import type { Booth } from "./booth.js";
import type { Faults } from "./faults.js";
import type { OfficialCard } from "./officials.js";

/** What lies on the reader. */
export interface ReadCard {
  readonly presented: PresentedCard;
  /** A right that is locked to this terminal now. */
  readonly isLocked: boolean;
}

export type Verdict =
  /** `detail`: why, for the journal. */
  | { readonly kind: "refused"; readonly message: MessageCode; readonly detail: number | undefined }
  /** A device stops the terminal. */
  | { readonly kind: "fault" }
  | { readonly kind: "admitted"; readonly token: Uint8Array; readonly style: BallotStyle };

export interface AdmissionOptions {
  readonly pack: ElectionPackage;
  readonly vault: Vault;
  readonly day: Day;
  readonly cards: CardAccess;
  readonly booth: Booth;
  readonly faults: Faults;
}

/** As the journal has them. */
const reasons = {
  spent: 1,
  empty: 2,
  otherElection: 3,
  lockedElsewhere: 4,
  foreign: 5,
  full: 6,
  revoked: 7,
  noRight: 8,
  copied: 9,
} as const;

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  async read(card: Card): Promise<Result<ReadCard, CardTrouble>> {
    const { cards, booth, faults } = this.#options;
    const identified = await cards.identify(card);
    if (!identified.ok) return identified;
    const presented = identified.value;
    const isRight = presented.kind === "granted" || presented.kind === "locked-here";
    // a right is locked only when the voter can go on here; a parked session's card is locked here already
    const mayBegin = (): boolean => booth.voter === undefined && this.#obstacle() === undefined;
    const isWanted = isRight && (presented.kind === "locked-here" || mayBegin()) && !this.#isSpent(presented);
    if (!isWanted) return ok({ presented, isLocked: false });
    if (booth.voter === undefined) {
      // a printer that was unplugged says nothing by itself: it is asked before a voter is activated
      await faults.askPrinter();
      if (faults.blocking !== undefined) return ok({ presented, isLocked: false });
    }
    const locked = await cards.lock(card);
    return locked.ok ? ok({ presented, isLocked: true }) : locked;
  }

  /** Of a voter's card, or what was laid there for one. */
  judge(presented: Exclude<PresentedCard, OfficialCard>, isLocked: boolean): Verdict {
    const { pack, booth, cards, faults } = this.#options;
    switch (presented.kind) {
      case "foreign":
        return refused("C-02", reasons.foreign);
      case "other-election":
        return refused("C-02", reasons.otherElection);
      case "empty":
        return refused("C-04", reasons.empty);
      case "spent":
        return refused("C-03", reasons.spent);
      case "locked-elsewhere":
        return refused("C-05", reasons.lockedElsewhere);
      case "revoked":
        return refused("C-08", reasons.revoked);
      case "no-right":
        return refused("C-09", reasons.noRight);
      case "granted":
      case "locked-here": {
        const obstacle = this.#obstacle();
        if (obstacle === undefined && faults.blocking !== undefined) return { kind: "fault" };
        if (obstacle !== undefined) return refused(obstacle, obstacle === "V-04" ? reasons.full : undefined);
        const style = pack.election.styles.find((each) => each.id === presented.style);
        if (style === undefined) return refused("C-02", reasons.otherElection);
        if (this.#isSpent(presented)) {
          // its right was used here from another card with the same key
          if (presented.kind === "granted") return refused("C-03", reasons.copied);
          // the power went between the commit and telling the card: the spent set knows, the card does not yet
          if (booth.card !== undefined) void cards.spend(booth.card);
          return refused("C-03", reasons.spent);
        }
        assert(isLocked, "a card that may vote here was locked");
        return { kind: "admitted", token: presented.token, style };
      }
    }
  }

  #isSpent({ token }: { readonly token: Uint8Array }): boolean {
    return this.#options.vault.isSpent(token);
  }

  /** Why no voter can be activated now. */
  #obstacle(): MessageCode | undefined {
    if (this.#options.day.poll !== "open") return "V-03";
    return this.#options.vault.hasRoom() ? undefined : "V-04";
  }
}

function refused(message: MessageCode, detail: number | undefined): Verdict {
  return { kind: "refused", message, detail };
}
