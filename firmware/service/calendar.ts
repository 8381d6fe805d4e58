// Dates for paper and screen: the Solar Hijri calendar at Iran Standard Time. The terminal's clock gates nothing; it
// may be wrong.

export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** UTC+03:30; no daylight saving since 2022. */
const offset_s = 12_600;
const daySeconds = 86_400;
/** Years of a cycle and its days: 8 of 33 years are leap years, which is exact from 1206 to 1502 (1827 to 2124 CE). */
const cycleYears = 33;
const cycleDays = 12_053;
const leapYears: readonly number[] = [1, 5, 9, 13, 17, 22, 26, 30];
/** Days from 1970-01-01 to 1 Farvardin 1354 (1975-03-21), the first year of a cycle. */
const epochDay = 1_905;
const epochYear = 1_354;
/** Its place in the cycle: 1354 modulo 33. */
const epochPlace = 1;

/** Before this the clock was never set: 2026-01-01 UTC. */
const earliest_s = 1_767_225_600;

export function isClockSet(wall: number): boolean {
  return wall >= earliest_s;
}

/** `wall`: seconds since 1970 UTC. */
export function civilTime(wall: number): CivilTime {
  const local = Math.floor(wall) + offset_s;
  const second = ((local % daySeconds) + daySeconds) % daySeconds;
  let days = (local - second) / daySeconds - epochDay;
  const cycles = Math.floor(days / cycleDays);
  days -= cycles * cycleDays;
  let year = epochYear + cycles * cycleYears;
  for (let place = epochPlace; ; place++) {
    const length = leapYears.includes(place % cycleYears) ? 366 : 365;
    if (days < length) break;
    days -= length;
    year++;
  }
  const month = days < 186 ? Math.floor(days / 31) : 6 + Math.floor((days - 186) / 30);
  const day = days < 186 ? days % 31 : (days - 186) % 30;
  return {
    year,
    month: month + 1,
    day: day + 1,
    hour: Math.floor(second / 3600),
    minute: Math.floor((second % 3600) / 60),
  };
}
