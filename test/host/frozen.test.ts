import test from "ava";
import { withBench } from "./support.js";

test("nothing in the running terminal evaluates text, changes a built-in, reads the clock or draws chance", async (t) => {
  const found = (await withBench((bench) => bench.ask("evaluation"))) as Record<string, string>;
  t.true(Object.keys(found).length > 50);
  for (const [name, outcome] of Object.entries(found)) {
    if (name === "new Date(0) is a date") t.is(outcome, "true");
    else if (name.startsWith("global ")) t.is(outcome, "absent", name);
    else t.regex(outcome, /^(Type|Reference|Range|Syntax)?Error$/, name);
  }
});

test("cbor-x works on the frozen machine", async (t) => {
  const found = await withBench((bench) => bench.ask("cbor"));
  t.deepEqual(found, {
    bytes: "a40166d8b1d8a3db8c02430102030383f5f626041bffffffffffffffff",
    text: "رأی",
    list: [true, null, -7],
    data: "010203",
    big: "18446744073709551615",
  });
});
