// A terminal's clock and timers on the harness's clock, for drivers that run in this process.

import type { Clock, Timer } from "../firmware/platform.js";
import type { SimClock } from "./clock.js";

export function terminalTime(clock: SimClock): { readonly clock: Clock; readonly timer: Timer } {
  const cancels = new Map<number, () => void>();
  let handle = 0;
  return {
    clock: { monotonic: () => Math.floor(clock.nowUs() / 1000), wall: () => 0 },
    timer: {
      set(callback, delayMs) {
        const id = ++handle;
        cancels.set(
          id,
          clock.after(delayMs * 1000, () => {
            cancels.delete(id);
            callback();
          }),
        );
        return id;
      },
      clear(id) {
        cancels.get(id)?.();
        cancels.delete(id);
      },
    },
  };
}
