// The identity desk's screens: drawn from its image's own texts, in both languages, every message among them.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { type DeskMessageCode, deskMessages } from "../../firmware/checkin/messages.js";
import type { DeskView } from "../../firmware/checkin/view.js";
import type { MessageCode } from "../../firmware/messages.js";
import type { Settings } from "../../firmware/settings.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { buildUiBundle, deskCatalogue } from "../../tools/build/ui-bundle.js";
import { DeskPanelScreen } from "../../ui/desk/screen.js";
import { sharedMessages } from "../../ui/desk/strings.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { textSource } from "../../ui/text/typesetter.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { faults, height, inks, width } from "./layout.js";

const out = fileURLToPath(new URL("../../build/screens", import.meta.url));
mkdirSync(out, { recursive: true });
const bundle = TextBundle.open(buildUiBundle(deskCatalogue()));
if (!bundle.ok) throw new Error(bundle.error.what);
const source = textSource(bundle.value, undefined);

const counts = { granted: 412, open: 1, returned: 2, capacity: 3_000 };
const codes: readonly (DeskMessageCode | MessageCode)[] = [
  ...(Object.keys(deskMessages) as DeskMessageCode[]),
  ...sharedMessages,
];
const views: Readonly<Record<string, DeskView>> = {
  starting: { screen: "starting" },
  "closed-before": { screen: "closed", poll: "before-opening", station: 1207 },
  "closed-after": { screen: "closed", poll: "closed", station: 999_999 },
  number: { screen: "number", station: 1207, digits: "", problem: undefined },
  "number-typed": { screen: "number", station: 1207, digits: "0499370899", problem: undefined },
  ...Object.fromEntries(
    (["D-01", "D-02", "D-03", "D-10"] as const).map((problem) => [
      `number-${problem}`,
      { screen: "number", station: 1207, digits: "0499370899", problem },
    ]),
  ),
  found: { screen: "found", digits: "0499370899", area: 3, open: false },
  "found-open": { screen: "found", digits: "8888888888", area: 64, open: true },
  card: { screen: "card", open: false },
  "card-same": { screen: "card", open: true },
  working: { screen: "working" },
  granted: { screen: "granted" },
  unused: { screen: "unused" },
  pin: { screen: "pin", role: "executive", typed: 0, problem: undefined },
  "pin-wrong": { screen: "pin", role: "supervision", typed: 8, problem: "O-01" },
  "menu-open": {
    screen: "menu",
    role: "executive",
    poll: "before-opening",
    counts: { ...counts, granted: 0, open: 0, returned: 0 },
    acts: ["open"],
  },
  "menu-close": { screen: "menu", role: "supervision", poll: "open", counts, acts: ["close"] },
  "menu-closed": {
    screen: "menu",
    role: "supervision",
    poll: "closed",
    counts: { ...counts, capacity: 16_384 },
    acts: [],
  },
  ...Object.fromEntries(
    (["open", "close", "again"] as const).map((act) => [
      `second-${act}`,
      { screen: "second", act, waitsFor: "supervision" },
    ]),
  ),
  ...Object.fromEntries(
    codes.flatMap((code) =>
      (["key", "card-removal", "official", "nothing"] as const).map((awaits) => [
        `message-${code}-${awaits}`,
        { screen: "message", code, awaits },
      ]),
    ),
  ),
};

/** Texts that reach from the box beside the keypad into it, or off its other end. */
function overEntry(screen: DeskPanelScreen, language: Settings["language"]): string[] {
  const [from, to] = language === "en" ? [28 + 60, 28 + 520] : [width - 28 - 520, width - 28 - 60];
  return inks(screen)
    .filter(
      ({ left, right, top, bottom }) =>
        top > 200 && bottom < 500 && left < to && right > from && (left < from || right > to),
    )
    .map(({ left, right }) => `a text from ${left} to ${right} leaves its box`);
}

for (const language of ["fa", "en"] as const)
  test(`in ${language}: on every screen of the desk targets are large enough and apart, texts are whole, apart and inside`, (t) => {
    const wrong: Record<string, string[]> = {};
    for (const size of [0, 1] as const)
      for (const [name, view] of Object.entries(views)) {
        const settings: Settings = { language, size, contrast: "normal" };
        const display = new MemoryDisplay();
        const screen = new DeskPanelScreen({
          display,
          blender: nodeBlender,
          source,
          kind: "test",
          onIntent: () => undefined,
          now: () => 0,
        });
        screen.show(view, settings);
        const found = faults(screen);
        if (name.startsWith("number-D") || name === "pin-wrong") found.push(...overEntry(screen, language));
        if (found.length > 0) wrong[`${name} ${size}`] = found;
        if (size === 1)
          writeFileSync(`${out}/desk-${name}.${language}.png`, pngFromRgb565(width, height, display.pixels));
      }
    t.deepEqual(wrong, {});
  });

test("of a number nothing stays in the list that is painted, nor in the set text, once it is forgotten", (t) => {
  const display = new MemoryDisplay();
  const screen = new DeskPanelScreen({
    display,
    blender: nodeBlender,
    source,
    kind: "real",
    onIntent: () => undefined,
    now: () => 0,
  });
  const settings: Settings = { language: "fa", size: 1, contrast: "normal" };
  screen.show(views["number"]!, settings);
  const empty = Buffer.from(display.pixels);
  screen.show(views["number-typed"]!, settings);
  t.not(Buffer.compare(empty, display.pixels), 0);
  screen.forget();
  t.true(screen.picture.list.every((word) => word === 0));
  screen.show(views["number"]!, settings);
  t.is(Buffer.compare(empty, display.pixels), 0);
});

test("a green key or a touch that comes with the screen is not meant for it; digits are taken as they come", (t) => {
  let now = 0;
  const asked: string[] = [];
  const screen = new DeskPanelScreen({
    display: new MemoryDisplay(),
    blender: nodeBlender,
    source,
    kind: "real",
    onIntent: (intent) => asked.push(intent.do),
    now: () => now,
  });
  const settings: Settings = { language: "en", size: 1, contrast: "normal" };
  screen.show(views["found"]!, settings);
  const press = (key: "green" | "4" | "back" | "up"): void => {
    screen.key({ key, pressed: true });
    screen.key({ key, pressed: false });
  };
  press("green");
  now = 400;
  press("green");
  press("4");
  press("up");
  press("back");
  const forward = screen.targets.find(({ id }) => id === "forward")!;
  for (const phase of ["down", "up"] as const) screen.touch({ contact: 0, phase, x: forward.x + 5, y: forward.y + 5 });
  // begun on one button, ended on another
  screen.touch({ contact: 0, phase: "down", x: forward.x + 5, y: forward.y + 5 });
  const language = screen.targets.find(({ id }) => id === "language")!;
  screen.touch({ contact: 0, phase: "up", x: language.x + 5, y: language.y + 5 });
  t.deepEqual(asked, ["here", "confirm", "digit", "here", "back", "confirm", "here"]);
});
