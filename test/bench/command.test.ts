import test from "ava";
import fc from "fast-check";
import { type Command, commandLengthMax, readCommand, switchNames } from "../../sim/bench/command.js";

const good: readonly Command[] = [
  { do: "key", key: "white", pressed: true },
  { do: "touch", contact: 9, phase: "move", x: 1023, y: 599 },
  { do: "hold", card: "voter-1" },
  { do: "lift" },
  { do: "new-card" },
  { do: "grant", card: "voter-12" },
  { do: "discard", card: "voter-12" },
  { do: "power", on: false },
  { do: "reset" },
  { do: "tear-off" },
  { do: "tally" },
  ...switchNames.map((name) => ({ do: "switch", name, on: true }) as const),
];

test("every command that a page may give is read as it was given", (t) => {
  for (const command of good) t.deepEqual(readCommand(JSON.stringify(command)), { ok: true, value: command });
});

const bad: readonly (readonly [string, string])[] = [
  ["", "not JSON"],
  ["{", "not JSON"],
  ["null", "not an object"],
  ["[]", "not an object"],
  ["7", "not an object"],
  ["{}", "unknown command"],
  ['{"do":"format"}', "unknown command"],
  ['{"do":"toString"}', "unknown command"],
  ['{"do":"__proto__"}', "unknown command"],
  ['{"do":["lift"]}', "unknown command"],
  ['{"do":"lift","card":"x"}', "lift: unknown field"],
  ['{"do":"lift","__proto__":{}}', "lift: unknown field"],
  ['{"do":"key","key":"green"}', "key: pressed is missing"],
  ['{"do":"key","key":"Green","pressed":true}', "key: key is out of range"],
  ['{"do":"key","key":"green","pressed":1}', "key: pressed is out of range"],
  ['{"do":"touch","contact":10,"phase":"down","x":1,"y":1}', "touch: contact is out of range"],
  ['{"do":"touch","contact":0,"phase":"down","x":1024,"y":1}', "touch: x is out of range"],
  ['{"do":"touch","contact":0,"phase":"down","x":1,"y":0.5}', "touch: y is out of range"],
  ['{"do":"touch","contact":0,"phase":"press","x":1,"y":1}', "touch: phase is out of range"],
  ['{"do":"hold","card":"../tray.json"}', "hold: card is out of range"],
  ['{"do":"switch","name":"constructor","on":true}', "switch: name is out of range"],
  ['{"do":"power","on":"yes"}', "power: on is out of range"],
];

test("anything else is refused with what is wrong", (t) => {
  for (const [text, error] of bad) t.deepEqual(readCommand(text), { ok: false, error }, text);
  t.false(readCommand(JSON.stringify({ do: "hold", card: "a".repeat(commandLengthMax) })).ok);
});

test("whatever a page sends, reading it never throws, and what is read is one of the commands", (t) => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("green", "down", "line", "voter-1"),
  );
  const object = fc.dictionary(
    fc.constantFrom("do", "key", "pressed", "contact", "phase", "x", "y", "card", "name", "on", "more"),
    value,
  );
  const named = fc
    .tuple(fc.constantFrom(...good.map((each) => each.do)), object)
    .map(([name, fields]) => ({ ...fields, do: name }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        object.map((each) => JSON.stringify(each)),
        named.map((each) => JSON.stringify(each)),
      ),
      (text) => {
        const command = readCommand(text);
        if (command.ok)
          t.true(
            good.some(
              (each) =>
                each.do === command.value.do &&
                Object.keys(each).sort().join() === Object.keys(command.value).sort().join(),
            ),
          );
      },
    ),
    { numRuns: 2000 },
  );
});
