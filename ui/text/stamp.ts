// A date and a time as runs that follow one another from left to right in both languages, as numbers do: 10:05
// 1405/08/30.

import { civilTime } from "../../firmware/service/calendar.js";
import type { Run } from "./typesetter.js";

/** Sets digits and signs in one face. */
export interface StampSetter {
  digits(digits: string): Run;
  sign(sign: "stamp.slash" | "stamp.colon"): Run;
}

/** `wall`: seconds since 1970 UTC. */
export function timeRuns(set: StampSetter, wall: number): Run[] {
  const { hour, minute } = civilTime(wall);
  return [set.digits(twoDigits(hour)), set.sign("stamp.colon"), set.digits(twoDigits(minute))];
}

export function dateRuns(set: StampSetter, wall: number): Run[] {
  const { year, month, day } = civilTime(wall);
  return [
    set.digits(String(year)),
    set.sign("stamp.slash"),
    set.digits(twoDigits(month)),
    set.sign("stamp.slash"),
    set.digits(twoDigits(day)),
  ];
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
