// What the two images are made of: each has its own parts and texts, and none of the other's. They are built from one
// tree, so drivers, renderer and engine glue are in both; what must be apart is named here, and looked for in the files
// that are shipped.

import { readFileSync } from "node:fs";
import test from "ava";
import { entryOf } from "../../tools/build/build.js";
import { walk } from "../../tools/build/graph.js";
import { FORBIDDEN, matches } from "../../tools/build/rules.js";
import { catalogue, deskCatalogue } from "../../tools/build/ui-bundle.js";

/** A module's name that does not go on. */
const names = (role: string, name: string): boolean =>
  new RegExp(`${name}(?![\\w/-])`).test(readFileSync(`build/image/${role}.xsi`, "latin1"));

test("no module of what the one role must not contain is in its image, by graph and by the names in the file; in the other's it is", async (t) => {
  for (const [role, other] of [
    ["identity", "ballot"],
    ["ballot", "identity"],
  ] as const) {
    const modules = (await walk(role, entryOf(role))).map(({ specifier }) => specifier);
    const others = (await walk(other, entryOf(other))).map(({ specifier }) => specifier);
    for (const prefix of FORBIDDEN[role]!) {
      t.deepEqual(
        modules.filter((name) => matches(name, prefix)),
        [],
        `${role} ${prefix}`,
      );
      const there = others.filter((name) => matches(name, prefix));
      t.true(there.length > 0, `${other} has no ${prefix}: the rule guards nothing`);
      for (const name of there) t.deepEqual([names(role, name), names(other, name)], [false, true], name);
    }
  }
});

test("the desk's image has no text about a ballot's contents, the ballot terminal's none of the desk's", (t) => {
  const desk = new Set<string>(deskCatalogue().keys());
  const ballot = new Set<string>(catalogue().keys());
  for (const key of desk)
    if (/^(?:review|confirm|slip|paper|search|problem|intro|letter|report)\./.test(key)) t.fail(key);
  t.deepEqual(
    [...ballot].filter((key) => key.startsWith("desk.") || key.startsWith("message.D-")),
    [],
  );
  const both = [...desk].filter((key) => ballot.has(key));
  t.log(`${desk.size} texts at the desk, ${ballot.size} at the ballot terminal, ${both.length} the same`);
});
