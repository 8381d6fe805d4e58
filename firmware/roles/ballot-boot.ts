// What a start of the ballot role finds and settles before it serves anybody: whose device it is, the election's
// package, a released election to be erased, the vault with the cast that was under way, the journal, the results.
// Everything that a start writes to flash is written here, so the crash campaigns begin here too.

import type { Crypto } from "../crypto/crypto.js";
import type { Assigned } from "../device/assignment.js";
import { type Device, openDevice, openStationKey, otherEdition, readOwnAssignment } from "../device/device.js";
import { EpochLog } from "../device/epoch.js";
import type { DeviceLog } from "../device/log.js";
import { type DeviceKeys, deriveKey, deriveKeys, markKeyOf } from "../device/keys.js";
import type { LoadingStatement } from "../device/loading.js";
import { packageAddress } from "../device/layout.js";
import { type PackageError, describePackageError, packageError } from "../election/error.js";
import { openPackage } from "../election/package.js";
import { isKindOf } from "../election/shapes.js";
import type { ElectionPackage } from "../election/types.js";
import type { EventName } from "../journal/events.js";
import { Journal, type JournalEntry, type JournalFault, type JournalOptions } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Flash, Platform } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { journalMessage, statesMessage, vaultMessage } from "../service/fault-message.js";
import { exceeded, limitsOf } from "../service/limits.js";
import { eraseReleased, otherPackage } from "../service/release.js";
import { ReportHistory } from "../service/reports.js";
import { States } from "../service/states.js";
import type { Media, Medium } from "../storage/media.js";
import { ResultsStore, listMax, resultsLengthMin, resultsRegion } from "../tally/results-store.js";
import type { VaultFault } from "../vault/fault.js";
import type { Layout } from "../vault/layout.js";
import type { Pending } from "../vault/recovery.js";
import { settleLoading } from "../vault/loading-store.js";
import { StateWords } from "../vault/state-words.js";
import { Vault, type VaultOptions } from "../vault/vault.js";

export interface Booted {
  readonly pack: ElectionPackage;
  readonly device: Device;
  readonly assignment: Assigned;
  readonly keys: DeviceKeys;
  /** See tokenOf of access/activation.ts. */
  readonly markKey: Uint8Array;
  /** What it drew when it was loaded. */
  readonly loading: LoadingStatement;
  readonly vault: Vault;
  readonly pending: Pending;
  readonly media: Media;
  readonly layout: Layout;
  readonly journal: Journal;
  readonly results: ResultsStore;
  readonly unfinishedReport: boolean;
  readonly released: boolean;
}

/** Why the terminal does not serve. */
export interface Refusal {
  readonly code: MessageCode;
  readonly why: string;
  /** See DeviceRefusal. */
  readonly codes?: readonly (readonly string[])[];
  /** When the package could be opened: for its texts. */
  readonly pack?: ElectionPackage;
  /** One storage medium is missing or fails: what officials need who may decide to go on without it. */
  readonly missing?: MissingMedium;
}

export interface MissingMedium {
  readonly medium: Medium;
  readonly pack: ElectionPackage;
  readonly device: Device;
  readonly assignment: Assigned;
  /** See Booted. */
  readonly markKey: Uint8Array;
  /** With the other medium alone, from the next start on. */
  goOn(): Result<void, VaultFault>;
}

/** What a start needs of the platform: nothing that is seen or heard. */
export type BootPlatform = Pick<Platform, "clock" | "flash" | "fuses" | "root" | "model" | "trace"> & {
  readonly tallyKey: Pick<Platform["tallyKey"], "draw">;
};

/** Never throws for what the world can do. `onEntry`: told of every entry of the journal, in order. */
export function boot(
  platform: BootPlatform,
  crypto: Crypto,
  onEntry?: (entry: JournalEntry) => void,
): Result<Booted, Refusal> {
  const own = openDevice(platform, crypto);
  if (!own.ok) return own;
  const device = own.value;
  const opened = openPackage(platform.flash.main, packageAddress, crypto, platform.root.key, {
    trust: "signature",
    tagKey: (election) => deriveKey(crypto, device.secret, election, "package", 16),
  });
  if (!opened.ok) return err({ code: opened.error.code, why: describePackageError(opened.error) });
  const pack = opened.value;
  const { a, b } = platform.flash;
  const tooLarge = limitOf(pack, [a, b]);
  if (tooLarge !== undefined) return err({ code: tooLarge.code, why: describePackageError(tooLarge), pack });
  const { id, root, station, kind, cards } = pack.election;
  if (!isKindOf(kind, platform.root)) return err({ code: "E-09", why: `${kind} package under another root`, pack });
  const served = { role: "ballot", root, station, election: id, epoch: cards.epoch } as const;
  const assigned = readOwnAssignment(platform, crypto, device, served);
  if (!assigned.ok) return err({ ...assigned.error, pack });
  const assignment = assigned.value;
  const stationKey = openStationKey(crypto, device, assignment);
  if (stationKey === undefined) return err({ code: "I-06", why: "assignment: its station key does not open", pack });
  const { log } = device;
  log.note("installed", root, assignment.number);
  const epochs = EpochLog.open(platform.flash.main, crypto, device.secret);
  const cleared = eraseReleased({
    crypto,
    deviceSecret: device.secret,
    election: pack.election.id,
    a,
    b,
    clock: platform.clock,
    epochs,
    onReleased: (old) => log.note("released", old),
    onErasing: (old) => log.note("wiped", old),
  });
  if (!cleared.ok) return err({ code: "S-01", why: describeFault(cleared.error) });
  if (cleared.value) platform.trace("a released election was erased");
  const { election } = pack;
  const keys = deriveKeys(crypto, device.secret, id, stationKey, device.sign);
  const markKey = markKeyOf(crypto, stationKey, id);
  stationKey.fill(0);
  const journalOf = (media: Media, layout: Layout): JournalOptions => ({
    crypto,
    media,
    region: layout.journal,
    head: layout.journalHead,
    key: keys.journal,
    election: election.id,
    terminal: assignment.number,
    signKey: keys.sign,
    clock: platform.clock,
  });
  let loading: LoadingStatement | undefined;
  const options: VaultOptions = {
    crypto,
    keys,
    election,
    tallyKey: (media, layout) => {
      const settled = settleLoading({
        crypto,
        key: platform.tallyKey,
        election,
        terminal: assignment.number,
        deviceSecret: device.secret,
        keys,
        media,
        region: layout.loading,
        isUnused: () => Journal.isUnused(journalOf(media, layout)),
      });
      if (!settled.ok) return settled;
      loading = settled.value;
      return ok(loading.tallyKey);
    },
    terminal: assignment.number,
    a,
    b,
    behind: resultsLengthMin,
    journal: (media, layout) => ({
      onlyOn: (medium, other) => Journal.onlyOn(journalOf(media, layout), medium, other),
      settleOn: (medium) => Journal.settleOn(journalOf(media, layout), medium),
    }),
  };
  const erasing = (): Uint8Array => deriveKey(crypto, device.secret, election.id, "erasing", 16);
  const found = find(platform, options, { epochs, erasing, log }, onEntry);
  if (found.ok) {
    assert(loading !== undefined, "a vault that is open has its key");
    return ok({ ...found.value, pack, device, assignment, loading, keys, markKey });
  }
  const { without, ...refused } = found.error;
  // what is stored is of another package: both are shown
  const other =
    refused.code === "S-10" ? otherPackage({ crypto, deviceSecret: device.secret, election: id, a, b }) : undefined;
  const refusal: Refusal = other === undefined ? refused : { ...refused, codes: otherEdition(other, root).codes };
  if (without === undefined) return err({ ...refusal, pack });
  return err({
    ...refusal,
    pack,
    missing: {
      medium: without,
      pack,
      device,
      assignment,
      markKey,
      goOn: () => Vault.goOnAlone(options, without === "a" ? "b" : "a"),
    },
  });
}

/**
 * What of the election is more than this terminal's chips, paper or messages hold. Chips that do not answer are the
 * vault's matter.
 */
function limitOf({ election }: ElectionPackage, media: readonly Flash[]): PackageError | undefined {
  const present = media.map((flash) => flash.status()).filter((status) => status !== undefined);
  const [first] = present;
  if (first === undefined) return undefined;
  // one that has no room counts as missing where the other one has
  const size = Math.max(...present.map((status) => status.size));
  const limit = exceeded(limitsOf(election, { size, blockLength: first.blockLength }));
  return limit === undefined ? undefined : packageError.limit(limit.name, limit.taken, limit.most);
}

const mediaNames: readonly Medium[] = ["a", "b"];

type Found = Omit<Booted, "pack" | "device" | "assignment" | "loading" | "keys" | "markKey">;
type NotFound = Pick<Refusal, "code" | "why"> & { readonly without?: Medium };

/** Opens what is stored and settles what a power cut left. */
function find(
  platform: BootPlatform,
  options: VaultOptions,
  { epochs, erasing, log }: { readonly epochs: EpochLog; readonly erasing: () => Uint8Array; readonly log: DeviceLog },
  onEntry?: (entry: JournalEntry) => void,
): Result<Found, NotFound> {
  const { crypto, keys, election, terminal } = options;
  const opened = Vault.open(options);
  if (!opened.ok) return err(refusalOf(opened.error));
  const { vault, pending, media, layout, rebuilt, without } = opened.value;
  const reports = new ReportHistory();
  let released = false;
  let isNotedAlone = false;
  const opening = Journal.open({
    crypto,
    media,
    region: layout.journal,
    head: layout.journalHead,
    key: keys.journal,
    mark: epochs.markOf(election.id),
    election: election.id,
    terminal,
    signKey: keys.sign,
    clock: platform.clock,
    onEntry: (entry) => {
      const { event } = entry;
      reports.take(event);
      if (event === "released") released = true;
      if (event === "oneMedium" || event === "mediumRebuilt") isNotedAlone = event === "oneMedium";
      onEntry?.(entry);
    },
  });
  if (!opening.ok) return err(journalRefusal(opening.error));
  const journal = opening.value;
  const words = new StateWords({
    crypto,
    media,
    keys: { state: keys.state, erasing },
    election: election.id,
    terminal,
  });
  const onReleased = (): void => log.note("released", election.root);
  const states = States.open({ crypto, journal, words, epochs, election: election.id, onReleased });
  if (!states.ok) {
    const { error } = states;
    return err(error.kind === "medium" ? refusalOf(error) : { code: statesMessage(error), why: describeFault(error) });
  }
  const region = resultsRegion(layout, media.geometry.size);
  if (region === undefined) return err({ code: "S-03", why: "no room for the results" });
  const results = ResultsStore.open({
    crypto,
    media,
    region,
    listMax: listMax(layout),
    root: election.root,
    terminal,
    publicKey: keys.sign.publicKey,
  });
  if (!results.ok) return err(refusalOf({ kind: "medium", ...results.error }));
  const notes: readonly (readonly [EventName, number?])[] = [
    ["started"],
    ...(states.value.wasForgotten ? [["epochForgotten"] as const] : []),
    ...mediaNames
      .filter((medium) => platform.flash[medium].status()?.wasProtected === true)
      .map((medium) => ["protectionCleared", numberOf(medium)] as const),
    ...[...vault.damaged].map((medium) => ["mediumFault", numberOf(medium)] as const),
    // the decision is one, however often the terminal starts with it
    ...(without === undefined || isNotedAlone ? [] : [["oneMedium", numberOf(without)] as const]),
    ...(rebuilt === undefined ? [] : [["mediumRebuilt", numberOf(rebuilt)] as const]),
    ...(log.harmedDetail === undefined ? [] : [["deviceLogHarmed", log.harmedDetail] as const]),
  ];
  for (const [event, detail] of notes)
    if (event === "oneMedium" || event === "mediumRebuilt") log.append(event, undefined, detail);
  if (log.harmed !== undefined) platform.trace(`I-07 device log: changed at ${log.harmed}`);
  if (!log.isKept) platform.trace("I-08 device log: not kept");
  for (const [event, detail] of notes) {
    const written = journal.append(event, detail);
    if (!written.ok) return err(journalRefusal(written.error));
  }
  return ok({
    vault,
    pending,
    media,
    layout,
    journal,
    results: results.value,
    unfinishedReport: reports.unfinished,
    released,
  });
}

function refusalOf(fault: VaultFault): NotFound {
  const without = fault.kind === "undecided" ? fault.missing : fault.kind === "medium" ? fault.medium : undefined;
  const why = describeFault(fault);
  return without === undefined ? { code: vaultMessage(fault), why } : { code: "S-07", why, without };
}

function journalRefusal(fault: JournalFault): NotFound {
  return fault.kind === "medium" ? refusalOf(fault) : { code: journalMessage(fault), why: describeFault(fault) };
}

function numberOf(medium: Medium): number {
  return medium === "a" ? 1 : 2;
}

/** For the developer's trace. */
export function describeFault(fault: object): string {
  return Object.entries(fault)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}
