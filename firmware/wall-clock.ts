// Time as it is written down. A clock can be dead, wrong or beyond every date: that gates nothing, and what is written
// of it can always be read again.

import type { Clock } from "./platform.js";

/** Of every format of ours: u32. */
export const wallSecondsMax = 0xffff_ffff;

/** Whole seconds since 1970 UTC, 0..wallSecondsMax: what lies outside is the nearer end, no number at all is 0. */
export function wallSeconds(clock: Pick<Clock, "wall">): number {
  const now = Math.floor(clock.wall());
  return now > 0 ? Math.min(now, wallSecondsMax) : 0;
}
