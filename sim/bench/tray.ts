// The tray of cards that lies beside the terminal: the two officials', the voters' and one that belongs to nobody here.
// What a card keeps without power is kept in a file, so that tomorrow's bench finds the cards as they were left.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { PIN_TRIES } from "../../firmware/access/protocol.js";
import type { ActivationCard } from "../devices/activation-card.js";
import { ForeignCard, type VirtualCard } from "../devices/card.js";
import type { OfficialCard } from "../devices/official-card.js";
import { testPins } from "../../office/package/keys.js";
import { type Station, StationError } from "../station.js";

/** Voters' cards on the tray at once. */
export const voterCardsMax = 24;

export interface TrayCard {
  readonly id: string;
  readonly kind: "executive" | "supervision" | "voter" | "foreign";
  readonly state: string;
  /** A test official's PIN, printed on the tray. */
  readonly pin: string | undefined;
}

interface KeptTray {
  readonly next: number;
  readonly officials: Readonly<Record<string, unknown>>;
  readonly voters: readonly { readonly id: string; readonly kept: unknown }[];
}

export class Tray {
  readonly #station: Station;
  readonly #path: string;
  readonly #officials: ReadonlyMap<"executive" | "supervision", OfficialCard>;
  readonly #voters = new Map<string, ActivationCard>();
  readonly #foreign = new ForeignCard({ exchanges: true });
  #next = 1;
  #written = "";

  /** Throws StationError when the file is not a tray. */
  constructor(station: Station, path: string) {
    this.#station = station;
    this.#path = path;
    try {
      const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as KeptTray) : undefined;
      this.#officials = new Map(
        (["executive", "supervision"] as const).map((role) => [role, station.official(role, kept?.officials[role])]),
      );
      this.#next = kept?.next ?? 1;
      for (const voter of kept?.voters ?? []) this.#voters.set(voter.id, this.#voterCard(voter.kept));
    } catch (thrown) {
      throw new StationError(
        `${path}: not a tray of cards (${(thrown as Error).message}); take the file away to begin with new cards`,
      );
    }
    if (this.#voters.size === 0) this.add();
  }

  card(id: string): VirtualCard | undefined {
    if (id === "executive" || id === "supervision") return this.#officials.get(id);
    return id === "foreign" ? this.#foreign : this.#voters.get(id);
  }

  idOf(card: VirtualCard | undefined): string | undefined {
    return this.list().find((each) => this.card(each.id) === card)?.id;
  }

  list(): readonly TrayCard[] {
    const officials = [...this.#officials].map(
      ([kind, card]): TrayCard => ({
        id: kind,
        kind,
        pin: testPins[kind],
        state: triesState(card.triesLeft),
      }),
    );
    const voters = [...this.#voters].map(
      ([id, card]): TrayCard => ({ id, kind: "voter", pin: undefined, state: card.kept.kind }),
    );
    return [...officials, ...voters, { id: "foreign", kind: "foreign", pin: undefined, state: "" }];
  }

  /** A new, empty activation card; undefined when the tray is full. */
  add(): string | undefined {
    if (this.#voters.size >= voterCardsMax) return undefined;
    const id = `voter-${this.#next++}`;
    this.#voters.set(id, this.#voterCard(undefined));
    this.save();
    return id;
  }

  /** For the desk; undefined for a card that is not a voter's. */
  voterCard(id: string): ActivationCard | undefined {
    return this.#voters.get(id);
  }

  discard(id: string): boolean {
    const gone = this.#voters.delete(id);
    this.save();
    return gone;
  }

  /** Writes the file when a card has changed since. */
  save(): void {
    const kept: KeptTray = {
      next: this.#next,
      officials: Object.fromEntries([...this.#officials].map(([role, card]) => [role, card.toJSON()])),
      voters: [...this.#voters].map(([id, card]) => ({ id, kept: card.toJSON() })),
    };
    const text = `${JSON.stringify(kept, undefined, 1)}\n`;
    if (text === this.#written) return;
    // a harness that dies while it writes leaves the old tray
    writeFileSync(`${this.#path}.new`, text, { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
    this.#written = text;
  }

  #voterCard(kept: unknown): ActivationCard {
    return this.#station.voterCard(kept);
  }
}

function triesState(triesLeft: number): string {
  if (triesLeft === PIN_TRIES) return "";
  return triesLeft === 0 ? "blocked" : `${triesLeft} tries left`;
}
