// The identity role: which parts, wired how. It knows who votes here and must not be able to know what is voted.

import { CheckIns, type CheckInFault } from "../checkin/check-ins.js";
import { Desk } from "../checkin/desk.js";
import type { DeskMessageCode } from "../checkin/messages.js";
import { DeskPolls } from "../checkin/polls.js";
import type { DeskIntent } from "../checkin/view.js";
import { Crypto } from "../crypto/crypto.js";
import type { Assigned } from "../device/assignment.js";
import { type Device, openDevice, readOwnAssignment } from "../device/device.js";
import { deriveKey } from "../device/keys.js";
import { packageAddress } from "../device/layout.js";
import { electionKinds, isKindOf } from "../election/shapes.js";
import { Journal } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Platform } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { type RollError, describeRollError } from "../roll/error.js";
import { type Roll, openRoll } from "../roll/roll.js";
import { settingsAtRest } from "../settings.js";
import { version } from "../version.js";
import { PN532Reader } from "../../drivers/card/pn532/reader.js";
import { Panel } from "../../drivers/panel/panel.js";
import { DeskPanelScreen } from "../../ui/desk/screen.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { textSource } from "../../ui/text/typesetter.js";

interface Booted {
  readonly checkIns: CheckIns;
  readonly journal: Journal;
}

interface Served extends Booted {
  readonly roll: Roll;
  readonly device: Device;
  readonly assignment: Assigned;
}

interface Refusal {
  readonly code: DeskMessageCode | MessageCode;
  readonly why: string;
  /** See DeviceRefusal. */
  readonly codes?: readonly (readonly string[])[];
}

/**
 * Power on. Never throws for what the world can do: it shows why it does not serve. The roll lies where a ballot
 * terminal has its package.
 */
export function start(platform: Platform): void {
  platform.trace(`sandogh ${version}, identity`);
  const crypto = new Crypto({ primitives: platform.primitives, random: (out) => platform.random(out) });
  const text = TextBundle.open(platform.text);
  // the image carries its own texts: without them it is not the image that was built
  assert(text.ok, "text bundle of the image");
  const source = textSource(text.value, undefined);
  const parts = { display: platform.display, blender: platform.blender, source, now: () => platform.clock.monotonic() };
  const plain = new DeskPanelScreen({ ...parts, kind: "real", onIntent: () => {} });
  plain.show({ screen: "starting" }, settingsAtRest);
  const refuse = ({ code, why, codes }: Refusal): void => {
    platform.trace(`out of service: ${code} ${why}`);
    plain.show({ screen: "message", code, awaits: "nothing", ...(codes && { codes }) }, settingsAtRest);
  };

  const device = openDevice(platform, crypto);
  if (!device.ok) return refuse(device.error);
  const roll = openRoll(platform.flash.main, packageAddress, crypto, platform.root.key);
  if (!roll.ok) return refuse({ code: rollMessage(roll.error), why: describeRollError(roll.error) });
  const { root } = roll.value;
  const { station, election, cards } = roll.value.head;
  const kind = electionKinds[roll.value.head.kind]!;
  if (!isKindOf(kind, platform.root)) return refuse({ code: "E-09", why: `${kind} roll under another root` });
  const served = { role: "identity", root, station, election, epoch: cards.epoch } as const;
  const assignment = readOwnAssignment(platform, crypto, device.value, served);
  if (!assignment.ok) return refuse(assignment.error);
  device.value.log.note("installed", root, assignment.value.number);
  const booted = boot(platform, crypto, device.value, assignment.value, roll.value);
  if (!booted.ok) return refuse(booted.error);
  serve(
    platform,
    crypto,
    { roll: roll.value, device: device.value, assignment: assignment.value, ...booted.value },
    parts,
  );
}

/** Opens what is stored and settles what a power cut left. */
function boot(
  platform: Platform,
  crypto: Crypto,
  { secret, sign, log }: Device,
  { number: terminal }: Assigned,
  { head }: Roll,
): Result<Booted, Refusal> {
  const { a, b } = platform.flash;
  const opened = CheckIns.open({
    crypto,
    key: deriveKey(crypto, secret, head.election, "check-in"),
    head,
    desk: terminal,
    a,
    b,
  });
  if (!opened.ok) return err({ code: checkInMessage(opened.error), why: describeFault(opened.error) });
  const { checkIns, media, layout, rebuilt } = opened.value;
  const journal = Journal.open({
    crypto,
    media,
    region: layout.journal,
    head: layout.journalHead,
    key: deriveKey(crypto, secret, head.election, "journal", 16),
    election: head.election,
    terminal,
    signKey: sign,
    clock: platform.clock,
  });
  if (!journal.ok) {
    const { kind } = journal.error;
    const isChanged = kind === "broken-chain" || kind === "cut-off";
    return err({ code: isChanged ? "D-19" : "D-11", why: describeFault(journal.error) });
  }
  if (rebuilt !== undefined) log.append("mediumRebuilt", undefined, rebuilt === "a" ? 1 : 2);
  if (log.harmed !== undefined) platform.trace(`I-07 device log: changed at ${log.harmed}`);
  if (!log.isKept) platform.trace("I-08 device log: not kept");
  for (const written of [
    journal.value.append("started"),
    ...(["a", "b"] as const)
      .filter((medium) => platform.flash[medium].status()?.wasProtected === true)
      .map((medium) => journal.value.append("protectionCleared", medium === "a" ? 1 : 2)),
    rebuilt === undefined ? ok() : journal.value.append("mediumRebuilt", rebuilt === "a" ? 1 : 2),
    log.harmedDetail === undefined ? ok() : journal.value.append("deviceLogHarmed", log.harmedDetail),
  ])
    if (!written.ok) return err({ code: "D-11", why: describeFault(written.error) });
  return ok({ checkIns, journal: journal.value });
}

function serve(
  platform: Platform,
  crypto: Crypto,
  { roll, device, assignment, checkIns, journal }: Served,
  parts: Omit<ConstructorParameters<typeof DeskPanelScreen>[0], "kind" | "onIntent">,
): void {
  const { clock, timer, trace } = platform;
  const onIntent = (intent: DeskIntent): void => desk.intent(intent);
  const screen = new DeskPanelScreen({ ...parts, kind: electionKinds[roll.head.kind]!, onIntent });
  const polls = new DeskPolls({ crypto, journal, roll, checkIns, trace: (line) => trace(line) });
  const desk = new Desk({
    crypto,
    roll,
    keys: device,
    assignment,
    checkIns,
    polls,
    journal,
    screen,
    timer,
    clock,
    reader: new PN532Reader({ serial: platform.serial.reader, timer }),
    wipeHeap: () => platform.wipeHeap(),
    trace: (line) => trace(line),
  });
  let mains = true;
  let caseOpen = false;
  new Panel({
    serial: platform.serial.panel,
    timer,
    onTouch: (touch) => screen.touch(touch),
    onKey: (press) => screen.key(press),
    onSwitch: (switches) => {
      if (switches.mains !== mains) desk.powerChanged(switches.mains);
      if (switches.caseOpen !== caseOpen) desk.caseChanged(switches.caseOpen);
      mains = switches.mains;
      caseOpen = switches.caseOpen;
    },
  });
  trace(`desk ${polls.state}`);
  desk.start();
}

function rollMessage({ kind }: RollError): DeskMessageCode {
  return kind === "absent" ? "D-14" : kind === "signature" ? "D-15" : "D-09";
}

function checkInMessage({ kind }: CheckInFault): DeskMessageCode {
  return kind === "medium" ? "D-11" : kind === "tampered" ? "D-18" : "D-13";
}

function describeFault(fault: object): string {
  return Object.entries(fault)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}
