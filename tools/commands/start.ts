// npx sandogh start: a polling station on this machine and its bench in the browser.

import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { building, complaining, exitCode } from "../command-line/complaint.js";
import { stationErrors } from "../command-line/election-errors.js";
import { ended } from "../command-line/ended.js";
import { inFile, outFolder, whole } from "../command-line/options.js";
import { setUp } from "../command-line/set-up.js";
import { Talk } from "../command-line/talk.js";
import { buildAll } from "../build/build.js";
import { readEnvironment } from "../../sim/bench/environment.js";
import { serve } from "../../sim/bench/serve.js";

const description = `A polling station on this machine, with its bench as a page in the browser. Ctrl-C ends it; the next start
on the same folder goes on with the same flash, keys, cards and collector. MQTT_URL=mqtt://host:1883 (or
mqtts://user:password@host:8883, with MQTT_CA=FILE for an authority of your own) takes another broker than the embedded
one, DATABASE_URL=postgres://... another database.`;

const portMax = 65_535;

export const start: CommandMaker = ({ streams, done }) =>
  commandOf("start", description, [
    "start",
    "start --port 8081 --data /tmp/station --election office/examples/short.yaml",
  ])
    .option("--port <n>", "port of the page on 127.0.0.1; 0: any free one", whole("--port", 0, portMax), 8080)
    .option("--data <dir>", "folder of flash, keys, cards and records", outFolder("--data"), "data")
    .option("--election <file>", "another election definition (YAML or JSON)", inFile("--election"))
    .option("--quiet", quietHelp)
    .action(async ({ port, data, election, quiet }) => {
      const talk = new Talk(streams, { quiet });
      const build = async (): Promise<void> => {
        await setUp("host");
        await talk.during("building what has changed", () => building(() => buildAll(["ballot", "identity"])));
      };
      const served = await complaining(stationErrors, () =>
        serve({
          port,
          directory: data,
          servers: readEnvironment(process.env),
          build,
          ...(election === undefined ? {} : { election }),
        }),
      );
      talk.say(`the bench is at ${served.address}  (Ctrl-C ends it)`);
      await ended();
      talk.say("closing");
      await served.close();
      done(exitCode.done);
    });
