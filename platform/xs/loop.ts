// The terminal's turns: each timer, each frame from the cable and each call put off with `soon` runs alone, with the
// promise jobs it made, before the next one begins. The C loop (platform/xs/terminal.c) calls the two functions given
// to `listen`.

import { Channel } from "../cable.js";
import { deadline, listen, now } from "./world.js";

const TIMERS_MAX = 1024;
const SOON_MAX = 1024;

export type FrameHandler = (op: number, payload: Uint8Array) => void;

interface DueTimer {
  readonly handle: number;
  readonly timeUs: number;
  readonly callback: () => void;
}

/** Ascending by time; equal times in the order they were set. */
const timers: DueTimer[] = [];
const soonCalls: (() => void)[] = [];
let nextHandle = 1;

const handlers = new Map<number, FrameHandler>();
let nextPort = 1;

function arm(): void {
  if (soonCalls.length > 0) deadline(0);
  else deadline(timers.length > 0 ? timers[0]!.timeUs : -1);
}

/** Calls back in a turn of its own, before any timer. */
export function soon(callback: () => void): void {
  if (soonCalls.length >= SOON_MAX) throw new RangeError("too many calls put off");
  soonCalls.push(callback);
  arm();
}

/** Calls back once after `delayMs`; returns the handle for clearTimer. */
export function setTimer(callback: () => void, delayMs: number): number {
  if (typeof callback !== "function") throw new TypeError("timer: no function");
  if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError("timer: delay");
  if (timers.length >= TIMERS_MAX) throw new RangeError("too many timers");
  const timer: DueTimer = { handle: nextHandle++, timeUs: now() + Math.ceil(delayMs * 1000), callback };
  let at = timers.length;
  while (at > 0 && timers[at - 1]!.timeUs > timer.timeUs) at--;
  timers.splice(at, 0, timer);
  arm();
  return timer.handle;
}

export function clearTimer(handle: number): void {
  const at = timers.findIndex((timer) => timer.handle === handle);
  if (at < 0) return;
  timers.splice(at, 1);
  arm();
}

function onTimer(): void {
  const call = soonCalls.shift();
  if (call !== undefined) {
    arm();
    call();
    return;
  }
  const timer = timers[0];
  if (timer !== undefined && timer.timeUs <= now()) {
    timers.shift();
    arm();
    timer.callback();
    return;
  }
  arm();
}

function key(channel: number, port: number): number {
  return channel * 0x10000 + port;
}

/** A port for a new serial line or connection: never used twice, so that a late frame cannot reach the wrong one. */
export function openPort(channel: number, handler: FrameHandler): number {
  if (nextPort > 0xffff) throw new RangeError("the cable has no port left");
  const port = nextPort++;
  handlers.set(key(channel, port), handler);
  return port;
}

export function closePort(channel: number, port: number): void {
  handlers.delete(key(channel, port));
}

function onFrame(channel: number, op: number, port: number, payload: ArrayBuffer): void {
  const handler = handlers.get(key(channel, port));
  if (handler !== undefined) handler(op, new Uint8Array(payload));
  else if ((channel !== Channel.serial && channel !== Channel.tcp) || port === 0 || port >= nextPort)
    throw new Error(`cable: channel ${channel} op ${op} port ${port} is not for the terminal`);
}

listen(onFrame, onTimer);
