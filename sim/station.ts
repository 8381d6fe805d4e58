// One polling station on a PC: a real terminal process with its flash chips, card reader, printer and front panel, the
// desk that grants cards, officials with their cards, a broker and a collector. The bench, the scripted runs and the
// tests are built on it.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { dirname, join } from "node:path";
import mqtt from "mqtt";
import { Sessions } from "../firmware/access/channel.js";
import { type DeskDeps, grant, reset } from "../firmware/access/desk.js";
import { Crypto } from "../firmware/crypto/crypto.js";
import { signAssignment } from "../firmware/device/assignment.js";
import type { LoadingStatement } from "../firmware/device/loading.js";
import type { CardRules } from "../firmware/election/card-rules.js";
import { openPackage } from "../firmware/election/package.js";
import type { ElectionPackage, StyleId, TerminalId } from "../firmware/election/types.js";
import { fromHex, toHex } from "../firmware/bytes.js";
import { packageAddress } from "../firmware/device/layout.js";
import { referenceMedium } from "../firmware/service/limits.js";
import { textOf } from "../office/text/file-text.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import { type AssignedElection, listOf, stationKeyOf, withTerminals } from "../office/device/enrol.js";
import { buildPackage } from "../office/package/build.js";
import { parseDefinition, problemLine } from "../office/package/definition.js";
import { packPhotos } from "../office/package/photo.js";
import {
  type ElectionKeys,
  type ShareHolder,
  electionKeysFromSeed,
  loadOrCreateElectionKeys,
  shareHolders,
} from "../office/package/keys.js";
import { loadingInImage } from "../office/tally/image.js";
import { recoverWithTestKeys } from "../office/tally/recover.js";
import type { KeyOf } from "../office/tally/tally.js";
import { Chance } from "./chance.js";
import { RealClock, type SimClock, VirtualClock } from "./clock.js";
import { Broker } from "../center/broker.js";
import { type BrokerAddress, addressProblems, brokerAddress, connectTo } from "../center/broker-address.js";
import { Collector } from "../center/collector.js";
import { type RecordStore, openStore } from "../center/store.js";
import { ActivationCard } from "./devices/activation-card.js";
import { inDeskReader } from "./devices/card.js";
import { writeCardFile } from "./devices/card-file.js";
import { OfficialCard } from "./devices/official-card.js";
import { VirtualPanel } from "./devices/panel.js";
import { VirtualPN532 } from "./devices/pn532.js";
import { VirtualPrinter } from "./devices/printer.js";
import type { CardKeeps, Deck } from "../office/cards/issue.js";
import { cardIn, testDeck } from "./deck.js";
import { enrolDevice, writeFlash } from "./enrol.js";
import { NorChip, flashOf } from "./nor.js";
import { slowLine } from "./slow-line.js";
import { type NorPart, referenceParts } from "./nor-part.js";
import type { FlashChipName } from "../platform/cable.js";
import { type Exit, Terminal, type TerminalOptions } from "./terminal.js";

export const ballotImage = "build/image/ballot.xsi";
export const uiText = "build/text/ui.bin";
export const exampleElection = "office/examples/example.yaml";
/** Names in a station's folder: the package, the signed list of assignments to it. */
export const packageFile = "election.pkg";
export const assignmentsFile = "assignments.cbor";
/** What the simulated microcontroller's fuses hold. */
const fusesFile = "fuses";
/** An official's card's file in a station's folder. */
export function cardFile(holder: ShareHolder): string {
  return `card-${holder}.json`;
}

const terminalId = 2 as TerminalId;

export interface StationOptions {
  /** Keeps flash, keys and the collector's records there; undefined: everything in memory. */
  readonly directory?: string;
  /** Replays a run; undefined: real chance. */
  readonly seed?: string;
  readonly virtual: boolean;
  /** Another device than the seed's own: its fuses, and what it draws. */
  readonly device?: string;
  readonly election?: string;
  /** Which election of the seed's authority; 1 when absent. */
  readonly electionNumber?: number;
  /** Seconds since 1970 at the zero of the clock. */
  readonly wallBase: number;
  /** Bytes of each storage medium; as the reference terminal's when absent. */
  readonly mediumSize?: number;
  /** Flash chips of other makers than the reference terminal's. */
  readonly parts?: Partial<Readonly<Record<FlashChipName, NorPart>>>;
  /** Another build of the host, for tests under sanitizers. */
  readonly program?: string;
  /** What runs the firmware instead of the host's program: the emulated board. */
  readonly machine?: TerminalOptions["machine"];
  /** A broker elsewhere; the embedded one when absent. */
  readonly mqttUrl?: string;
  /** A file of certificates (PEM) that vouch for it, instead of those that Node.js knows. */
  readonly mqttCa?: string;
  readonly databaseUrl?: string;
  readonly onTrace?: (line: string) => void;
  readonly onExit?: (exit: Exit) => void;
  readonly onDisplay?: TerminalOptions["onDisplay"];
}

/** The election definition or its package is not usable; the message says what, where and what to do. */
export class StationError extends Error {}

/** Files of the displays of this process. */
let pictures = 0;

export class Station {
  readonly clock: SimClock;
  readonly chips: { readonly main: NorChip; readonly a: NorChip; readonly b: NorChip };
  readonly reader: VirtualPN532;
  readonly printer: VirtualPrinter;
  readonly panel: VirtualPanel;
  readonly crypto: Crypto;
  readonly keys: ElectionKeys;
  pack: ElectionPackage;
  packageBytes: Uint8Array;
  readonly terminalId: TerminalId = terminalId;
  /** The package's, with this station's terminals. */
  election!: AssignedElection;
  /** The signed list of assignments. */
  assignmentsBytes!: Uint8Array;
  /** What the simulated microcontroller's fuses hold: 64 hexadecimal digits. */
  readonly fuses: string;
  /** False cuts the line to the broker. */
  #line = true;
  /** What connections to the broker carry, from the next one on; undefined: what comes. */
  lineBitsPerS: number | undefined;
  /** Whoever holds the line: gets the broker's end of a new connection, gives the one that the terminal gets. */
  onLine: ((far: Duplex) => Duplex) | undefined;
  /** Bytes that moved on connections which others keep: time waits for them as for the broker's own. */
  movedElsewhere = 0;
  #terminal: Terminal | undefined;
  #boots = 0;
  #picture: string | undefined;
  readonly #options: StationOptions;
  readonly #officials = new Map<ShareHolder, OfficialCard>();
  /** Those that were handed out. */
  readonly #voters: ActivationCard[] = [];
  #nextSerial = 1;
  readonly #connections = new Set<Duplex>();
  #broker: Broker | undefined;
  #collector: Collector | undefined;
  #store: RecordStore | undefined;
  /** Where a connection to the broker is made when it is not in this process. */
  readonly #mqtt: BrokerAddress | undefined;
  readonly #ca: string | undefined;

  private constructor(
    options: StationOptions,
    packageBytes: Uint8Array,
    keys: ElectionKeys,
    fuses: string,
    chance: Chance,
    crypto: Crypto,
  ) {
    this.#options = options;
    this.crypto = crypto;
    this.keys = keys;
    this.fuses = fuses;
    this.packageBytes = packageBytes;
    this.clock = options.virtual ? new VirtualClock() : new RealClock();
    this.#mqtt = options.mqttUrl === undefined ? undefined : usable(options.mqttUrl);
    this.#ca = options.mqttCa === undefined ? undefined : readFileSync(options.mqttCa, "utf8");
    const { directory } = options;
    const file = (name: string): { readonly file?: string } =>
      directory === undefined ? {} : { file: join(directory, name) };
    this.chips = {
      main: chipOf(options.parts?.main ?? referenceParts.main, file("main.bin")),
      a: mediumIn(file("medium-a.bin"), options.parts?.a, options.mediumSize),
      b: mediumIn(file("medium-b.bin"), options.parts?.b, options.mediumSize),
    };
    writeFlash(this.chips.main, packageAddress, packageBytes);
    const random = (out: Uint8Array): void => chance.fill(out);
    this.reader = new VirtualPN532({ clock: this.clock, random });
    this.printer = new VirtualPrinter({ clock: this.clock });
    this.panel = new VirtualPanel({ clock: this.clock });
    this.pack = readPackage(this.chips.main, crypto, keys);
  }

  /** Throws StationError for an election that cannot be used. */
  static async create(options: StationOptions): Promise<Station> {
    const seed =
      options.seed ??
      createHash("sha256")
        .update(String(process.hrtime.bigint()))
        .update(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))
        .digest("hex");
    const chance = new Chance(seed, "station");
    const facade = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
    const { directory } = options;
    if (directory !== undefined) mkdirSync(directory, { recursive: true });
    const keys =
      directory === undefined || options.seed !== undefined
        ? electionKeysFromSeed(new Chance(seed, "keys").bytes(32), options.electionNumber)
        : loadOrCreateElectionKeys(directory);
    const fuses =
      directory === undefined || options.seed !== undefined
        ? toHex(new Chance(options.device ?? seed, "device").bytes(32))
        : keptFuses(join(directory, fusesFile), chance);
    const packageBytes = await packageOf(options.election ?? exampleElection, keys);
    if (directory !== undefined) writeFileSync(join(directory, packageFile), packageBytes);
    const station = new Station(options, packageBytes, keys, fuses, chance, facade);
    await station.#enrol();
    if (directory !== undefined) station.keepCards(directory);
    await station.#startNetwork();
    station.panel.start();
    return station;
  }

  /** The terminal is off: another package, and the assignment that belongs to it. */
  async put(packageBytes: Uint8Array): Promise<void> {
    writeFlash(this.chips.main, packageAddress, packageBytes);
    this.packageBytes = packageBytes;
    this.pack = readPackage(this.chips.main, this.crypto, this.keys);
    await this.#enrol();
  }

  /** A file for each official's card that has none there yet: for tools, to which it is given. */
  keepCards(directory: string): void {
    for (const holder of shareHolders) {
      const path = join(directory, cardFile(holder));
      if (!existsSync(path)) writeCardFile(path, this.anotherOfficial(holder));
    }
  }

  /** What its terminals share; sealed to each. */
  get stationKey(): Uint8Array {
    return stationKeyOf(this.keys.station, this.pack.election.station);
  }

  get terminal(): Terminal {
    if (this.#terminal === undefined) throw new Error("the terminal is off");
    return this.#terminal;
  }

  get isOn(): boolean {
    return this.#terminal?.running ?? false;
  }

  get collector(): Collector | undefined {
    return this.#collector;
  }

  get store(): RecordStore {
    if (this.#store === undefined) throw new Error("the collector is closed");
    return this.#store;
  }

  /** How often the terminal was started. */
  get boots(): number {
    return this.#boots;
  }

  get line(): boolean {
    return this.#line;
  }

  set line(connected: boolean) {
    this.#line = connected;
    if (!connected) for (const connection of this.#connections) connection.destroy();
  }

  /** Terminal, reader and printer have one supply. Resolves when the firmware runs. */
  async powerOn(): Promise<void> {
    if (!this.printer.powered) this.printer.powerOn();
    this.reader.powerCycle();
    await this.#boot();
  }

  /** The power goes: the process is killed, the printer forgets what it holds, the paper stays as it is. */
  powerOff(): void {
    this.#terminal?.kill();
    for (const chip of Object.values(this.chips)) chip.powerOff();
    if (this.printer.powered) this.printer.powerOff();
  }

  /** The microcontroller alone starts again; the printer goes on with what it holds. */
  async reset(): Promise<void> {
    this.#terminal?.kill();
    await this.#boot();
  }

  /** Factory and election office do their part, when they have not: certificate, assignment, list. */
  async #enrol(): Promise<void> {
    const { directory } = this.#options;
    const { keys, pack, chips } = this;
    const { id, root, station, cards } = pack.election;
    const place = {
      root,
      station,
      number: terminalId,
      role: "ballot",
      election: id,
      epoch: cards.epoch,
    } as const;
    const terminal = this.#terminalOptions("factory");
    const assignment = await enrolDevice({ terminal, main: chips.main, keys, serial: "BT-000002", place });
    this.assignmentsBytes = listOf([assignment.signed], keys.authority);
    this.election = withTerminals(pack.election, { root, assigned: [assignment] });
    if (directory !== undefined) writeFileSync(join(directory, assignmentsFile), this.assignmentsBytes);
  }

  #terminalOptions(start: string): TerminalOptions {
    const { seed, device, virtual, wallBase, program, machine } = this.#options;
    return {
      image: ballotImage,
      text: uiText,
      clock: this.clock,
      virtual,
      wallBase,
      flash: this.chips,
      serial: { reader: this.reader, printer: this.printer, panel: this.panel },
      network: () => this.#connect(),
      quiet: () => this.#quiet(),
      framebufferPath: this.#framebufferPath(),
      device: this.fuses,
      ...(seed === undefined
        ? {}
        : { seed: toHex(new Chance(device === undefined ? seed : `${seed} ${device}`, start).bytes(32)) }),
      ...(program === undefined ? {} : { program }),
      ...(machine === undefined ? {} : { machine }),
    };
  }

  async #boot(): Promise<void> {
    this.#terminal?.close();
    const { onTrace, onExit, onDisplay } = this.#options;
    this.#boots++;
    const terminal = new Terminal({
      ...this.#terminalOptions(`boot ${this.#boots}`),
      ...(onTrace === undefined ? {} : { onTrace }),
      ...(onExit === undefined ? {} : { onExit }),
      ...(onDisplay === undefined ? {} : { onDisplay }),
    });
    this.#terminal = terminal;
    await terminal.start();
  }

  /**
   * A new file for each start of any station of this process: a picture does not survive a loss of power, nor does its
   * file.
   */
  #framebufferPath(): string {
    this.#forgetPicture();
    const directory = this.#options.directory ?? "build/station";
    mkdirSync(directory, { recursive: true });
    this.#picture = join(directory, `display-${process.pid}-${++pictures}.rgb565`);
    return this.#picture;
  }

  #forgetPicture(): void {
    if (this.#picture !== undefined) rmSync(this.#picture, { force: true });
    this.#picture = undefined;
  }

  async close(): Promise<void> {
    this.powerOff();
    this.#terminal?.close();
    this.#forgetPicture();
    this.panel.stop();
    await this.stopCollector();
    await this.#broker?.close();
    this.#broker = undefined;
  }

  // --- cards ---

  /** An empty voter's card: the next one of the deck, and when all were handed out, one that is spent. */
  card(): ActivationCard {
    const spent =
      this.#voters.length === this.#votersMax ? this.#voters.find(({ kept }) => kept.kind === "spent") : undefined;
    if (spent === undefined) return this.voterCard();
    this.#voters.splice(this.#voters.indexOf(spent), 1);
    this.#voters.push(spent);
    return spent;
  }

  /** The next voter's card of the deck, or the one that `kept`, what its toJSON gave, is of. */
  voterCard(kept?: unknown): ActivationCard {
    const { serial = this.#nextSerial++ } = (kept ?? {}) as { readonly serial?: number };
    this.#nextSerial = Math.max(this.#nextSerial, serial + 1);
    const keeps = cardIn(this.#deck, "voter", serial);
    const card = new ActivationCard({ crypto: this.crypto, keeps, ...(kept === undefined ? {} : { kept }) });
    this.#voters.push(card);
    return card;
  }

  get #deck(): Deck {
    const { station, cards } = this.pack.election;
    return testDeck(station, cards.epoch);
  }

  get #votersMax(): number {
    return this.#deck.cards.filter(({ kind }) => kind === "voter").length;
  }

  /** What the identification desk does for a voter: an empty or used card gets one right to vote. */
  grant(card: ActivationCard, style: StyleId = this.pack.election.styles[0]!.id): Promise<void> {
    return this.grantAt(card, this.pack.election.cards, style);
  }

  /** The same by a desk that holds by other rules which cards count. */
  async grantAt(
    card: ActivationCard,
    rules: CardRules,
    style: StyleId = this.pack.election.styles[0]!.id,
  ): Promise<void> {
    const desk = this.#desk(rules);
    const granted = await grant(inDeskReader(card), desk, style);
    if (granted.ok) return;
    const emptied = await reset(inDeskReader(card), desk, false);
    if (!emptied.ok) throw new StationError(`the card cannot be granted: ${emptied.error.kind}`);
    const again = await grant(inDeskReader(card), desk, style);
    if (!again.ok) throw new StationError(`the card cannot be granted: ${again.error.kind}`);
  }

  /** An identity desk of this station that lives in this process, in the place of a real one. */
  #desk(rules: CardRules): DeskDeps {
    const { crypto, keys } = this;
    const { id: election, root, station } = this.pack.election;
    const sign = crypto.signKeyPair(deskSeed("sign"));
    const box = crypto.boxKeyPair(deskSeed("box"));
    const assignment = signAssignment(
      crypto,
      {
        root,
        serial: "ID-000005",
        signKey: sign.publicKey,
        boxKey: box.publicKey,
        station,
        number: 5 as TerminalId,
        role: "identity",
        election,
        epoch: rules.epoch,
        stationKey: new Uint8Array(0),
      },
      keys.authority.secretKey,
    );
    const sessions = new Sessions({ crypto, box, assignment, rules });
    return { crypto, sessions, election, station, signSecretKey: sign.secretKey };
  }

  /**
   * The card of an office; the deputy's is a second executive's. `kept`: what the card's toJSON gave before; for the
   * first call of a holder.
   */
  official(holder: ShareHolder, kept?: unknown): OfficialCard {
    const known = this.#officials.get(holder);
    if (known !== undefined) return known;
    const keeps = cardIn(this.#deck, holder);
    const card = new OfficialCard({ crypto: this.crypto, keeps, ...(kept === undefined ? {} : { kept }) });
    this.#officials.set(holder, card);
    return card;
  }

  /** A card of this office beside the holder's own. `holder`: see tools/commands/cards.ts. */
  anotherOfficial(holder: ShareHolder | "mislabelled" | "late-executive" | "late-supervision"): OfficialCard {
    return new OfficialCard({ crypto: this.crypto, keeps: this.cardKeeps(holder) });
  }

  /** What the issuer has given out for this holder. */
  cardKeeps(holder: string): CardKeeps {
    return cardIn(this.#deck, holder);
  }

  // --- the tally key ---

  /** What the terminal drew when it was loaded; undefined before that. */
  get loading(): LoadingStatement | undefined {
    const { election } = this;
    const terminal = election.terminals.find(({ id }) => id === terminalId)!;
    return (["a", "b"] as const)
      .map((medium) => loadingInImage(this.crypto, election, terminal, this.chips[medium].cells)?.statement)
      .find((statement) => statement !== undefined);
  }

  /** By the escrow and both offices' cards, all of which follow from the test election's seed. */
  readonly tallyKeyOf: KeyOf = (terminal) => {
    const { loading } = this;
    if (loading === undefined || terminal !== terminalId) return undefined;
    const recovered = recoverWithTestKeys(this.crypto, loading, this.keys);
    return recovered.ok ? recovered.key : undefined;
  };

  // --- network ---

  async #startNetwork(): Promise<void> {
    if (this.#mqtt === undefined) this.#broker = await Broker.start();
    await this.startCollector();
  }

  async startCollector(): Promise<void> {
    const { directory, databaseUrl, virtual } = this.#options;
    this.#store ??= await openStore({
      directory: directory === undefined ? undefined : join(directory, "collector"),
      databaseUrl,
    });
    const broker = this.#broker;
    const { url } = this.#mqtt ?? {};
    const ca = this.#ca;
    this.#collector = new Collector({
      crypto: this.crypto,
      election: this.election,
      signKey: this.keys.collector,
      store: this.#store,
      connect: () =>
        broker !== undefined
          ? new mqtt.MqttClient(() => broker.connect(), {
              clientId: "collector",
              keepalive: 0,
              reconnectPeriod: virtual ? 1 : 1000,
            })
          : mqtt.connect(url!.href, { clientId: "collector", clean: false, ...(ca === undefined ? {} : { ca }) }),
    });
  }

  async stopCollector(): Promise<void> {
    await this.#collector?.close();
    await this.#store?.close();
    this.#collector = undefined;
    this.#store = undefined;
  }

  #connect(): Duplex | undefined {
    if (!this.#line) return undefined;
    const { onLine, lineBitsPerS } = this;
    const far = this.#broker !== undefined ? this.#broker.connect() : connectTo(this.#mqtt!, this.#ca);
    const held = onLine === undefined ? far : onLine(far);
    const connection = lineBitsPerS === undefined ? held : slowLine(held, this.clock, lineBitsPerS);
    this.#connections.add(connection);
    connection.once("close", () => this.#connections.delete(connection));
    return connection;
  }

  /** A connection to the embedded broker, as anybody has one who reaches it. */
  visitBroker(): Duplex {
    return this.#broker!.connect();
  }

  /** Virtual time stands still while broker and collector have something to do. */
  async #quiet(): Promise<void> {
    const broker = this.#broker;
    const moved = (): number => (broker?.moved ?? 0) + this.movedElsewhere;
    if (broker === undefined || moved() === this.#movedWhenQuiet) return;
    for (let quietTurns = 0; quietTurns < quietTurnsMin; ) {
      const before = moved();
      await new Promise<void>((resolve) => setImmediate(resolve));
      quietTurns = moved() === before && (this.#collector?.pending ?? 0) === 0 ? quietTurns + 1 : 0;
    }
    this.#movedWhenQuiet = moved();
  }

  #movedWhenQuiet = 0;
}

function deskSeed(what: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`sandogh test desk: ${what}`).digest());
}

/** Turns of the event loop in which nothing moved, before it is believed that nothing will. */
const quietTurnsMin = 4;

/** Throws StationError for an address that cannot be used. */
function usable(url: string): BrokerAddress {
  const address = brokerAddress(url);
  if (typeof address === "string") throw new StationError(`the broker's address: ${addressProblems[address]}`);
  return address;
}

function chipOf(part: NorPart, kept: { readonly file?: string }): NorChip {
  return new NorChip({ size: part.size, part, ...kept });
}

/** One that was kept is as large as it was. */
function mediumIn(kept: { readonly file?: string }, part: NorPart | undefined, size = referenceMedium.size): NorChip {
  const { file } = kept;
  const isKept = file !== undefined && existsSync(file);
  const known = part === undefined ? {} : { part };
  return new NorChip({ size: isKept ? statSync(file).size : (part?.size ?? size), ...known, ...kept });
}

function keptFuses(path: string, chance: Chance): string {
  if (!existsSync(path)) writeFileSync(path, toHex(chance.bytes(32)), { mode: 0o600, flag: "wx" });
  const fuses = readFileSync(path, "utf8").trim();
  if (fromHex(fuses)?.length !== 32) throw new StationError(`${path}: expected 64 hexadecimal digits`);
  return fuses;
}

async function packageOf(file: string, keys: ElectionKeys): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new StationError(`${file}: cannot be read (${(error as Error).message})`);
  }
  const text = textOf(bytes);
  if (!text.ok) throw new StationError(`${file}: ${text.error}`);
  const definition = parseDefinition(text.value.text, file);
  if (!definition.ok) throw new StationError(definition.problems.map(problemLine).join("\n"));
  return buildPackage(definition.value, keys, await packPhotos(definition.value, dirname(file)));
}

function readPackage(main: NorChip, crypto: Crypto, keys: ElectionKeys): ElectionPackage {
  const opened = openPackage(flashOf(main), packageAddress, crypto, keys.authority.publicKey);
  if (!opened.ok) throw new StationError(`the package does not open: ${opened.error.code}`);
  return opened.value;
}
