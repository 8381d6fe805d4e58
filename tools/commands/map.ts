// npx sandogh map: the picture of the rooms, from the code's own imports.

import { commandOf, type CommandMaker } from "../command-line/command.js";
import { exitCode } from "../command-line/complaint.js";
import { Talk } from "../command-line/talk.js";
import { PICTURE, writeRooms } from "../map/map.js";

const description = `Writes ${PICTURE}, which ARCHITECTURE.md shows: each room with what it imports, by the floors of
tools/build/floors.ts. A test compares them.`;

export const map: CommandMaker = ({ streams, done }) =>
  commandOf("map", description, ["map"]).action(() => {
    writeRooms();
    new Talk(streams, {}).say(`${PICTURE} is written`);
    done(exitCode.done);
  });
