// The model's figures as a page, bench/board/S3.md.

import { writeFileSync } from "node:fs";
import { type Flash, type Stated, cases, display, displayBytes, stated } from "./constants.js";
import { type Counts, type Memories, type Time, timeOf } from "./model.js";
import { countedBallots, dcaches, hotBytes, icaches, sweepEvery } from "./run.js";

export const S3 = "bench/board/S3.md";

interface Variant {
  readonly name: string;
  readonly flash: Flash;
  readonly icache: (typeof icaches)[number];
  readonly dcache: "32768/8/32" | "65536/8/64";
  readonly isDisplayApart: boolean;
}

/** What the project's configuration makes today: platform/sdk/esp32/sdkconfig. */
export const configured: Variant = {
  name: "as configured: quad flash, caches of 32 and 64 KB, lines of 64 bytes for data",
  flash: "quad",
  icache: "32768/8/32/0",
  dcache: "65536/8/64",
  isDisplayApart: false,
};

/** Each has what those before it have. */
const variants: readonly Variant[] = [
  {
    name: "ESP-IDF's own: caches of 16 and 32 KB",
    flash: "quad",
    icache: "16384/8/32/0",
    dcache: "32768/8/32",
    isDisplayApart: false,
  },
  configured,
  {
    name: "display on the other core",
    flash: "quad",
    icache: "32768/8/32/0",
    dcache: "65536/8/64",
    isDisplayApart: true,
  },
  {
    name: "hot code in internal RAM",
    flash: "quad",
    icache: "32768/8/32/1",
    dcache: "65536/8/64",
    isDisplayApart: true,
  },
  { name: "octal flash", flash: "octal", icache: "32768/8/32/1", dcache: "65536/8/64", isDisplayApart: true },
];

/** Seconds that people, or the watchdog, wait. */
const limits: Readonly<Record<string, number>> = {
  "boot to idle, empty": 5,
  "polls opened, with tests and zero report": 30,
  cast: 3,
  "paint idle": 0.5,
  "paint voting-list": 0.5,
  "paint review-many": 0.5,
  [`open and count, ${countedBallots} ballots`]: 600,
};

const lineOf = (cache: string): number => Number(cache.split("/")[2]);

/** In the low case the display's copies drive nothing out of the data cache. */
function memories({ icache, dcache, isDisplayApart }: Variant, isSwept: boolean): Memories {
  return {
    isDisplayApart,
    icache: { index: icaches.indexOf(icache), line: lineOf(icache) },
    dcache: { index: dcaches.indexOf(`${dcache}/${isSwept ? 1 : 0}`), line: lineOf(dcache) },
  };
}

export function timesOf(counts: Counts, variant: Variant): readonly [low: Time, expected: Time, high: Time] {
  const [low, expected, high] = cases(variant.flash);
  return [
    timeOf(counts, low, memories(variant, false)),
    timeOf(counts, expected, memories(variant, true)),
    timeOf(counts, high, memories(variant, true)),
  ];
}

function seconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3);
}

const bars = ([low, expected, high]: ReturnType<typeof timesOf>): string =>
  `${seconds(expected.seconds)} (${seconds(low.seconds)} to ${seconds(high.seconds)})`;

const percent = (part: number): string => `${Math.round(100 * part)} %`;

function verdict(name: string, [low, expected, high]: ReturnType<typeof timesOf>): string {
  const limit = limits[name];
  if (limit === undefined) return "";
  if (low.seconds > limit) return `**too slow**: ${limit} s even at its best`;
  if (expected.seconds > limit) return `**too slow**: more than ${limit} s`;
  return high.seconds > limit ? `perhaps more than ${limit} s` : `within ${limit} s`;
}

export interface Row {
  readonly name: string;
  readonly instructions: number;
  readonly seconds: Readonly<Record<string, readonly [low: number, expected: number, high: number]>>;
  readonly verdict: string;
}

export function rowsOf(parts: ReadonlyMap<string, Counts>): readonly Row[] {
  return [...parts].map(([name, counts]) => ({
    name,
    instructions: counts.work,
    seconds: Object.fromEntries(
      variants.map((variant) => [
        variant.name,
        timesOf(counts, variant).map((time) => Math.round(1e4 * time.seconds) / 1e4) as [number, number, number],
      ]),
    ),
    verdict: verdict(name, timesOf(counts, configured)),
  }));
}

/** Instructions that the model's expected case does between two copies of the display's driver. */
function betweenCopies(parts: ReadonlyMap<string, Counts>): number {
  const counts = parts.get("session, card to idle")!;
  const [, expected] = timesOf(counts, configured);
  const copySeconds = (2 * display.width * display.bounceRows) / displayBytes;
  return (counts.work / expected.seconds) * copySeconds;
}

function displayTakes(): string {
  const [low, expected, high] = cases("quad").map(({ share }) => percent(1 - share(lineOf(configured.dcache))));
  return `${expected} (${low} to ${high})`;
}

function page(parts: ReadonlyMap<string, Counts>): string {
  const main = [...parts].map(([name, counts]) => {
    const times = timesOf(counts, configured);
    const [, expected] = times;
    const { processor, code, flash, psram } = expected;
    const perInstruction = (expected.seconds * cases("quad")[1].hz) / counts.work;
    return `| ${name} | ${(counts.work / 1e6).toFixed(1)} M | ${bars(times)} | ${perInstruction.toFixed(1)} | ${[processor, code, flash, psram].map(percent).join(" | ")} | ${verdict(name, times)} |`;
  });
  const others = [...parts].map(
    ([name, counts]) => `| ${name} | ${variants.map((variant) => bars(timesOf(counts, variant))).join(" | ")} |`,
  );
  const lines = [...parts].map(([name, counts]) => {
    const per = (count: number): string => ((1000 * count) / counts.work).toFixed(1);
    const data = counts.data.map(({ flash, psram, back }) => `${per(flash)} / ${per(psram)} / ${per(back)}`);
    return `| ${name} | ${[counts.jumps, counts.loads, counts.stores, ...counts.code].map(per).join(" | ")} | ${data.join(" | ")} |`;
  });
  const constants = stated.map(({ name, value, source }: Stated) => `| ${name} | ${value} | ${source} |`);
  const head = (cells: readonly string[]): string =>
    `| ${cells.join(" | ")} |\n|---|${cells
      .slice(1)
      .map(() => "---:|")
      .join("")}`;
  return `# An ESP32-S3, on paper

Made by \`npx sandogh bench --target s3-model --write\`: nothing here was measured on an ESP32-S3. The emulated board's
instructions are counted and their addresses go through simulated caches; the constants below make time of them. A time
is what is expected, and in brackets everything at its best and everything at its worst at once. Waiting for printer,
cards, people and flash chips is not in it, nor what comes before the firmware (boot ROM, secure boot, ESP-IDF).

## As configured

Cycles are of 240 MHz, for one counted instruction, with what the display takes. Then where they go: instructions with
jumps and loads, waiting for code from flash, for data in flash, for PSRAM.

${head(["what", "instructions", "seconds", "cycles", "processor", "code", "flash", "PSRAM", ""])}
${main.join("\n")}

The display's copies take ${displayTakes()} of the core.

## What would help

Seconds; each column has what those before it have. Hot code is ${(hotBytes() / 1024).toFixed(0)} KB of this program: the interpreter's loop, the collector's, properties, copying.

${head(["what", ...variants.map(({ name }) => name)])}
${others.join("\n")}

## What was counted

For 1,000 instructions. Lines fetched by instruction caches of 16 KB, of 32 KB, and of 32 KB without the hot code; then,
by data caches, lines from flash / from PSRAM / written back: 32 KB without and with the display's copies in it, 64 KB
with lines of 64 bytes without and with them. The display's driver copies once in ${sweepEvery.toLocaleString("en")} instructions here; by the model's
own time it is once in ${(Math.round(betweenCopies(parts) / 1000) * 1000).toLocaleString("en")}.

${head(["what", "jumps", "loads", "stores", "16 KB", "32 KB", "hot", "32 KB", "with display", "64 KB", "with display"])}
${lines.join("\n")}

## Where everything lies

Code and constants, with the texts of screens: flash. JavaScript's heap with the byte code, what malloc gives, the
picture: PSRAM. Stack and variables of C: internal RAM, a cycle each. Libsodium and natives are in flash as the rest.

## Constants

low / expected / high where no document gives a figure.

| what | value | source |
|---|---|---|
${constants.join("\n")}
`;
}

export function writeS3(parts: ReadonlyMap<string, Counts>): void {
  writeFileSync(S3, page(parts));
}
