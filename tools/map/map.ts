// The picture of the rooms that ARCHITECTURE.md shows, made anew from the code's own imports:
//
//   npx tsx tools/map/map.ts

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { FLOORS } from "../build/floors.js";
import { houseOf } from "./house.js";
import { importsOf, readSource, sourceFiles } from "./imports.js";
import { drawHouse } from "./picture.js";

export const PICTURE = "tools/map/rooms.svg";

/** The picture as the code is now. */
export function drawRooms(): string {
  const files = sourceFiles();
  return drawHouse(houseOf(files, importsOf(files), FLOORS, (file) => readSource(file).split("\n").length - 1));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PICTURE, drawRooms());
  process.stdout.write(`${PICTURE}\n`);
}
