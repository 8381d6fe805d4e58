// The platform's timers over those of the SDK: numbers for handles, and a bound on their count.

import type { Timer, TimerHandle } from "../../../firmware/platform.js";

const TIMERS_MAX = 1024;

/** The SDK's "timer" module, as far as it is used here. */
export interface SdkTimer<T> {
  set(callback: () => void, delayMs: number): T;
  clear(timer: T): void;
}

export function timersOver<T>(sdk: SdkTimer<T>): Timer {
  const running = new Map<TimerHandle, T>();
  let nextHandle = 1;
  return {
    set(callback, delayMs) {
      if (typeof callback !== "function") throw new TypeError("timer: no function");
      if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError("timer: delay");
      if (running.size >= TIMERS_MAX) throw new RangeError("too many timers");
      const handle = nextHandle++;
      running.set(
        handle,
        sdk.set(() => {
          running.delete(handle);
          callback();
        }, Math.ceil(delayMs)),
      );
      return handle;
    },
    clear(handle) {
      const timer = running.get(handle);
      if (timer === undefined) return;
      running.delete(handle);
      sdk.clear(timer);
    },
  };
}
