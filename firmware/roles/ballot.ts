// The ballot role: which parts, wired how. It knows what is voted and must not be able to know who votes.

import { Cards } from "../access/cards.js";
import { equalBytes } from "../bytes.js";
import { Cast } from "../cast/cast.js";
import { Crypto } from "../crypto/crypto.js";
import { type Identity, packageAddress, readIdentity } from "../device/identity.js";
import { type DeviceKeys, deriveKey, deriveKeys } from "../device/keys.js";
import { describePackageError } from "../election/error.js";
import { openPackage } from "../election/package.js";
import type { Election, ElectionPackage, Terminal } from "../election/types.js";
import type { EventName } from "../journal/events.js";
import { Journal, type JournalFault } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Platform } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { readReceipt } from "../service/archive.js";
import { Counting } from "../service/counting.js";
import { Day } from "../service/day.js";
import { journalMessage, vaultMessage } from "../service/fault-message.js";
import { Opening } from "../service/opening.js";
import { Polls } from "../service/polls.js";
import { eraseReleased } from "../service/release.js";
import { ReportHistory, Reports } from "../service/reports.js";
import { Steps } from "../service/steps.js";
import { MediumDecision } from "../session/medium-decision.js";
import { Session } from "../session/session.js";
import type { Intent } from "../session/view.js";
import { settingsAtRest } from "../settings.js";
import { ResultsStore, listMax, resultsRegion } from "../tally/results-store.js";
import type { Media, Medium } from "../storage/media.js";
import { Uplink } from "../sync/uplink.js";
import type { VaultFault } from "../vault/fault.js";
import type { Layout } from "../vault/layout.js";
import type { Pending } from "../vault/recovery.js";
import { Vault, type VaultOptions } from "../vault/vault.js";
import { PN532Reader } from "../../drivers/card/pn532/reader.js";
import { Panel } from "../../drivers/panel/panel.js";
import { Printer } from "../../drivers/printer/printer.js";
import { BallotScreen } from "../../ui/screen.js";
import { ReportDrawing } from "../../ui/slip/report.js";
import { SlipDrawing } from "../../ui/slip/slip.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { type TextSource, textSource } from "../../ui/text/typesetter.js";

interface Booted {
  readonly identity: Identity;
  readonly terminal: Terminal;
  readonly keys: DeviceKeys;
  readonly vault: Vault;
  readonly pending: Pending;
  readonly media: Media;
  readonly layout: Layout;
  readonly journal: Journal;
  readonly results: ResultsStore;
  readonly unfinishedReport: boolean;
  readonly released: boolean;
}

/** Power on. Never throws for what the world can do: it shows why it does not serve. */
export function start(platform: Platform): void {
  const crypto = new Crypto({ primitives: platform.primitives, random: (out) => platform.random(out) });
  const text = TextBundle.open(platform.text);
  // the image carries its own texts: without them it is not the image that was built
  assert(text.ok, "text bundle of the image");
  let onIntent: (intent: Intent) => void = () => {};
  const screen = new BallotScreen({
    display: platform.display, blender: platform.blender, now: () => platform.clock.monotonic(), source: textSource(text.value, undefined), onIntent: (intent) => onIntent(intent),
  });
  const refuse = (code: MessageCode, why: string): void => {
    platform.trace(`out of service: ${code} ${why}`);
    screen.show({ screen: "message", code, awaits: "nothing" }, settingsAtRest);
  };
  screen.show({ screen: "starting" }, settingsAtRest);

  const identity = readIdentity(platform.flash.main);
  if (!identity.ok) return refuse("I-01", identity.error.what);
  const { secret, authorityKey } = identity.value;
  const pack = openPackage(platform.flash.main, packageAddress, crypto, authorityKey, { trust: "signature", tagKey: (election) => deriveKey(crypto, secret, election, "package", 16) });
  if (!pack.ok) return refuse(pack.error.code, describePackageError(pack.error));
  const cleared = eraseReleased({
    crypto, deviceSecret: identity.value.secret, terminal: identity.value.terminal, election: pack.value.election.id,
    a: platform.flash.a, b: platform.flash.b, clock: platform.clock,
  });
  if (!cleared.ok) return refuse("S-01", describeFault(cleared.error));
  if (cleared.value) platform.trace("a released election was erased");
  const terminal = findTerminal(crypto, identity.value, pack.value);
  const booted = terminal.ok ? boot(platform, crypto, identity.value, pack.value, terminal.value) : terminal;
  const source = textSource(text.value, pack.value);
  screen.source = source;
  if (booted.ok) {
    const session = serve(platform, crypto, pack.value, booted.value, screen, source);
    onIntent = (intent) => session.intent(intent);
    return;
  }
  platform.trace(`out of service: ${booted.error.code} ${booted.error.why}`);
  const { without } = booted.error;
  if (without === undefined || !terminal.ok) return screen.show({ screen: "message", code: booted.error.code, awaits: "nothing" }, settingsAtRest);
  const decision = decide(platform, crypto, identity.value, pack.value, screen, without, terminal.value);
  onIntent = (intent) => decision.intent(intent);
}

/** One storage medium is missing or fails: two officials may go on without it; then everything starts again. */
function decide(platform: Platform, crypto: Crypto, identity: Identity, pack: ElectionPackage, screen: BallotScreen, without: Medium, terminal: Terminal): MediumDecision {
  const { election } = pack;
  const reader = new PN532Reader({ serial: platform.serial.reader, timer: platform.timer });
  const panel = new Panel({
    serial: platform.serial.panel, timer: platform.timer,
    onTouch: (touch) => screen.touch(touch), onKey: (press) => screen.key(press), onSwitch: () => {},
  });
  const decision = new MediumDecision({
    cards: new Cards({ crypto, election, terminal: identity.terminal }), reader, screen, timer: platform.timer,
    onDecided: () => {
      reader.close();
      panel.close();
      const alone = Vault.goOnAlone(vaultOptions(platform, crypto, identity, electionOf(pack, terminal)), without === "a" ? "b" : "a");
      platform.trace(alone.ok ? `going on without medium ${without}` : `medium: ${describeFault(alone.error)}`);
      start(platform);
    },
    trace: (line) => platform.trace(line),
  });
  decision.start();
  return decision;
}

function vaultOptions(platform: Platform, crypto: Crypto, identity: Identity, election: Election): VaultOptions {
  const { a, b } = platform.flash;
  return { crypto, keys: deriveKeys(crypto, identity.secret, election.id), election, terminal: identity.terminal, a, b };
}

/** As this terminal has it. */
function electionOf(pack: ElectionPackage, terminal: Terminal): Election {
  return { ...pack.election, tallyKey: terminal.tallyKey };
}

/** Why the terminal does not serve; `without`: the medium that officials may decide to leave out. */
interface Refusal {
  readonly code: MessageCode;
  readonly why: string;
  readonly without?: Medium;
}

function refusalOf(fault: VaultFault): Refusal {
  const without = fault.kind === "undecided" ? fault.missing : fault.kind === "medium" ? fault.medium : undefined;
  return { code: without === undefined ? vaultMessage(fault) : "S-07", why: describeFault(fault), ...(without === undefined ? {} : { without }) };
}

/** This terminal as the package names it. */
function findTerminal(crypto: Crypto, identity: Identity, { election }: ElectionPackage): Result<Terminal, Refusal> {
  const own = election.terminals.find((each) => each.id === identity.terminal);
  const { publicKey } = deriveKeys(crypto, identity.secret, election.id).sign;
  return own !== undefined && equalBytes(own.publicKey, publicKey) ? ok(own) : err({ code: "E-06", why: `terminal ${identity.terminal}` });
}

/** Opens what is stored and settles what a power cut left. */
function boot(platform: Platform, crypto: Crypto, identity: Identity, pack: ElectionPackage, terminal: Terminal): Result<Booted, Refusal> {
  const election = electionOf(pack, terminal);
  const options = vaultOptions(platform, crypto, identity, election);
  const { keys } = options;
  const opened = Vault.open(options);
  if (!opened.ok) return err(refusalOf(opened.error));
  const { vault, pending, media, layout, rebuilt, without } = opened.value;
  const reports = new ReportHistory();
  let released = false;
  const opening = Journal.open({
    crypto, media, region: layout.journal, election: election.id, terminal: identity.terminal, signKey: keys.sign, clock: platform.clock,
    onEntry: ({ event }) => {
      reports.take(event);
      if (event === "released") released = true;
    },
  });
  if (!opening.ok) return err(journalRefusal(opening.error));
  const journal = opening.value;
  const region = resultsRegion(layout, media.geometry.size);
  if (region === undefined) return err({ code: "S-03", why: "no room for the results" });
  const results = ResultsStore.open({ crypto, media, region, listMax: listMax(layout), election: election.id, terminal: identity.terminal, publicKey: keys.sign.publicKey });
  if (!results.ok) return err(refusalOf({ kind: "medium", ...results.error }));
  const notes: readonly (readonly [EventName, number?])[] = [
    ["started"],
    ...[...vault.damaged].map((medium) => ["mediumFault", numberOf(medium)] as const),
    ...(without === undefined ? [] : [["oneMedium", numberOf(without)] as const]),
    ...(rebuilt === undefined ? [] : [["mediumRebuilt", numberOf(rebuilt)] as const]),
  ];
  for (const [event, detail] of notes) {
    const written = journal.append(event, detail);
    if (!written.ok) return err(journalRefusal(written.error));
  }
  return ok({ identity, terminal, keys, vault, pending, media, layout, journal, results: results.value, unfinishedReport: reports.unfinished, released });
}

function journalRefusal(fault: JournalFault): Refusal {
  return fault.kind === "medium" ? refusalOf(fault) : { code: journalMessage(fault), why: describeFault(fault) };
}

function numberOf(medium: Medium): number {
  return medium === "a" ? 1 : 2;
}

function serve(platform: Platform, crypto: Crypto, pack: ElectionPackage, booted: Booted, screen: BallotScreen, source: TextSource): Session {
  const { identity, terminal, keys, vault, pending, media, layout, journal, results } = booted;
  const { clock, timer, trace } = platform;
  const { election } = pack;
  const printer = new Printer({ serial: platform.serial.printer, timer, clock, random: (out) => platform.random(out), find: platform.blender.find });
  const slips = new SlipDrawing({ source, blender: platform.blender });
  const cast = new Cast({ crypto, pack, vault, printer, slips, pending });
  const polls = new Polls({ journal, vault });
  const steps = new Steps({ onChange: () => session.stepsChanged() });
  const reports = new Reports({ journal, printer, drawer: new ReportDrawing({ source, blender: platform.blender, slips }), unfinished: booted.unfinishedReport });
  const day = new Day({
    polls, reports, results, steps, journal, crypto, clock, released: booted.released,
    opening: new Opening({ crypto, pack, journal, clock, media, layout, terminal: terminal.id, reports, steps }),
    counting: new Counting({
      crypto, pack, terminal, signKey: keys.sign, deviceSecret: identity.secret, key: platform.tallyKey, media, layout, store: results, journal, clock, timer, steps,
    }),
    receipt: () => {
      const receipt = readReceipt(platform.flash.main, crypto, election.authorityKey);
      return receipt.ok ? receipt.value : undefined;
    },
  });
  let power: "mains" | "battery" = "mains";
  let caseOpen = false;

  const uplink = new Uplink({
    crypto, election, terminal: identity.terminal, signKey: keys.sign, vault, network: platform.network, timer, clock,
    poll: () => polls.state,
    onLine: (up) => void journal.append(up ? "lineUp" : "lineDown"),
    results: () => results.stored?.signedResults,
    onResultsReceived: () => {
      void journal.append("resultsReceived");
      trace("results received");
    },
    onAllReceived: () => {
      void journal.append("allReceived");
      trace("uplink complete");
    },
    trace: (line) => trace(line),
  });
  const session = new Session({
    pack, vault, cast, journal, day, printer, screen, timer,
    cards: new Cards({ crypto, election, terminal: identity.terminal }),
    reader: new PN532Reader({ serial: platform.serial.reader, timer }),
    status: () => ({ power, sync: uplink.sync, media: media.active.length === 1 ? "one" : "both" }),
    onPolls: () => {
      trace(`polls ${polls.state}`);
      if (results.stored !== undefined) trace("results kept");
      uplink.nudge();
    },
    onCast: () => uplink.nudge(),
    wipeHeap: () => platform.wipeHeap(),
    trace: (line) => trace(line),
  });
  new Panel({
    serial: platform.serial.panel, timer,
    onTouch: (touch) => session.guard(() => screen.touch(touch)),
    onKey: (press) => session.guard(() => screen.key(press)),
    onSwitch: (switches) => {
      const now = switches.mains ? "mains" : "battery";
      if (now !== power) void journal.append(now === "mains" ? "mainsBack" : "mainsLost");
      power = now;
      if (switches.caseOpen !== caseOpen) session.caseChanged(switches.caseOpen);
      caseOpen = switches.caseOpen;
    },
  });
  trace(`polls ${polls.state}`);
  if (results.stored !== undefined) trace("results kept");
  session.start();
  uplink.start();
  return session;
}

function describeFault(fault: object): string {
  return Object.entries(fault).map(([key, value]) => `${key}=${String(value)}`).join(" ");
}
