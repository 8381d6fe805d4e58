// The tally at the close: as many cards of each office as the election needs open their shares to a key that was drawn
// for this count, the tally key is put together outside of the JS heap, every ballot is opened and counted, the results are signed and kept, and the
// key is wiped before anything is printed.

import type { ShareTrouble } from "../access/present.js";
import { equalBytes } from "../bytes.js";
import { wallSeconds } from "../wall-clock.js";
import { signClosed } from "../access/closed-statement.js";
import type { Crypto, SignKeyPair } from "../crypto/crypto.js";
import type { TallyKey } from "../crypto/tally-key.js";
import type { Assigned } from "../device/assignment.js";
import { type LoadingStatement, officeOf, shareOf } from "../device/loading.js";
import type { ElectionPackage, OfficialRole } from "../election/types.js";
import type { Journal } from "../journal/journal.js";
import type { Clock, Timer } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import type { Media } from "../storage/media.js";
import { type Counted, countBallots } from "../tally/count.js";
import { signRecordList, signResults } from "../tally/results.js";
import type { ResultsStore } from "../tally/results-store.js";
import { mergeSmall } from "../tally/tally.js";
import type { Layout } from "../vault/layout.js";
import { version } from "../version.js";
import { journalMessage } from "./fault-message.js";
import type { ActFault, Steps } from "./steps.js";

/** An official's card that has taken its PIN. */
export interface ShareHolder {
  /** See access/present.ts. */
  readonly boxKey: Uint8Array;
  readonly role: OfficialRole;
  openShare(sealed: Uint8Array, statement: Uint8Array): Promise<Result<Uint8Array, ShareTrouble>>;
}

export interface CountingOptions {
  readonly crypto: Crypto;
  readonly pack: ElectionPackage;
  readonly assignment: Assigned;
  readonly signKey: SignKeyPair;
  /** See device/secret.ts. */
  readonly deviceSecret: Uint8Array;
  readonly loading: LoadingStatement;
  readonly key: TallyKey;
  readonly media: Media;
  readonly layout: Layout;
  readonly store: ResultsStore;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly steps: Steps;
}

const otherOffice = { executive: "supervision", supervision: "executive" } as const;
const sharesRefused = { none: 1, misfit: 2 } as const;

export class Counting {
  readonly #options: CountingOptions;
  /** Says that the polls are closed, and to which key shares are to be sealed. */
  #statement: Uint8Array | undefined;
  /** In their order. */
  readonly #taken: ShareHolder[] = [];

  constructor(options: CountingOptions) {
    this.#options = options;
  }

  /** Whose card comes next, the first one's office before the other; undefined: the count has all, or is not begun. */
  get waitsFor(): { readonly role: OfficialRole; readonly cards: number } | undefined {
    const [first] = this.#taken;
    if (first === undefined) return undefined;
    const { needed } = this.#options.loading;
    for (const role of [first.role, otherOffice[first.role]]) {
      const cards = needed[role] - this.#taken.filter((holder) => holder.role === role).length;
      if (cards > 0) return { role, cards };
    }
    return undefined;
  }

  hasShareOf(boxKey: Uint8Array): boolean {
    return this.#taken.some((holder) => equalBytes(holder.boxKey, boxKey));
  }

  /** The first official's share. Only to be called when the polls are closed. */
  begin(holder: ShareHolder): Promise<Result<void, ActFault>> {
    const { crypto, pack, assignment, signKey, key } = this.#options;
    this.#taken.length = 0;
    const freshKey = new Uint8Array(32);
    key.begin(freshKey);
    this.#statement = signClosed(
      crypto,
      { election: pack.election.id, terminal: assignment.number, freshKey },
      signKey.secretKey,
    );
    return this.#takeShare(holder);
  }

  /** Another official's share; with the last of them everything is counted, signed and kept. */
  async complete(holder: ShareHolder): Promise<Result<void, ActFault>> {
    const shared = await this.#takeShare(holder);
    if (!shared.ok || this.waitsFor !== undefined) return shared;
    const { pack, assignment, deviceSecret, loading, key, steps } = this.#options;
    steps.run("key");
    if (!key.combine(loading.devicePart, deviceSecret, pack.election.id, loading.tallyKey))
      return this.#refuse("misfit", "O-11");
    steps.pass();
    steps.run("count");
    const counted = await countBallots({
      ...this.#options,
      terminal: assignment.number,
      publicKey: assignment.signKey,
      onProgress: (ballots) => steps.progress(ballots),
    });
    this.forget();
    if (!counted.ok) return err({ kind: "stop", message: counted.error.kind === "medium" ? "S-01" : "S-02" });
    // a slot that is whole on one medium alone was counted, and people should know
    steps.pass(counted.value.onOneMedium > 0);
    steps.run("sign");
    const kept = this.#keep(counted.value);
    counted.value.tally.wipe();
    if (kept.ok) steps.pass();
    return kept;
  }

  /** Wipes whatever is there of the key. */
  forget(): void {
    this.#options.key.end();
    this.#statement = undefined;
    this.#taken.length = 0;
  }

  async #takeShare(holder: ShareHolder): Promise<Result<void, ActFault>> {
    const { loading, key, steps } = this.#options;
    assert(this.#statement !== undefined, "a count was begun");
    steps.run("share");
    // a card that was not there when the terminal was loaded has none
    const sealed = shareOf(loading, holder.boxKey);
    if (sealed === undefined) return this.#refuse("none", "O-12");
    const share = await holder.openShare(sealed.sealed, this.#statement);
    if (!share.ok)
      return share.error === "removed" || share.error === "unreadable"
        ? this.#refuse(undefined, "C-01")
        : this.#refuse("none", "O-12");
    if (!key.addShare(share.value, officeOf(sealed))) return this.#refuse("misfit", "O-11");
    this.#taken.push(holder);
    steps.pass();
    return ok();
  }

  #keep({ tally, names, voids }: Counted): Result<void, ActFault> {
    const { crypto, pack, assignment, signKey, store, media, journal, clock } = this.#options;
    const { id, root, policy } = pack.election;
    const list = { election: id, terminal: assignment.number, names };
    const results = {
      root,
      terminal: assignment.number,
      generatedAt: wallSeconds(clock),
      ballots: tally.ballots,
      voids,
      records: crypto.sha256(names),
      media: media.active.length === 1 ? 1 : 2,
      k: policy.k,
      contests: mergeSmall(tally.contests, policy.k),
      version,
      kind: pack.election.kind,
    } as const;
    const signedResults = signResults(crypto, results, signKey.secretKey);
    const signedList = signRecordList(crypto, list, signKey.secretKey);
    const kept = store.keep({ results, list, signedResults, signedList });
    if (!kept.ok) return err({ kind: "stop", message: "S-01" });
    const noted = journal.append("counted", tally.ballots);
    if (!noted.ok) return err({ kind: "stop", message: journalMessage(noted.error) });
    const signed = journal.checkpoint();
    return signed.ok ? ok() : err({ kind: "stop", message: journalMessage(signed.error) });
  }

  #refuse(why: keyof typeof sharesRefused | undefined, message: "C-01" | "O-11" | "O-12"): Result<never, ActFault> {
    this.forget();
    if (why === undefined) return err({ kind: "refused", message });
    const noted = this.#options.journal.append("sharesRefused", sharesRefused[why]);
    return noted.ok ? err({ kind: "refused", message }) : err({ kind: "stop", message: journalMessage(noted.error) });
  }
}
