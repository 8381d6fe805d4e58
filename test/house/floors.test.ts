// The house of tools/build/floors.ts is kept by every file: imports of types too, and C's includes.

import test from "ava";
import { FLOORS } from "../../tools/build/floors.js";
import { circles, houseOf, placeOf, pointingUp, withoutFiles, withoutFloor } from "../../tools/map/house.js";
import { type Import, hiddenImports, importsOf, sourceFiles } from "../../tools/map/imports.js";

const files = sourceFiles();
const imports = importsOf(files);

test("no file imports one of a higher floor", (t) => {
  t.deepEqual(pointingUp(imports, FLOORS), []);
});

test("no files import each other in a circle", (t) => {
  t.deepEqual(circles(imports), []);
});

test("every file is on a floor, and every part that the list of floors names is there", (t) => {
  t.deepEqual(withoutFloor(files, FLOORS), []);
  t.deepEqual(withoutFiles(files, FLOORS), []);
});

test("no C file declares a function of another one by itself, which no include would show", (t) => {
  t.deepEqual(hiddenImports(files), []);
});

// ---- each of them notices ----

const floors = [["ground/a", "ground/b"], ["first"], ["second", "third"]];

/** Files that exist only here, by their paths. */
function tree(texts: Readonly<Record<string, string>>): readonly Import[] {
  return importsOf(Object.keys(texts), (path) => texts[path]!);
}

test("an import that points up is named with both files and both floors", (t) => {
  const found = tree({
    "ground/a.ts": 'import type { T } from "./b/c.js";\n',
    "ground/b/c.ts": 'export type { U } from "../../second/d.js";\n',
    "first/e.ts": 'import { a } from "../ground/a.js";\nlet x: import("../third/f.js").X;\n',
    "second/d.ts": 'import "../first/e.js";\n',
    "third/f.js": 'import { d } from "../second/d.js";\n',
  });
  t.deepEqual(pointingUp(found, floors), [
    "ground/b/c.ts (ground/b, floor 0) imports second/d.ts (second, floor 2)",
    "first/e.ts (first, floor 1) imports third/f.js (third, floor 2)",
  ]);
  t.is(found.length, 6);
});

test("so is a C file that includes a header of a higher floor", (t) => {
  const found = tree({
    "ground/a.c": '#include "a.h"\n#include "../second/b.h"\n#include "xsAll.h"\n',
    "ground/a.h": "\n",
    "second/b.h": "\n",
    "second/b.c": '#include "b.h"\n',
  });
  t.deepEqual(found, [{ from: "ground/a.c", to: "second/b.c" }]);
  t.is(pointingUp(found, floors).length, 1);
});

test("circles are named with all of their files, of types, of values and of headers", (t) => {
  const found = tree({
    "a.ts": 'import { b } from "./b.js";\n',
    "b.ts": 'import type { C } from "./c.js";\n',
    "c.ts": 'export { a } from "./a.js";\n',
    "d.ts": 'import "./a.js";\n',
    "e.ts": 'import "./d.js";\n',
    "x.h": '#include "y.h"\n',
    "y.c": '#include "y.h"\n#include "x.h"\n',
    "y.h": "\n",
  });
  t.deepEqual(circles(found), [
    ["a.ts", "b.ts", "c.ts"],
    ["x.h", "y.c"],
  ]);
  t.deepEqual(circles(found.filter(({ from }) => from !== "c.ts" && from !== "x.h")), []);
});

test("a file on no floor, and a floor of no file", (t) => {
  const there = ["ground/a.ts", "ground/b/c.c", "ground/ab.ts", "first/e.ts", "cellar/f.ts", "g.ts", "second/h.d.ts"];
  t.deepEqual(withoutFloor(there, floors), ["ground/ab.ts", "cellar/f.ts", "g.ts"]);
  t.deepEqual(withoutFiles(there, floors), ["third"]);
  t.deepEqual(placeOf("ground/a.d.ts", floors), { part: "ground/a", floor: 0 });
});

test("a C file that declares what another one defines", (t) => {
  const texts: Readonly<Record<string, string>> = {
    "a.c":
      "extern void b_do(int x);\nextern int engine(void);\nvoid own(void);\n\nvoid own(void)\n{\n}\n\nint a_do(void)\n{\n\treturn engine();\n}\n",
    "b.c": "int* a_do(void);\nstatic int own(void)\n{\n\treturn 0;\n}\n\nvoid b_do(int x)\n{\n}\n",
    "b.h": "void b_do(int x);\n",
  };
  t.deepEqual(
    hiddenImports(Object.keys(texts), (path) => texts[path]!),
    [
      { from: "a.c", to: "b.c" },
      { from: "b.c", to: "a.c" },
    ],
  );
});

test("a relative import that leads nowhere is no import", (t) => {
  t.throws(() => tree({ "a.ts": 'import "./b.js";\n' }), {
    message: 'a.ts imports "./b.js", and there is no such file',
  });
});

test("parts of one folder that lie one on the other are one room, those above another room a room of their own", (t) => {
  const levels = [["a/one", "a/two"], ["a/three"], ["b", "c"], ["a/four"], ["d"]];
  const paths = ["a/one.ts", "a/two/x.ts", "a/three/x.ts", "b/x.ts", "c/x.ts", "a/four/x.ts", "d/x.ts", "d/y.ts"];
  const arrows = [
    ["d/x.ts", "a/four/x.ts"],
    ["d/x.ts", "a/one.ts"],
    ["d/y.ts", "a/three/x.ts"],
    ["a/three/x.ts", "a/one.ts"],
    ["d/y.ts", "d/x.ts"],
  ].map(([from, to]) => ({ from: from!, to: to! }));
  const house = houseOf(paths, arrows, levels, () => 10);
  t.deepEqual(
    house.storeys.map((rooms) => rooms.map(({ name, parts }) => [name, ...parts.map((part) => part.name)])),
    [
      [["a", "a/one", "a/two", "a/three"]],
      [
        ["b", "b"],
        ["c", "c"],
      ],
      [["a/four", "a/four"]],
      [["d", "d"]],
    ],
  );
  t.deepEqual(house.arrows, [
    { from: "d", to: "a", imports: 2 },
    { from: "d", to: "a/four", imports: 1 },
  ]);
  t.deepEqual(house.storeys[3]![0]!.parts, [{ name: "d", floor: 4, files: 2, lines: 20 }]);
});
