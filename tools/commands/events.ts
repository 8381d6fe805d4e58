// npx sandogh events: the document of what the journal can say.

import { commandOf, type CommandMaker } from "../command-line/command.js";
import { exitCode } from "../command-line/complaint.js";
import { Talk } from "../command-line/talk.js";
import { writeDocument } from "../events-document.js";

const description = `Writes firmware/journal/EVENTS.md, the table of what the journal can say, from the catalogue in
firmware/journal/events.ts. A test compares them.`;

export const events: CommandMaker = ({ streams, done }) =>
  commandOf("events", description, ["events"]).action(() => {
    new Talk(streams, {}).say(`${writeDocument()} is written`);
    done(exitCode.done);
  });
