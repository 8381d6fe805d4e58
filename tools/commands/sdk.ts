// npx sandogh sdk: the tree as a project of the Moddable SDK.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { headless as headlessMachine } from "../../sim/sdk/machine.js";
import { commandOf, groupOf, jsonHelp, quietHelp, type CommandMaker, type Context } from "../command-line/command.js";
import { Complaint, building, complaining, exitCode } from "../command-line/complaint.js";
import { stationErrors } from "../command-line/election-errors.js";
import { ended } from "../command-line/ended.js";
import { inFolder, outFolder } from "../command-line/options.js";
import { outHelp, outParser, runDay, withDayOptions } from "../command-line/scripted.js";
import { setUp } from "../command-line/set-up.js";
import { Talk } from "../command-line/talk.js";
import { buildForRun } from "../build/build.js";
import { LIN_ROLES, PRODUCTS, buildHeadless, buildLin, esp32Project } from "../sdk/build.js";
import { unheard } from "../sdk/configuration.js";
import { missingForIdf } from "../sdk/idf.js";
import { type Assessment, assess } from "../sdk/memory.js";
import { runSimulator } from "../sdk/simulator.js";
import { SDK_VERSION, SdkError, SdkIsMissing, linIsMissing, sdkIsMissing, sdkVersion } from "../sdk/toolchain.js";

const description = `This tree as a project of the Moddable SDK ${SDK_VERSION}, which MODDABLE names the folder of. IDF_PATH names that of
ESP-IDF v6.0, for compiling the ESP32's project.`;

/** What is missing is the caller's to install; what the tools say of the code is a failed build. */
function ofTheSdk<T>(act: () => Promise<T>): Promise<T> {
  return building(() => complaining([SdkIsMissing], act));
}

/** Throws a Complaint that says what to install: before anything is built. */
function need(missing: string | undefined): void {
  if (missing !== undefined) throw new Complaint(missing);
}

async function project(
  talk: Talk,
  options: { readonly role: string; readonly debug: boolean; readonly make: boolean },
) {
  need(sdkIsMissing());
  await setUp("host");
  const made = await talk.during(options.make ? "compiling for the ESP32" : "writing the project", () =>
    ofTheSdk(() => esp32Project(options)),
  );
  for (const line of made.warnings) talk.warn(line);
  talk.say(`${made.directory}\n${made.sdkconfig}\n${made.partitions}`);
  return made.warnings.length === 0 ? exitCode.done : exitCode.failed;
}

const build: CommandMaker = ({ streams, done }) =>
  commandOf("build", "The role's library for Linux, with the SDK's engine and tools; or compiled for the ESP32.", [
    "sdk build --role identity",
    "sdk build --esp32",
  ])
    .addOption(new Option("--role <role>", "which device").choices(LIN_ROLES).default("ballot" as const))
    .addOption(new Option("--instrument", "with the engine's memory instruments").conflicts(["debug", "esp32"]))
    .option("--debug", "with the debugger: it connects to xsbug")
    .option("--esp32", "compile the ESP32's project instead, with ESP-IDF")
    .option("--quiet", quietHelp)
    .action(async ({ role, instrument = false, debug = false, esp32 = false, quiet }) => {
      const talk = new Talk(streams, { quiet });
      if (esp32) {
        if (!(PRODUCTS as readonly string[]).includes(role))
          throw new Complaint(`--role ${role}: is not for the ESP32; choose ${PRODUCTS.join(" or ")}`);
        done(await project(talk, { role, debug, make: true }));
        return;
      }
      need(linIsMissing());
      await setUp("host");
      const built = await talk.during("building with the SDK", () =>
        ofTheSdk(() => buildLin({ role, instrument, debug })),
      );
      if (sdkVersion() !== SDK_VERSION)
        talk.warn(`this is SDK ${sdkVersion()}; the manifests were made for ${SDK_VERSION}`);
      // with the debugger the SDK asks the compiler for warnings that its own engine does not keep to
      const ours = debug ? built.warnings.filter((line) => line.startsWith(process.cwd())) : built.warnings;
      for (const line of ours) talk.warn(line);
      talk.say(built.library);
      if (built.notFrozen > 0) talk.say(`${built.notFrozen} objects of preloaded modules are not frozen`);
      done(ours.length === 0 ? exitCode.done : exitCode.failed);
    });

const run: CommandMaker = ({ streams, done }) =>
  commandOf("run", "The terminal in the SDK's simulator, with cards, paper, keys and switches beside the panel.", [
    "sdk run --data /tmp/station",
  ])
    .option("--data <dir>", "folder of flash, keys, cards and records", outFolder("--data"), "data")
    .option("--debug", "with the debugger: it connects to xsbug")
    .option("--quiet", quietHelp)
    .action(async ({ data, debug = false, quiet }) => {
      const talk = new Talk(streams, { quiet });
      need(linIsMissing());
      if (process.env["DISPLAY"] === undefined)
        throw new Complaint("DISPLAY is not set: the simulator is a window; without one: npx sandogh sdk headless");
      await setUp("host");
      await talk.during("building with the SDK", () =>
        ofTheSdk(async () => {
          await buildLin({ role: "ballot", debug });
          await buildForRun("ballot");
          await buildForRun("identity");
        }),
      );
      const simulator = await complaining([SdkError, ...stationErrors], () => runSimulator({ directory: data, debug }));
      await Promise.race([simulator.closed, ended()]);
      await simulator.stop();
      done(exitCode.done);
    });

const headless: CommandMaker = ({ streams, done }) =>
  withDayOptions(
    commandOf("headless", "A voting day with no window, as npx sandogh vote: the same files, byte for byte.", [
      "sdk headless --ballots 10 --seed 1 --out /tmp/day",
    ]),
  )
    .requiredOption("--out <dir>", outHelp, outParser)
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      const talk = new Talk(streams, options);
      need(linIsMissing());
      await setUp("host");
      const machine = await talk.during("building with the SDK", () =>
        ofTheSdk(async () => {
          const { library } = await buildLin({ role: "ballot" });
          await buildForRun("ballot");
          return headlessMachine({ program: buildHeadless(), library });
        }),
      );
      done(await runDay(talk, { ...options, machine }));
    });

const esp32: CommandMaker = ({ streams, done }) =>
  commandOf("esp32-project", "Configuration, partitions and makefile for the ESP32, which needs no ESP-IDF.", [
    "sdk esp32-project --role identity",
  ])
    .addOption(new Option("--role <role>", "which device").choices(PRODUCTS).default("ballot" as const))
    .option("--debug", "with the debugger; secure boot and flash encryption stay off")
    .option("--quiet", quietHelp)
    .action(async ({ role, debug = false, quiet }) =>
      done(await project(new Talk(streams, { quiet }), { role, debug, make: false })),
    );

/** As lines for people: sections, then what is taken of each memory and what may be. */
function shown({ sections, uses }: Assessment): readonly string[] {
  const columns = (rows: readonly (readonly string[])[]): string[] => {
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    return rows.map((row) =>
      row
        .map((field, column) => (/^\d/.test(field) ? field.padStart(widths[column]!) : field.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd(),
    );
  };
  const number = (value: number): string => value.toLocaleString("en-US");
  return [
    ...columns(sections.map(({ name, memory, size }) => [name, number(size), memory])),
    "",
    ...columns(
      uses.map(({ name, used, limit, met }) => [name, number(used), "of", number(limit), met ? "" : "too much"]),
    ),
  ];
}

const link: CommandMaker = ({ streams, done }) =>
  commandOf(
    "link",
    `The product's image for the ESP32, with secure boot and flash encryption, linked by ESP-IDF; then its sections, and
what it takes of each memory. Ends with 1 when that is more than it may. All that is missing for it is named first.`,
    ["sdk link --idf ~/esp/esp-idf --toolchain ~/esp/xtensa-esp-elf"],
  )
    .addOption(new Option("--role <role>", "which device").choices(PRODUCTS).default("ballot" as const))
    .requiredOption("--idf <dir>", "the folder of ESP-IDF v6.0", inFolder("--idf", [], ""))
    .option(
      "--toolchain <dir>",
      "the folder whose bin/ holds xtensa-esp32s3-elf-gcc (default: on PATH)",
      inFolder("--toolchain", [], ""),
    )
    .option(
      "--components <dir>",
      "a folder with the components that the manifest pins (default: ESP-IDF's component manager fetches them)",
      inFolder("--components", [], ""),
    )
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async ({ role, idf, toolchain, components, quiet, json }) => {
      const talk = new Talk(streams, { quiet, json });
      const places = { idf, toolchain, components };
      const sdkLack = sdkIsMissing();
      const missing = [...(sdkLack === undefined ? [] : [sdkLack]), ...missingForIdf(places)];
      // one line ends the command; each thing that is missing has one of its own before it
      if (missing.length > 1) for (const line of missing) talk.warn(`missing: ${line}`);
      if (missing.length > 0)
        throw new Complaint(missing.length === 1 ? missing[0]! : `${missing.length} things are missing, named above`);
      await setUp("host");
      const made = await talk.during("linking for the ESP32", () =>
        ofTheSdk(() => esp32Project({ role, make: true, places })),
      );
      const text = (path: string): string => readFileSync(path, "utf8");
      const assessment = assess({
        program: readFileSync(made.outputs.program),
        imageLength: statSync(made.outputs.image).size,
        bootloaderLength: statSync(made.outputs.bootloader).size,
        partitions: text(made.partitions),
        manifest: text("manifest.json"),
        sdkconfig: text(made.sdkconfig),
        figures: text("bench/board/FIGURES.md"),
      });
      const asked = ["sdkconfig.defaults", "sdkconfig.defaults.release"].map((name) =>
        text(join("platform/sdk/esp32/sdkconfig", name)),
      );
      const refused = unheard(asked, text(made.configuration));
      const met = refused.length === 0 && assessment.uses.every((use) => use.met);
      talk.result({ ...made.outputs, ...assessment, unheard: refused, met }, [
        made.outputs.image,
        made.outputs.bootloader,
        "",
        ...shown(assessment),
        ...refused.map((line) => `not heard: ${line}`),
      ]);
      done(met ? exitCode.done : exitCode.failed);
    });

export const sdk: CommandMaker = (context: Context) =>
  groupOf(
    commandOf("sdk", description, ["sdk build", "sdk headless --ballots 10 --seed 1 --out /tmp/day"]),
    [build, run, headless, esp32, link].map((make) => make(context)),
  );
