// npx sandogh screens: pictures of every screen, for people to look at.

import { Option } from "@commander-js/extra-typings";
import type { Settings } from "../../firmware/settings.js";
import { runScript } from "../command-line/child.js";
import { commandOf, jsonHelp, quietHelp, type CommandMaker } from "../command-line/command.js";
import { outFolder, whole } from "../command-line/options.js";
import type { TalkOptions } from "../command-line/talk.js";

const description = "Draws every screen in both languages into a folder, and all of them on one page, sheet.png.";
const contrasts = ["normal", "high", "low"] as const;
const sizeMax = 3;

/** What test/ui/contact-sheet.ts is asked. */
export interface ScreensRequest extends TalkOptions {
  readonly out: string;
  readonly size: Settings["size"];
  readonly contrast: Settings["contrast"];
}

export const screens: CommandMaker = ({ done }) =>
  commandOf("screens", description, ["screens --out /tmp/screens --size 3 --contrast high"])
    .requiredOption("--out <dir>", "folder for the pictures", outFolder("--out"))
    .option("--size <n>", `text size, 0 to ${sizeMax}`, whole("--size", 0, sizeMax), 1)
    .addOption(new Option("--contrast <name>", "contrast").choices(contrasts).default("normal" as const))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async ({ size, ...options }) => {
      const request: ScreensRequest = { ...options, size: size as Settings["size"] };
      done(await runScript("test/ui/contact-sheet.ts", request));
    });
