// The picture of the rooms that ARCHITECTURE.md shows, made from the code's own imports.

import { writeFileSync } from "node:fs";
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

export function writeRooms(): void {
  writeFileSync(PICTURE, drawRooms());
}
