// The commands of the PN532 that the terminal uses, each as its request bytes and its strict answer (user manual
// section 7). `decode` gives undefined for an answer that does not have the documented form.

import { concat } from "../../../firmware/bytes.js";
import { assert } from "../../../firmware/result.js";
import { STATUS_ERROR_MASK, STATUS_MORE } from "./status.js";

export interface Command<T> {
  readonly name: string;
  readonly code: number;
  /** What follows the command code. */
  readonly request: Uint8Array;
  /** How long the answer may take after its ACK. */
  readonly timeoutMs: number;
  /** Never sent a second time, whatever became of the first: what it does may not be done twice. */
  readonly isOnce?: true;
  /** data: what follows the answer's command code. */
  readonly decode: (data: Uint8Array) => T | undefined;
}

const SHORT_MS = 100;
/** One REQA and one more try, anticollision, selection and RATS take under 100 ms. */
const LIST_MS = 300;
/** Data of one InDataExchange: the frame without TFI, code and target. */
export const EXCHANGE_DATA_MAX = 262;

function nothing(data: Uint8Array): true | undefined {
  return data.length === 0 ? true : undefined;
}

function status(data: Uint8Array): number | undefined {
  return data.length === 1 ? data[0]! & STATUS_ERROR_MASK : undefined;
}

export interface FirmwareVersion {
  readonly ic: number;
  readonly version: number;
  readonly revision: number;
  /** bit 0 ISO/IEC 14443 type A, bit 1 type B, bit 2 ISO 18092 */
  readonly support: number;
}

/** Section 7.2.2. */
export const getFirmwareVersion: Command<FirmwareVersion> = {
  name: "GetFirmwareVersion",
  code: 0x02,
  request: new Uint8Array(0),
  timeoutMs: SHORT_MS,
  decode: (data) =>
    data.length === 4 ? { ic: data[0]!, version: data[1]!, revision: data[2]!, support: data[3]! } : undefined,
};
/** What `ic` is on a PN532. */
export const IC_PN532 = 0x32;

/** Section 7.2.10: normal mode, the secure access module is not used, no IRQ line. */
export const samConfiguration: Command<true> = {
  name: "SAMConfiguration",
  code: 0x14,
  request: Uint8Array.of(0x01, 0x00, 0x00),
  timeoutMs: SHORT_MS,
  decode: nothing,
};

/** Section 7.2.9: RATS is sent by itself to cards that know ISO/IEC 14443-4. */
export const setParameters: Command<true> = {
  name: "SetParameters",
  code: 0x12,
  request: Uint8Array.of(0x14),
  timeoutMs: SHORT_MS,
  decode: nothing,
};

/** Section 7.3.1, item 1: RF field off (which resets the card in it) or on. */
export function rfField(on: boolean): Command<true> {
  return {
    name: "RFConfiguration field",
    code: 0x32,
    request: Uint8Array.of(0x01, on ? 0x01 : 0x00),
    timeoutMs: SHORT_MS,
    decode: nothing,
  };
}

/**
 * Section 7.3.1, item 5: one more try of passive activation, then the answer "no target", instead of waiting for ever.
 */
export const rfRetries: Command<true> = {
  name: "RFConfiguration retries",
  code: 0x32,
  request: Uint8Array.of(0x05, 0xff, 0x01, 0x01),
  timeoutMs: SHORT_MS,
  decode: nothing,
};

export interface Target {
  readonly number: number;
  /** It sent an ATS: it can exchange APDUs. */
  readonly exchanges: boolean;
  /** Another card lies beside it. */
  readonly several: boolean;
}

/** Section 7.3.5: two targets at most, 106 kbps type A. The UID and the historical bytes end here. */
export const inListPassiveTarget: Command<Target | "none"> = {
  name: "InListPassiveTarget",
  code: 0x4a,
  request: Uint8Array.of(0x02, 0x00),
  timeoutMs: LIST_MS,
  decode(data) {
    if (data.length === 1 && data[0] === 0) return "none";
    const count = data[0];
    if (count !== 1 && count !== 2) return undefined;
    const first = targetAt(data, 1);
    const end = count === 2 && first !== undefined ? targetAt(data, first.end)?.end : first?.end;
    if (first === undefined || end !== data.length) return undefined;
    return { number: first.number, exchanges: first.exchanges, several: count === 2 };
  },
};

/**
 * Tg, SENS_RES (2), SEL_RES, UID length, UID, and of a card that speaks ISO/IEC 14443-4 (bit 5 of SEL_RES) its ATS,
 * whose length counts itself. Undefined when it does not have this form.
 */
function targetAt(
  data: Uint8Array,
  at: number,
): { readonly number: number; readonly exchanges: boolean; readonly end: number } | undefined {
  if (data.length < at + 5) return undefined;
  const uidLength = data[at + 4]!;
  if (uidLength !== 4 && uidLength !== 7 && uidLength !== 10) return undefined;
  const end = at + 5 + uidLength;
  const exchanges = (data[at + 3]! & 0x20) !== 0;
  if (data.length < end) return undefined;
  // one that says so and has sent no ATS does not speak it after all
  if (!exchanges || data.length === end) return { number: data[at]!, exchanges: false, end };
  const atsLength = data[end];
  if (atsLength === undefined || atsLength < 1 || data.length < end + atsLength) return undefined;
  return { number: data[at]!, exchanges, end: end + atsLength };
}

export interface Exchanged {
  readonly error: number;
  readonly more: boolean;
  readonly data: Uint8Array;
}

/** Section 7.3.8; a card may count what it is asked, wrong PINs above all. */
export function inDataExchange(target: number, data: Uint8Array, timeoutMs: number): Command<Exchanged> {
  assert(data.length <= EXCHANGE_DATA_MAX, "length of InDataExchange");
  return {
    name: "InDataExchange",
    code: 0x40,
    request: concat(Uint8Array.of(target), data),
    timeoutMs,
    isOnce: true,
    decode: (answer) =>
      answer.length === 0
        ? undefined
        : { error: answer[0]! & STATUS_ERROR_MASK, more: (answer[0]! & STATUS_MORE) !== 0, data: answer.slice(1) },
  };
}

/** Section 7.3.11; target 0 means all. The answer is a status. */
export function inRelease(target: number): Command<number> {
  return { name: "InRelease", code: 0x52, request: Uint8Array.of(target), timeoutMs: SHORT_MS, decode: status };
}

/** Section 7.2.1, test 6: is the ISO/IEC 14443-4 card still there? Status 0 when it is. */
export const diagnosePresence: Command<number> = {
  name: "Diagnose attention request",
  code: 0x00,
  request: Uint8Array.of(0x06),
  timeoutMs: LIST_MS,
  decode: status,
};
