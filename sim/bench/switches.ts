// The bench's switches: everything that a person, the world or bad luck can do to a station beside its power.

import type { Station } from "../station.js";
import type { SwitchName } from "./command.js";
import { switchNames } from "./command.js";

interface Switch {
  readonly get: (station: Station) => boolean;
  readonly set: (station: Station, on: boolean) => void;
  /** The position in which nothing is wrong. */
  readonly good: boolean;
}

const table: Readonly<Record<Exclude<SwitchName, "collector">, Switch>> = {
  line: { get: (s) => s.line, set: (s, on) => (s.line = on), good: true },
  mains: { get: (s) => s.panel.mains, set: (s, on) => (s.panel.mains = on), good: true },
  "case-open": { get: (s) => s.panel.caseOpen, set: (s, on) => (s.panel.caseOpen = on), good: false },
  "paper-out": { get: (s) => s.printer.paperOut, set: (s, on) => (s.printer.paperOut = on), good: false },
  "near-end": { get: (s) => s.printer.nearEnd, set: (s, on) => (s.printer.nearEnd = on), good: false },
  "cover-open": { get: (s) => s.printer.coverOpen, set: (s, on) => (s.printer.coverOpen = on), good: false },
  jam: { get: (s) => s.printer.jammed, set: (s, on) => (s.printer.jammed = on), good: false },
  "cutter-stuck": { get: (s) => s.printer.cutterStuck, set: (s, on) => (s.printer.cutterStuck = on), good: false },
  "lying-echo": { get: (s) => s.printer.lyingEcho, set: (s, on) => (s.printer.lyingEcho = on), good: false },
  "silent-printer": { get: (s) => s.printer.silent, set: (s, on) => (s.printer.silent = on), good: false },
  "silent-reader": { get: (s) => s.reader.silent, set: (s, on) => (s.reader.silent = on), good: false },
  "pull-card": {
    get: (s) => s.reader.faults.pull !== undefined,
    set: (s, on) => (s.reader.faults.pull = on ? { apdus: 1, when: "after" } : undefined),
    good: false,
  },
};

export function setSwitch(station: Station, name: Exclude<SwitchName, "collector">, on: boolean): void {
  table[name].set(station, on);
}

export function switchPositions(station: Station): Record<SwitchName, boolean> {
  return Object.fromEntries(
    switchNames.map((name) => [
      name,
      name === "collector" ? station.collector !== undefined : table[name].get(station),
    ]),
  ) as Record<SwitchName, boolean>;
}

export function faultsOf(positions: Readonly<Record<SwitchName, boolean>>): SwitchName[] {
  return switchNames.filter((name) => positions[name] !== (name === "collector" ? true : table[name].good));
}
