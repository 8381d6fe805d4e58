// The slip printer: 80 mm thermal paper, cutter, ESC/POS over a UART without flow control of its own.
//
// Back-pressure comes from the paper: after every band the printer is asked to echo an id when it has printed so far,
// and never more than WINDOW_BYTES are under way that have not been echoed; the printer's receive buffer (4 KiB) cannot
// run over, also when it stands.
//
// Slip time at 230,400 baud and 150 mm/s: a row of 72 bytes takes 3.1 ms on the line and 0.83 ms on the paper. A slip
// of 150 mm (1,200 rows) all black to the edges: 3.8 s; as Persian text with its margins cropped about 1.5 s; white:
// 1.0 s, for the paper is then the slower.

import { concat } from "../../firmware/bytes.js";
import type { PaperState, PrinterFault, Raster, SlipPrinter } from "../../firmware/cast/printer.js";
import type { Clock, SerialPort, Timer } from "../../firmware/platform.js";
import { type Result, assert, err, ok } from "../../firmware/result.js";
import { SerialLine } from "../line.js";
import { Waiter, pause } from "../wait.js";
import { bandsOf } from "./bands.js";
import {
  ECHO_ID_BYTES,
  ECHO_REQUEST_BYTES,
  type Find,
  type Said,
  SaidDecoder,
  type Sensors,
  askFlowControl,
  automaticStatus,
  clearBuffers,
  cutOff,
  echoId,
  echoRequest,
  initialize,
  motionUnitDots,
  realTimeStatus,
  recoverFromError,
  sensorsOfRealTime,
  softwareFlowControl,
} from "./escpos.js";

/** Bytes sent and not yet echoed as printed; below the printer's receive buffer of 4 KiB. */
export const WINDOW_BYTES = 3584;
/** 2 m of paper. */
export const ROWS_MAX = 16_000;
/** The fastest that this printer moves paper, 150 mm/s at 8 dots/mm. */
const ROWS_PER_S = 1200;
/** How much faster than stated the paper and the line may be before an echo is called a lie. */
const PAPER_TOLERANCE = 0.9;
const LINE_TOLERANCE = 0.98;
/** Both ends of a span are whole milliseconds. */
const CLOCK_TOLERANCE_MS = 2;
/** A printer that saves power prints at a quarter of its speed; and it may think for a while. */
const SLOWEST = 4;
const ECHO_GRACE_MS = 1500;
/** A real-time answer comes within a few milliseconds. */
const REAL_TIME_MS = 250;
const REAL_TIME_TRIES_MAX = 3;
/** After a question without an answer nothing is asked before the line has been still for so long; at most so often. */
const STILL_MS = 250;
const STILL_TRIES_MAX = 8;
/** After a clear: the paper stops, the mechanics settle. */
const QUIET_MS = 3000;

const echoRoom = new Uint8Array(ECHO_REQUEST_BYTES);
/** Goes before each document: the printer may have lost its power, and its settings with it, unseen. */
const settings = concat(initialize, motionUnitDots, automaticStatus);

interface Echo {
  readonly id: string;
  readonly bytes: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface PrinterOptions {
  readonly serial: SerialPort;
  readonly clock: Clock;
  readonly timer: Timer;
  /** For the ids of echoes: an answer to somebody before us must not pass for ours. */
  readonly random: (out: Uint8Array) => void;
  /** Looks for real-time commands in pictures. */
  readonly find: Find;
}

export class Printer implements SlipPrinter {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #random: (out: Uint8Array) => void;
  readonly #find: Find;
  readonly #byteMs: number;
  readonly #line: SerialLine;
  readonly #decoder = new SaidDecoder((said) => this.#hear(said));
  readonly #realTime: Waiter<number>;
  readonly #cleared: Waiter<true>;
  readonly #setting: Waiter<string>;
  /** Something happened to the echoes that are outstanding, or to a sensor. */
  readonly #progress: Waiter<true>;
  readonly #echoes: Echo[] = [];
  #outstanding = 0;
  #lineFreeMs = 0;
  #paperFreeMs = 0;
  #lied = false;
  /** It wants to be stopped by XOFF, which nobody here does. */
  #isFlowControlled = false;
  /** A real-time answer came that nobody waited for. */
  #isLate = false;
  #quiescing = false;
  #acting = false;
  /** The printer may hold something of an act that failed, or of a life before this one. */
  #dirty = true;
  #closed = false;
  #sensors: Sensors | undefined;
  #onStatus: ((state: PaperState) => void) | undefined;

  constructor(options: PrinterOptions) {
    this.#clock = options.clock;
    this.#timer = options.timer;
    this.#random = options.random;
    this.#find = options.find;
    this.#byteMs = 10_000 / options.serial.baud;
    this.#realTime = new Waiter(options.timer);
    this.#cleared = new Waiter(options.timer);
    this.#setting = new Waiter(options.timer);
    this.#progress = new Waiter(options.timer);
    this.#line = new SerialLine({ port: options.serial, onBytes: (bytes) => this.#decoder.push(bytes) });
  }

  listen(onStatus: (state: PaperState) => void): void {
    this.#onStatus = onStatus;
  }

  quiesce(): Promise<Result<void, PrinterFault>> {
    return this.#act(() => this.#makeQuiet());
  }

  status(): Promise<Result<PaperState, PrinterFault>> {
    return this.#act(async () => {
      const sensors = await this.#askSensors();
      return sensors.ok ? ok(stateOf(sensors.value)) : sensors;
    });
  }

  print(raster: Raster): Promise<Result<void, PrinterFault>> {
    assert(raster.height >= 1 && raster.height <= ROWS_MAX, "height of a slip");
    return this.#act(async () => {
      const ready = await this.#prepare();
      if (!ready.ok) return ready;
      this.#dirty = true;
      for (const band of bandsOf(raster, this.#find)) {
        // A band shows what somebody voted: it is wiped when the port has taken it.
        const sent = await this.#send(band.bytes, band.rows, band.head, ECHO_GRACE_MS, true);
        if (!sent.ok) return sent;
      }
      return this.#finish();
    });
  }

  cut(): Promise<Result<void, PrinterFault>> {
    return this.#act(async () => {
      const ready = await this.#prepare();
      if (!ready.ok) return ready;
      this.#dirty = true;
      const sent = await this.#send(concat(cutOff, echoRoom), 0, cutOff.length);
      return sent.ok ? this.#finish() : sent;
    });
  }

  close(): void {
    this.#closed = true;
    this.#line.close();
    this.#realTime.give(undefined);
    this.#cleared.give(undefined);
    this.#setting.give(undefined);
    this.#progress.give(undefined);
  }

  async #act<T>(work: () => Promise<Result<T, PrinterFault>>): Promise<Result<T, PrinterFault>> {
    assert(!this.#acting, "one act of the printer at a time");
    if (this.#closed) return err("no-answer");
    this.#acting = true;
    try {
      return await work();
    } finally {
      this.#acting = false;
    }
  }

  async #prepare(): Promise<Result<void, PrinterFault>> {
    if (this.#dirty) return this.#makeQuiet();
    const good = await this.#good();
    if (!good.ok) return good;
    // the echo of what follows is theirs, too
    this.#put(settings);
    this.#lineFreeMs =
      Math.max(this.#clock.monotonic(), this.#lineFreeMs) + settings.length * this.#byteMs * LINE_TOLERANCE;
    return ok();
  }

  /** Ok when all sensors, asked now, are good. */
  async #good(): Promise<Result<void, PrinterFault>> {
    const sensors = await this.#askSensors();
    if (!sensors.ok) return sensors;
    const fault = faultOf(sensors.value) ?? (this.#isFlowControlled ? "flow-control" : undefined);
    return fault === undefined ? ok() : err(fault);
  }

  async #makeQuiet(): Promise<Result<void, PrinterFault>> {
    this.#dirty = true;
    this.#line.drop();
    this.#decoder.reset();
    this.#echoes.length = 0;
    this.#outstanding = 0;
    this.#lied = false;
    this.#isFlowControlled = false;
    this.#quiescing = true;
    try {
      const before = await this.#askSensors();
      if (!before.ok) return before;
      if (before.value.mechanical || before.value.cutter) this.#put(recoverFromError);
      if (!(await this.#clear())) return err("no-answer");
      await this.#checkFlowControl();
      const fault = await this.#good();
      if (!fault.ok) return fault;
      const now = this.#clock.monotonic();
      this.#lineFreeMs = now;
      this.#paperFreeMs = now;
      const sent = await this.#send(concat(settings, echoRoom), 0, 0, QUIET_MS);
      if (!sent.ok) return sent;
      return await this.#finish();
    } finally {
      this.#quiescing = false;
    }
  }

  async #clear(): Promise<boolean> {
    for (let attempt = 0; attempt < REAL_TIME_TRIES_MAX && !this.#closed; attempt++) {
      this.#put(clearBuffers);
      if ((await this.#cleared.wait(this.#realTimeMs())) === true) return true;
    }
    return false;
  }

  /** One that does not know the question is believed until it says XON or XOFF. */
  async #checkFlowControl(): Promise<void> {
    this.#put(askFlowControl);
    const setting = await this.#setting.wait(this.#realTimeMs());
    if (setting !== undefined) this.#isFlowControlled = setting === softwareFlowControl;
  }

  /**
   * Sends what moves the paper by `rows`, and asks for its echo in the room at the end of the bytes. Waits while too
   * much is under way.
   */
  async #send(
    bytes: Uint8Array,
    rows: number,
    head: number,
    graceMs = ECHO_GRACE_MS,
    wipe = false,
  ): Promise<Result<void, PrinterFault>> {
    const draw = new Uint8Array(ECHO_ID_BYTES);
    this.#random(draw);
    const id = echoId(draw);
    echoRequest(id, bytes, bytes.length - ECHO_REQUEST_BYTES);
    const { length } = bytes;
    while (this.#outstanding + length > WINDOW_BYTES) {
      const printed = await this.#awaitEcho();
      if (!printed.ok) return printed;
    }
    if (this.#closed) return err("no-answer");
    const startMs = Math.max(this.#clock.monotonic(), this.#lineFreeMs);
    this.#lineFreeMs = startMs + length * this.#byteMs * LINE_TOLERANCE;
    const rowsMs = (rows * 1000) / ROWS_PER_S;
    // The paper moves when the first row is there, and not before what came earlier is done.
    this.#paperFreeMs =
      Math.max(this.#paperFreeMs, startMs + head * this.#byteMs * LINE_TOLERANCE) + rowsMs * PAPER_TOLERANCE;
    const earliestMs = Math.max(this.#paperFreeMs, this.#lineFreeMs);
    this.#echoes.push({ id, bytes: length, earliestMs, latestMs: earliestMs + rowsMs * SLOWEST + graceMs });
    this.#outstanding += length;
    this.#put(bytes, wipe);
    return ok();
  }

  /** Waits until everything is on the paper, then asks the sensors once more. */
  async #finish(): Promise<Result<void, PrinterFault>> {
    while (this.#echoes.length > 0) {
      const printed = await this.#awaitEcho();
      if (!printed.ok) return printed;
    }
    const good = await this.#good();
    if (!good.ok) return good;
    // An echo that nobody asked for may have come meanwhile.
    if (this.#lied) return err("echo-lied");
    this.#dirty = false;
    return ok();
  }

  /** Waits until the oldest echo that is outstanding has come. */
  async #awaitEcho(): Promise<Result<void, PrinterFault>> {
    const oldest = this.#echoes[0]!;
    for (;;) {
      if (this.#closed) return err("no-answer");
      if (this.#lied) return err("echo-lied");
      if (this.#echoes[0] !== oldest) return ok();
      const fault = this.#quiescing || this.#sensors === undefined ? undefined : faultOf(this.#sensors);
      if (fault !== undefined) return err(fault);
      const leftMs = oldest.latestMs - this.#clock.monotonic();
      if (leftMs > 0) {
        await this.#progress.wait(Math.ceil(leftMs));
        continue;
      }
      // Too late. Is there a reason that its own status has not told us?
      const good = await this.#good();
      if (!good.ok) return good;
      return this.#echoes[0] === oldest ? err("no-answer") : ok();
    }
  }

  async #askSensors(): Promise<Result<Sensors, PrinterFault>> {
    for (let attempt = 0; attempt < REAL_TIME_TRIES_MAX; attempt++) {
      const offline = await this.#askRealTime(2);
      const error = offline === undefined ? undefined : await this.#askRealTime(3);
      const paper = error === undefined ? undefined : await this.#askRealTime(4);
      if (offline === undefined || error === undefined || paper === undefined) continue;
      const sensors = sensorsOfRealTime(offline, error, paper);
      this.#note(sensors);
      return ok(sensors);
    }
    return err("no-answer");
  }

  /** Undefined: no answer came, and none is under way any more. */
  async #askRealTime(n: 2 | 3 | 4): Promise<number | undefined> {
    if (this.#closed) return undefined;
    this.#put(realTimeStatus(n));
    const answer = await this.#realTime.wait(this.#realTimeMs());
    if (answer === undefined) await this.#waitUntilStill();
    return answer;
  }

  /** Nothing tells which question an answer is to: one that is late must not pass for that to the next. */
  async #waitUntilStill(): Promise<void> {
    for (let attempt = 0; attempt < STILL_TRIES_MAX && !this.#closed; attempt++) {
      this.#isLate = false;
      await pause(this.#timer, STILL_MS);
      if (!this.#isLate) return;
    }
  }

  /** A real-time command waits behind what the transmitter still holds. */
  #realTimeMs(): number {
    return REAL_TIME_MS + Math.ceil(Math.max(0, this.#lineFreeMs - this.#clock.monotonic()));
  }

  #put(bytes: Uint8Array, wipe = false): void {
    if (!this.#closed) this.#line.send(bytes, wipe);
  }

  #hear(said: Said): void {
    switch (said.kind) {
      case "status":
        this.#note(said.sensors);
        break;
      case "real-time":
        this.#isLate = !this.#realTime.waiting;
        this.#realTime.give(said.byte);
        return;
      case "setting":
        this.#setting.give(said.text);
        return;
      case "flow-control":
        this.#isFlowControlled = true;
        break;
      case "cleared":
        this.#cleared.give(true);
        return;
      case "echo":
        this.#echo(said.id);
        break;
    }
    this.#progress.give(true);
  }

  #echo(id: string): void {
    const oldest = this.#echoes[0];
    if (oldest?.id !== id) {
      // Before everything is quiet, echoes of a life before this one may still come.
      if (!this.#quiescing) this.#lied = true;
      return;
    }
    if (this.#clock.monotonic() < oldest.earliestMs - CLOCK_TOLERANCE_MS) this.#lied = true;
    this.#echoes.shift();
    this.#outstanding -= oldest.bytes;
  }

  #note(sensors: Sensors): void {
    const before = this.#sensors === undefined ? undefined : stateOf(this.#sensors);
    this.#sensors = sensors;
    const after = stateOf(sensors);
    if (before?.paper !== after.paper || before.fault !== after.fault) this.#onStatus?.(after);
  }
}

function faultOf(sensors: Sensors): PrinterFault | undefined {
  if (sensors.unrecoverable) return "broken";
  if (sensors.cutter) return "cutter";
  if (sensors.mechanical) return "jam";
  if (sensors.overheated) return "overheated";
  if (sensors.coverOpen) return "cover-open";
  if (sensors.paperOut) return "paper-out";
  return undefined;
}

function stateOf(sensors: Sensors): PaperState {
  return { paper: sensors.paperOut ? "out" : sensors.nearEnd ? "near-end" : "ok", fault: faultOf(sensors) };
}
