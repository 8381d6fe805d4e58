// The picture of the rooms that is kept in the tree. Its floors, rooms, parts and arrows must be the code's: what is
// there and what imports what. Its figures (files, lines, imports) may be older, or every change would have to draw it
// anew: they are those of the last time that `npx sandogh map` was run.

import { readFileSync } from "node:fs";
import test from "ava";
import type { House } from "../../tools/map/house.js";
import { PICTURE, drawRooms } from "../../tools/map/map.js";
import { drawHouse, saidBy } from "../../tools/map/picture.js";

const svg = drawRooms();

test("rooms and arrows of the picture are those of the code", (t) => {
  t.deepEqual(saidBy(readFileSync(PICTURE, "utf8")), saidBy(svg), "draw it anew: npx sandogh map");
});

const part = (name: string, floor: number, files = 1): House["storeys"][number][number]["parts"][number] => ({
  name,
  floor,
  files,
  lines: 100,
});
const house: House = {
  storeys: [
    [{ name: "a", parts: [part("a/one", 0), part("a/two", 1)] }],
    [
      { name: "b", parts: [part("b", 2)] },
      { name: "c", parts: [part("c", 2)] },
    ],
  ],
  arrows: [
    { from: "b", to: "a", imports: 3 },
    { from: "c", to: "a", imports: 1 },
    { from: "c", to: "b", imports: 2 },
  ],
};

test("a room, a part, its floor or an arrow that is another is another picture; a figure is not", (t) => {
  const said = saidBy(drawHouse(house));
  t.deepEqual(said, [
    "room c",
    "room b",
    "room a",
    "a/two on floor 1",
    "a/one on floor 0",
    "b -> a",
    "c -> a",
    "c -> b",
  ]);
  t.is(drawHouse(house), drawHouse(house));
  t.deepEqual(
    saidBy(drawHouse({ ...house, arrows: house.arrows.map((arrow) => ({ ...arrow, imports: arrow.imports + 7 })) })),
    said,
  );
  t.notDeepEqual(saidBy(drawHouse({ ...house, arrows: house.arrows.slice(1) })), said);
  t.notDeepEqual(saidBy(drawHouse({ ...house, arrows: house.arrows.map((arrow) => ({ ...arrow, to: "b" })) })), said);
  t.notDeepEqual(
    saidBy(
      drawHouse({
        ...house,
        storeys: [[{ name: "a", parts: [part("a/one", 0), part("a/two", 0)] }], house.storeys[1]!],
      }),
    ),
    said,
  );
  t.notDeepEqual(saidBy(drawHouse({ storeys: house.storeys.slice(0, 1), arrows: [] })), said);
});

test("what it says is text, and it is no wider than a page", (t) => {
  t.true(Number(/width="(\d+)"/.exec(svg)![1]) <= 1100);
  for (const name of ["firmware", "platform", "vault", "session"]) t.true(svg.includes(`>${name}</text>`), name);
});
