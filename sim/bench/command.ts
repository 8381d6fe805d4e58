// What the page may ask for. Everything that comes from a browser is read strictly: a message that is not exactly one
// of these is refused with a reason and changes nothing.

import { CONTACT_MAX, type Key, type Phase, keyCodes } from "../../drivers/panel/report.js";
import { type Result, err, ok } from "../../firmware/result.js";

/** Bytes of a message from a page. */
export const commandLengthMax = 512;

export const switchNames = [
  "line",
  "collector",
  "mains",
  "case-open",
  "paper-out",
  "near-end",
  "cover-open",
  "jam",
  "cutter-stuck",
  "lying-echo",
  "silent-printer",
  "silent-reader",
  "pull-card",
] as const;
export type SwitchName = (typeof switchNames)[number];

export type Command =
  | { readonly do: "key"; readonly key: Key; readonly pressed: boolean }
  /** x, y in pixels of the display */
  | { readonly do: "touch"; readonly contact: number; readonly phase: Phase; readonly x: number; readonly y: number }
  | { readonly do: "hold"; readonly card: string }
  | { readonly do: "lift" }
  | { readonly do: "new-card" }
  | { readonly do: "grant"; readonly card: string }
  | { readonly do: "discard"; readonly card: string }
  | { readonly do: "switch"; readonly name: SwitchName; readonly on: boolean }
  | { readonly do: "power"; readonly on: boolean }
  /** The microcontroller alone starts again. */
  | { readonly do: "reset" }
  /** A hand tears off the paper that hangs in the window. */
  | { readonly do: "tear-off" }
  | { readonly do: "tally" };

type Field = (value: unknown) => boolean;

const isBoolean: Field = (value) => typeof value === "boolean";
const isCard: Field = (value) => typeof value === "string" && /^[a-z0-9-]{1,24}$/.test(value);
const oneOf =
  (values: readonly string[]): Field =>
  (value) =>
    typeof value === "string" && values.includes(value);
const whole =
  (max: number): Field =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;

const fields: Readonly<Record<Command["do"], Readonly<Record<string, Field>>>> = {
  key: { key: oneOf(Object.keys(keyCodes)), pressed: isBoolean },
  touch: { contact: whole(CONTACT_MAX), phase: oneOf(["down", "move", "up"]), x: whole(1023), y: whole(599) },
  hold: { card: isCard },
  lift: {},
  "new-card": {},
  grant: { card: isCard },
  discard: { card: isCard },
  switch: { name: oneOf(switchNames), on: isBoolean },
  power: { on: isBoolean },
  reset: {},
  "tear-off": {},
  tally: {},
};

function isCommandName(name: unknown): name is Command["do"] {
  return typeof name === "string" && Object.hasOwn(fields, name);
}

/** One JSON object with exactly the fields of its command. The error says which field is wrong. */
export function readCommand(text: string): Result<Command, string> {
  if (text.length > commandLengthMax) return err(`a command has at most ${commandLengthMax} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err("not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return err("not an object");
  const object = value as Readonly<Record<string, unknown>>;
  const name = object["do"];
  if (!isCommandName(name)) return err("unknown command");
  const wanted = fields[name];
  for (const key of Object.keys(object))
    if (key !== "do" && !Object.hasOwn(wanted, key)) return err(`${name}: unknown field`);
  for (const [key, isRight] of Object.entries(wanted)) {
    if (!Object.hasOwn(object, key)) return err(`${name}: ${key} is missing`);
    if (!isRight(object[key])) return err(`${name}: ${key} is out of range`);
  }
  return ok(value as Command);
}
