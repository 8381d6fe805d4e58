// npx sandogh keys: the keys of a real election, each in a folder of its own.

import { Option } from "@commander-js/extra-typings";
import { keyFolders, makeKey } from "../../office/keys/ceremony.js";
import { KeysProblem } from "../../office/package/keys.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { complaining, exitCode } from "../command-line/complaint.js";
import { inFolder, outFolder } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Makes keys, each in a folder of its own that is to be kept by its own people: the authority's, which is in the image
of every device, and below it those of images, factory, card issuer, collector, registry, escrow, audit, station and
the two offices' releases, each with a certificate that names its kind. A key that is there is never made again.`;

export const keys: CommandMaker = ({ streams, done }) =>
  commandOf("keys", description, [
    "keys --out /tmp/ceremony",
    "keys --out /tmp/offline --kind authority",
    "keys --out /tmp/factory --kind factory --authority /tmp/offline/authority",
  ])
    .requiredOption("--out <dir>", "where the folders are made", outFolder("--out"))
    .addOption(new Option("--kind <kind>", "one of them; all when absent").choices(keyFolders))
    .option(
      "--authority <dir>",
      "folder of the authority's key; beside the others when absent",
      inFolder("--authority", ["secret.key"], "is it the folder of the authority's key?"),
    )
    .option("--json", jsonHelp)
    .action(async ({ out, kind, authority, json }) => {
      const talk = new Talk(streams, { json });
      const made = kind === undefined ? keyFolders : [kind];
      await complaining([KeysProblem], () => {
        for (const each of made) makeKey(out, each, authority);
      });
      talk.result({ ok: true, out, made }, [
        ...made.map((each) => `${out}/${each}`),
        "keep each folder with its own people, the authority's offline",
      ]);
      done(exitCode.done);
    });
