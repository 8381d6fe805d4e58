// npx sandogh texts: shapes the texts of each role's image anew.

import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { exitCode } from "../command-line/complaint.js";
import { Talk } from "../command-line/talk.js";
import { deskBundle, uiBundle, updateBundles } from "../build/ui-bundle.js";

const description = `Shapes every text of each role's image, after a change to ui/strings.ts or firmware/messages.ts. Every build
does this first.`;

export const texts: CommandMaker = ({ streams, done }) =>
  commandOf("texts", description, ["texts"])
    .option("--quiet", quietHelp)
    .action(async (options) => {
      const talk = new Talk(streams, options);
      await talk.during("shaping texts", () => updateBundles());
      talk.say(`${uiBundle} and ${deskBundle} are up to date`);
      done(exitCode.done);
    });
