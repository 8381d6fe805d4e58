// The ballot role: which parts, wired how. It knows what is voted and must not be able to know who votes.

import { Cards } from "../access/cards.js";
import { Cast } from "../cast/cast.js";
import { Crypto } from "../crypto/crypto.js";
import { type PackageError, PackageFault, describePackageError } from "../election/error.js";
import type { ElectionPackage } from "../election/types.js";
import type { MessageCode } from "../messages.js";
import type { Platform } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { readReceipt } from "../service/archive.js";
import { Counting } from "../service/counting.js";
import { Day } from "../service/day.js";
import { Opening } from "../service/opening.js";
import { Polls } from "../service/polls.js";
import { Reports } from "../service/reports.js";
import { Steps } from "../service/steps.js";
import { MediumDecision } from "../session/medium-decision.js";
import { Session } from "../session/session.js";
import type { Intent } from "../session/view.js";
import { settingsAtRest } from "../settings.js";
import { Uplink } from "../sync/uplink.js";
import { version } from "../version.js";
import { PN532Reader } from "../../drivers/card/pn532/reader.js";
import { Panel } from "../../drivers/panel/panel.js";
import { Printer } from "../../drivers/printer/printer.js";
import { BallotScreen } from "../../ui/screen.js";
import { ReportDrawing } from "../../ui/slip/report.js";
import { SlipDrawing } from "../../ui/slip/slip.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { type TextSource, textSource } from "../../ui/text/typesetter.js";
import { type Booted, type MissingMedium, boot, describeFault } from "./ballot-boot.js";

/** Power on. Never throws for what the world can do: it shows why it does not serve. */
export function start(platform: Platform): void {
  platform.trace(`sandogh ${version}, ballot`);
  const crypto = new Crypto({ primitives: platform.primitives, random: (out) => platform.random(out) });
  const text = TextBundle.open(platform.text);
  // the image carries its own texts: without them it is not the image that was built
  assert(text.ok, "text bundle of the image");
  let onIntent: (intent: Intent) => void = () => {};
  const screen = new BallotScreen({
    display: platform.display,
    blender: platform.blender,
    now: () => platform.clock.monotonic(),
    source: textSource(text.value, undefined),
    onIntent: (intent) => onIntent(intent),
  });
  screen.show({ screen: "starting" }, settingsAtRest);
  const booted = boot(platform, crypto);
  const pack = booted.ok ? booted.value.pack : booted.error.pack;
  const outOfService = (code: MessageCode, why: string): void => {
    platform.trace(`out of service: ${code} ${why}`);
    screen.show({ screen: "message", code, awaits: "nothing" }, settingsAtRest);
  };
  const names = sourceWith(text.value, pack);
  if (!names.ok) return outOfService(names.error.code, describePackageError(names.error));
  const source = names.value;
  screen.source = source;
  if (booted.ok) {
    const session = serve(platform, crypto, booted.value, screen, source);
    onIntent = (intent) => session.intent(intent);
    return;
  }
  const { code, why, codes, missing } = booted.error;
  platform.trace(`out of service: ${code} ${why}`);
  if (missing === undefined)
    return screen.show({ screen: "message", code, awaits: "nothing", ...(codes && { codes }) }, settingsAtRest);
  const decision = decide(platform, crypto, screen, missing);
  onIntent = (intent) => decision.intent(intent);
}

/** The pictures of the package's letters are on the flash as everything else of it is: they can have gone bad. */
function sourceWith(text: TextBundle, pack: ElectionPackage | undefined): Result<TextSource, PackageError> {
  try {
    return ok(textSource(text, pack));
  } catch (thrown) {
    if (thrown instanceof PackageFault) return err(thrown.reason);
    throw thrown;
  }
}

/** One storage medium is missing or fails: two officials may go on without it; then everything starts again. */
function decide(
  platform: Platform,
  crypto: Crypto,
  screen: BallotScreen,
  { medium, pack, device, assignment, markKey, goOn }: MissingMedium,
): MediumDecision {
  const reader = new PN532Reader({ serial: platform.serial.reader, timer: platform.timer });
  const panel = new Panel({
    serial: platform.serial.panel,
    timer: platform.timer,
    onTouch: (touch) => screen.touch(touch),
    onKey: (press) => screen.key(press),
    onSwitch: () => {},
  });
  const decision = new MediumDecision({
    cards: new Cards({ crypto, election: pack.election, assignment, box: device.box, markKey }),
    reader,
    screen,
    timer: platform.timer,
    onDecided: () => {
      reader.close();
      panel.close();
      const alone = goOn();
      platform.trace(alone.ok ? `going on without medium ${medium}` : `medium: ${describeFault(alone.error)}`);
      start(platform);
    },
    trace: (line) => platform.trace(line),
  });
  decision.start();
  return decision;
}

function serve(platform: Platform, crypto: Crypto, booted: Booted, screen: BallotScreen, source: TextSource): Session {
  const { pack, device, assignment, loading, keys, vault, pending, media, layout, journal, results } = booted;
  const { clock, timer, trace } = platform;
  const { election } = pack;
  const printer = new Printer({
    serial: platform.serial.printer,
    timer,
    clock,
    random: (out) => platform.random(out),
    find: platform.blender.find,
  });
  const slips = new SlipDrawing({ source, blender: platform.blender });
  const cast = new Cast({ crypto, pack, vault, printer, slips, pending });
  const polls = new Polls({ journal, vault });
  const steps = new Steps({ onChange: () => session.stepsChanged() });
  const drawer = new ReportDrawing({ source, blender: platform.blender, slips });
  const reports = new Reports({ journal, printer, drawer, steps, timer, unfinished: booted.unfinishedReport });
  const day = new Day({
    polls,
    reports,
    results,
    steps,
    journal,
    crypto,
    clock,
    released: booted.released,
    opening: new Opening({ crypto, pack, journal, clock, media, layout, terminal: assignment.number, reports, steps }),
    counting: new Counting({
      crypto,
      pack,
      assignment,
      signKey: keys.sign,
      deviceSecret: device.secret,
      loading,
      key: platform.tallyKey,
      media,
      layout,
      store: results,
      journal,
      clock,
      timer,
      steps,
    }),
    receipt: () => {
      const receipt = readReceipt(platform.flash.main, crypto, election.authorityKey);
      return receipt.ok ? receipt.value : undefined;
    },
  });
  let power: "mains" | "battery" = "mains";
  let caseOpen = false;

  const uplink = new Uplink({
    crypto,
    election,
    terminal: assignment.number,
    signKey: keys.sign,
    vault,
    network: platform.network,
    timer,
    clock,
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
    pack,
    vault,
    cast,
    journal,
    day,
    printer,
    screen,
    timer,
    deviceLog: device.log.state,
    cards: new Cards({ crypto, election, assignment, box: device.box, markKey: booted.markKey }),
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
    serial: platform.serial.panel,
    timer,
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
