// The cast: one transaction over the vault and the printer, in the order that ARCHITECTURE.md ("The way of a vote")
// argues for. Every step is safe to be the last one: recovery at the next boot finishes or voids what it finds.

import type { Crypto } from "../crypto/crypto.js";
import { codeBook, decodeBallot, encodeBallot } from "../election/ballot.js";
import type { Ballot, ElectionPackage } from "../election/types.js";
import { type Result, assert, err, ok } from "../result.js";
import type { VaultFault } from "../vault/fault.js";
import type { Pending } from "../vault/recovery.js";
import type { Prepared, Vault } from "../vault/vault.js";
import type { PrinterFault, SlipPrinter } from "./printer.js";
import type { SlipDrawer } from "./slip.js";

export type CastFault =
  | { readonly kind: "vault"; readonly fault: VaultFault }
  | { readonly kind: "printer"; readonly fault: PrinterFault };

/** What a ballot under way still needs. */
type Stage =
  | { readonly at: "none" }
  /** On both media, undecided; the slip is printed or being printed, uncut. */
  | { readonly at: "prepared"; readonly prepared: Prepared }
  /** Decided against, zeroed; the slip needs VOID and the cut. */
  | { readonly at: "voided" }
  /** Cast; the slip needs VALID and the cut. */
  | { readonly at: "committed" };

export class Cast {
  readonly #crypto: Crypto;
  readonly #pack: ElectionPackage;
  readonly #vault: Vault;
  readonly #printer: SlipPrinter;
  readonly #slips: SlipDrawer;
  #stage: Stage = { at: "none" };

  constructor(options: {
    readonly crypto: Crypto;
    readonly pack: ElectionPackage;
    readonly vault: Vault;
    readonly printer: SlipPrinter;
    readonly slips: SlipDrawer;
    readonly pending: Pending;
  }) {
    this.#crypto = options.crypto;
    this.#pack = options.pack;
    this.#vault = options.vault;
    this.#printer = options.printer;
    this.#slips = options.slips;
    if (options.pending === "committed") this.#stage = { at: "committed" };
    if (options.pending === "voided") this.#stage = { at: "voided" };
  }

  get stage(): Stage["at"] {
    return this.#stage.at;
  }

  /**
   * Seals and stores the ballot undecided, then prints the slip's body, uncut. After a fault the ballot must be voided,
   * unless it was "full" or "seal".
   */
  async prepare(token: Uint8Array, ballot: Ballot): Promise<Result<void, CastFault>> {
    assert(this.#stage.at === "none", "one ballot at a time");
    const { election } = this.#pack;
    const plain = encodeBallot(ballot, election.ballotLength);
    const prepared = this.#vault.prepare(token, plain);
    if (!prepared.ok) return err({ kind: "vault", fault: prepared.error });
    this.#stage = { at: "prepared", prepared: prepared.value };
    // the slip shows what was sealed, not what the session believes
    const sealed = decodeBallot(this.#crypto, prepared.value.plain, election, codeBook(this.#pack));
    assert(sealed.ok, "what was sealed is a ballot");
    return printerFault(await this.#printer.print(this.#slips.body(sealed.value)));
  }

  /** The decision. Not interruptible: it returns with the ballot cast, or with a fault that only a restart settles. */
  commit(): Result<void, CastFault> {
    assert(this.#stage.at === "prepared", "commit what was prepared");
    const { prepared } = this.#stage;
    const committed = this.#vault.commit(prepared);
    if (!committed.ok) return err({ kind: "vault", fault: committed.error });
    const spent = this.#vault.spend(prepared);
    if (!spent.ok) return err({ kind: "vault", fault: spent.error });
    prepared.plain.fill(0);
    this.#stage = { at: "committed" };
    return ok();
  }

  /** Prints VALID, cuts, and forgets which slot it was. To be called again after a printer fault. */
  async finish(): Promise<Result<void, CastFault>> {
    assert(this.#stage.at === "committed", "finish what was committed");
    return this.#close("valid");
  }

  /** Takes the ballot back: zeroes it, prints VOID, cuts. To be called again after a printer fault. */
  async takeBack(): Promise<Result<void, CastFault>> {
    if (this.#stage.at === "prepared") {
      const { prepared } = this.#stage;
      const voided = this.#vault.voidPrepared(prepared);
      if (!voided.ok) return err({ kind: "vault", fault: voided.error });
      prepared.plain.fill(0);
      this.#stage = { at: "voided" };
    }
    assert(this.#stage.at === "voided", "take back what is not decided");
    return this.#close("void");
  }

  async #close(mark: "valid" | "void"): Promise<Result<void, CastFault>> {
    const printed = printerFault(await this.#printer.print(this.#slips.mark(mark)));
    if (!printed.ok) return printed;
    const cut = printerFault(await this.#printer.cut());
    if (!cut.ok) return cut;
    const blanked = this.#vault.blank();
    if (!blanked.ok) return err({ kind: "vault", fault: blanked.error });
    this.#stage = { at: "none" };
    return ok();
  }
}

function printerFault(result: Result<void, PrinterFault>): Result<void, CastFault> {
  return result.ok ? result : err({ kind: "printer", fault: result.error });
}
