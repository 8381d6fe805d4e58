// Reports of the front-panel controller (touch, keypad, switches): 115200 baud, 8N1, from the panel to the terminal
// only. Eight bytes each:
//
//   0     1      2  3  4  5   6          7
//   0xA5  type   a  b  c  d   sequence   xor of bytes 0 to 6
//
//   type 0x01 touch    a: contact 0..9 in the high nibble, phase in the low one (0 down, 1 move, 2 up);
//                      b, c, d: x and y as 12 bits each, x first, in pixels of the display
//   type 0x02 key      a: key code (the table below), b: 1 pressed, 0 released; c, d: 0
//   type 0x03 switches a: bit 0 mains present, bit 1 case open; b, c, d: 0. Sent when one changes and every SWITCH_REPEAT_MS,
//                      so a report that was lost is made good and a silent panel is noticed.
//
// The sequence counts every report, modulo 256: a gap shows that some were lost.

export const REPORT_BYTES = 8;
export const SWITCH_REPEAT_MS = 1000;
const SYNC = 0xa5;

export const keyCodes = {
  "0": 0x30,
  "1": 0x31,
  "2": 0x32,
  "3": 0x33,
  "4": 0x34,
  "5": 0x35,
  "6": 0x36,
  "7": 0x37,
  "8": 0x38,
  "9": 0x39,
  white: 0x01,
  correction: 0x02,
  green: 0x03,
  up: 0x10,
  down: 0x11,
  previous: 0x12,
  next: 0x13,
  select: 0x14,
  back: 0x15,
} as const;

export type Key = keyof typeof keyCodes;
export type Phase = "down" | "move" | "up";

export type Report =
  | { readonly kind: "touch"; readonly contact: number; readonly phase: Phase; readonly x: number; readonly y: number }
  | { readonly kind: "key"; readonly key: Key; readonly pressed: boolean }
  | { readonly kind: "switches"; readonly mains: boolean; readonly caseOpen: boolean };

export const CONTACT_MAX = 9;
/** The largest coordinate that 12 bits carry. */
export const COORDINATE_MAX = 4095;

const phases: readonly Phase[] = ["down", "move", "up"];
const keys = new Map<number, Key>((Object.keys(keyCodes) as Key[]).map((key) => [keyCodes[key], key]));

export function encodeReport(report: Report, sequence: number): Uint8Array {
  const out = new Uint8Array(REPORT_BYTES);
  out[0] = SYNC;
  switch (report.kind) {
    case "touch":
      out[1] = 0x01;
      out[2] = (report.contact << 4) | phases.indexOf(report.phase);
      out[3] = report.x >> 4;
      out[4] = ((report.x & 15) << 4) | (report.y >> 8);
      out[5] = report.y;
      break;
    case "key":
      out[1] = 0x02;
      out[2] = keyCodes[report.key];
      out[3] = report.pressed ? 1 : 0;
      break;
    case "switches":
      out[1] = 0x03;
      out[2] = (report.mains ? 1 : 0) | (report.caseOpen ? 2 : 0);
      break;
  }
  out[6] = sequence;
  for (let i = 0; i < 7; i++) out[7]! ^= out[i]!;
  return out;
}

/** The body of a report whose check sum was right; undefined when it means nothing known. */
function decodeReport(bytes: Uint8Array): Report | undefined {
  const a = bytes[2]!,
    b = bytes[3]!,
    c = bytes[4]!,
    d = bytes[5]!;
  switch (bytes[1]) {
    case 0x01: {
      const phase = phases[a & 15];
      const contact = a >> 4;
      if (phase === undefined || contact > CONTACT_MAX) return undefined;
      return { kind: "touch", contact, phase, x: (b << 4) | (c >> 4), y: ((c & 15) << 8) | d };
    }
    case 0x02: {
      const key = keys.get(a);
      if (key === undefined || b > 1 || c !== 0 || d !== 0) return undefined;
      return { kind: "key", key, pressed: b === 1 };
    }
    case 0x03:
      if (a > 3 || b !== 0 || c !== 0 || d !== 0) return undefined;
      return { kind: "switches", mains: (a & 1) !== 0, caseOpen: (a & 2) !== 0 };
    default:
      return undefined;
  }
}

export interface ReportCounters {
  reports: number;
  /** Bytes that were not part of a report whose check sum was right. */
  garbage: number;
  /** Check sum right, meaning unknown. */
  unknown: number;
  /** Reports that the sequence says are missing. */
  lost: number;
}

/** Finds reports in a stream of bytes that may start in the middle and hold noise. */
export class ReportDecoder {
  readonly counters: ReportCounters = { reports: 0, garbage: 0, unknown: 0, lost: 0 };
  readonly #onReport: (report: Report) => void;
  readonly #held = new Uint8Array(REPORT_BYTES);
  #length = 0;
  #sequence: number | undefined;

  constructor(onReport: (report: Report) => void) {
    this.#onReport = onReport;
  }

  push(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      this.#held[this.#length++] = bytes[i]!;
      this.#settle();
    }
  }

  #settle(): void {
    // After a report that failed its check sum, a true one may start inside it: drop one byte and look again.
    while (this.#length > 0) {
      if (this.#held[0] === SYNC) {
        if (this.#length < REPORT_BYTES) return;
        let check = 0;
        for (let i = 0; i < REPORT_BYTES; i++) check ^= this.#held[i]!;
        if (check === 0) {
          this.#length = 0;
          this.#deliver();
          return;
        }
      }
      this.#held.copyWithin(0, 1);
      this.#length--;
      this.counters.garbage++;
    }
  }

  #deliver(): void {
    const sequence = this.#held[6]!;
    if (this.#sequence !== undefined) this.counters.lost += (sequence - this.#sequence - 1) & 0xff;
    this.#sequence = sequence;
    const report = decodeReport(this.#held);
    if (report === undefined) {
      this.counters.unknown++;
      return;
    }
    this.counters.reports++;
    this.#onReport(report);
  }
}
