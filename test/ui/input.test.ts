import test from "ava";
import fc from "fast-check";
import type { Intent, View } from "../../firmware/session/view.js";
import { type Settings, settingsAtRest } from "../../firmware/settings.js";
import { type MessageCode, messages } from "../../firmware/messages.js";
import { BallotScreen, toneOf } from "../../ui/screen.js";
import { measures, reviewPages } from "../../ui/screens/review.js";
import { Sheet } from "../../ui/sheet.js";
import { textSizes } from "../../ui/text/faces.js";
import { Typesetter } from "../../ui/text/typesetter.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { fewMarks, manyItems, shown, source, voting } from "./views.js";

const english: Settings = { ...settingsAtRest, language: "en" };
const view = (name: string): View => shown[name]!.view;

function bench(of: View = voting(), settings: Settings = settingsAtRest) {
  const intents: Intent[] = [];
  const display = new MemoryDisplay();
  const time = { now: 0, step: 1_000 };
  const screen = new BallotScreen({ display, blender: nodeBlender, source, onIntent: (intent) => intents.push(intent), now: () => (time.now += time.step) });
  screen.show(of, settings);
  const middle = (id: string) => {
    const target = screen.targets.find((each) => each.id === id);
    if (target === undefined) throw new Error(`no target ${id}`);
    return { x: target.x + target.width / 2, y: target.y + target.height / 2 };
  };
  const touch = (phase: "down" | "move" | "up", at: { x: number; y: number }, contact = 0) => screen.touch({ contact, phase, ...at });
  const tap = (id: string) => {
    touch("down", middle(id));
    touch("up", middle(id));
  };
  return { intents, display, screen, middle, touch, tap, time };
}

test("a touch that begins and ends in a row chooses it, once", (t) => {
  const { intents, tap } = bench();
  tap("row.3");
  t.deepEqual(intents, [{ do: "toggle", option: 3 }] as Intent[]);
});

test("in Persian the first row is on the right and forward on the left, in English the other way round", (t) => {
  const fa = bench();
  const en = bench(voting(), english);
  t.true(fa.middle("row.0").x > 512 && en.middle("row.0").x < 512);
  t.true(fa.middle("forward").x < 512 && en.middle("forward").x > 512);
  for (const target of fa.screen.targets) {
    const mirrored = en.screen.targets.find((each) => each.id === target.id)!;
    // a button is as wide as its label in each language
    if (target.width === mirrored.width && !["search", "white"].includes(target.id)) t.is(mirrored.x, 1024 - target.x - target.width, target.id);
    t.is(mirrored.y, target.y, target.id);
  }
  const order = (of: typeof fa) => [...of.screen.targets].sort((a, b) => a.y - b.y || a.x - b.x).map((target) => `${target.y} ${target.id}`);
  t.deepEqual(order(fa), [...en.screen.targets].sort((a, b) => a.y - b.y || b.x - a.x).map((target) => `${target.y} ${target.id}`));
});

test("the keypad is not mirrored: 1 is left of 3 in both languages", (t) => {
  for (const settings of [settingsAtRest, english]) {
    const { middle } = bench(view("voting-code"), settings);
    t.true(middle("digit.1").x < middle("digit.3").x);
  }
});

test("a touch that ends elsewhere, or outside of every target, chooses nothing", (t) => {
  const { intents, middle, touch } = bench();
  touch("down", middle("row.3"));
  touch("up", middle("row.5"));
  touch("down", middle("row.3"));
  touch("up", { x: -1, y: -1 });
  t.deepEqual(intents, [{ do: "here" }, { do: "here" }]);
});

test("a second contact cancels both, and nothing counts until the glass is free", (t) => {
  const { intents, middle, touch } = bench();
  touch("down", middle("row.3"), 0);
  touch("down", middle("row.5"), 1);
  touch("up", middle("row.3"), 0);
  touch("up", middle("row.5"), 1);
  t.deepEqual(intents, []);
  touch("down", middle("row.5"), 0);
  touch("up", middle("row.5"), 0);
  t.deepEqual(intents, [{ do: "toggle", option: 5 }] as Intent[]);
});

test("a finger that was down when the screen changed does nothing on the new one", (t) => {
  const { intents, screen, middle, touch } = bench();
  const at = middle("forward");
  touch("down", at);
  screen.show(view("review"), settingsAtRest);
  touch("up", at);
  t.deepEqual(intents, [{ do: "here" }]);
});

test("a doubled press is one press: on a row, on a key that leads on, and on a screen that has only just come", (t) => {
  const { intents, screen, tap, time } = bench();
  time.step = 0;
  time.now += 1_000;
  tap("row.3");
  time.now += 150;
  tap("row.3");
  t.deepEqual(intents, [{ do: "toggle", option: 3 }, { do: "here" }] as Intent[]);
  time.now += 10;
  tap("row.4");
  t.deepEqual(intents.at(-1), { do: "toggle", option: 4 }, "another row is another act");
  time.now += 300;
  tap("row.3");
  t.deepEqual(intents.at(-1), { do: "toggle", option: 3 });
  screen.show(view("confirm"), settingsAtRest);
  time.now += 200;
  screen.key({ key: "green", pressed: true });
  t.deepEqual(intents.at(-1), { do: "here" }, "the green press that was for the review does not cast");
  time.now += 200;
  screen.key({ key: "green", pressed: true });
  t.deepEqual(intents.at(-1), { do: "confirm" });
  // digits are typed as fast as one can
  screen.show(view("voting-code"), settingsAtRest);
  for (const key of ["1", "1", "1"] as const) screen.key({ key, pressed: true });
  t.deepEqual(intents.slice(-3), Array(3).fill({ do: "digit", digit: 1 }));
});

test("moves, held fingers and released keys do nothing more", (t) => {
  const { intents, screen, middle, touch } = bench();
  touch("down", middle("row.1"));
  for (let i = 0; i < 50; i++) touch("move", middle("row.1"));
  t.deepEqual(intents, []);
  touch("up", middle("row.1"));
  touch("up", middle("row.1"));
  t.is(intents.length, 1);
  screen.key({ key: "green", pressed: false });
  t.is(intents.length, 1);
});

const keyRows: readonly (readonly [string, string, Intent])[] = [
  ["voting-list", "green", { do: "next" }],
  ["voting-list", "white", { do: "blank" }],
  ["voting-list", "correction", { do: "correct" }],
  ["voting-list", "7", { do: "digit", digit: 7 }],
  ["voting-code-found", "green", { do: "enter" }],
  ["voting-code", "green", { do: "next" }],
  ["review", "green", { do: "confirm" }],
  ["review", "correction", { do: "back" }],
  ["confirm", "green", { do: "confirm" }],
  ["confirm", "back", { do: "back" }],
  ["slip", "correction", { do: "reject" }],
  ["slip-full", "correction", { do: "here" }],
  ["slip", "green", { do: "here" }],
  ["inactive", "green", { do: "here" }],
  ["official-pin", "5", { do: "digit", digit: 5 }],
  ["official-pin", "green", { do: "confirm" }],
  ["official-menu", "green", { do: "here" }],
  ["official-result", "green", { do: "next" }],
  ["done", "green", { do: "here" }],
];
for (const [name, key, intent] of keyRows) {
  test(`the key ${key} on ${name} means ${JSON.stringify(intent)}`, (t) => {
    const { intents, screen } = bench(view(name));
    screen.key({ key: key as "green", pressed: true });
    t.deepEqual(intents, [intent]);
  });
}

test("green goes through the pages of a long review before it confirms", (t) => {
  const { intents, screen } = bench(view("review-full"));
  screen.key({ key: "green", pressed: true });
  screen.key({ key: "green", pressed: true });
  t.deepEqual(intents, [{ do: "here" }, { do: "confirm" }]);
});

for (const size of textSizes)
  for (const name of ["review-full", "review-many", "confirm-many"])
    test(`green alone goes through every page of ${name} in text size ${size}, each once, and then confirms`, (t) => {
      const { intents, screen, display } = bench(view(name), { ...settingsAtRest, size });
      const seen = new Set<string>();
      while (intents.at(-1)?.do !== "confirm") {
        const picture = Buffer.from(display.pixels).toString("base64");
        t.false(seen.has(picture), `page ${seen.size + 1} is one that was shown before`);
        if (seen.has(picture)) return;
        seen.add(picture);
        screen.key({ key: "green", pressed: true });
      }
    });

test("every choice of a ballot longer than a page is on some page of the review, in order and once", (t) => {
  const sheet = new Sheet(new Typesetter(source, nodeBlender, settingsAtRest.size), nodeBlender);
  const room = measures(sheet);
  const pages = reviewPages(sheet, manyItems, source.pack!, room);
  t.true(pages.length > 2);
  const cards = pages.flat();
  for (const item of manyItems) {
    const own = cards.filter((card) => card.item === item);
    let next = 0;
    for (const card of own) {
      t.is(card.from, next);
      next = card.to;
    }
    t.is(next, own[0]!.lines.length);
    t.is(own[0]!.lines.reduce((sum, line) => sum + line.length, 0), item.blank ? 0 : 2 * item.chosen.length, "a code and a name each");
  }
  for (const page of pages) t.true(page.reduce((sum, card) => sum + card.height + 12, -12) <= room.bottom - room.top);
});

test("a long ballot is cast only after its last page, and the slip's picture can be leafed through", (t) => {
  const { intents, screen, display, tap } = bench(view("confirm-many"));
  t.false(screen.targets.some((target) => target.id === "cast"));
  for (let i = 0; i < 9 && intents.at(-1)?.do !== "confirm"; i++) screen.key({ key: "green", pressed: true });
  t.deepEqual(intents, [{ do: "here" }, { do: "here" }, { do: "confirm" }]);
  screen.show(view("slip-many"), settingsAtRest);
  const first = display.pixels.slice();
  tap("page.after");
  t.not(Buffer.compare(display.pixels, first), 0);
  tap("page.before");
  t.is(Buffer.compare(display.pixels, first), 0);
});

test("the focus is seen, walks over every target, and select acts where it is", (t) => {
  const { intents, screen, display } = bench(view("official-menu"));
  const before = display.pixels.slice();
  const count = screen.targets.length;
  screen.key({ key: "next", pressed: true });
  t.not(Buffer.compare(before, display.pixels), 0);
  for (let i = 0; i < count; i++) screen.key({ key: "next", pressed: true });
  intents.length = 0;
  screen.key({ key: "select", pressed: true });
  t.deepEqual(intents, [{ do: "official", act: "pause" }] as Intent[]);
});

test("every row can be reached with up and down alone", (t) => {
  const { screen, intents } = bench();
  screen.key({ key: "down", pressed: true });
  const chosen: number[] = [];
  for (let i = 0; i < 5; i++) {
    intents.length = 0;
    screen.key({ key: "select", pressed: true });
    chosen.push((intents[0] as { option: number }).option);
    screen.key({ key: "down", pressed: true });
  }
  t.deepEqual(chosen, [0, 2, 4, 6, 8]);
});

test("the display panel offers language, text size and contrast, and stays until it is closed", (t) => {
  const { intents, screen, tap } = bench();
  tap("settings");
  intents.length = 0;
  tap("set.en");
  tap("set.size.3");
  tap("set.high");
  t.deepEqual(intents, [
    { do: "settings", settings: { ...settingsAtRest, language: "en" } }, { do: "settings", settings: { ...settingsAtRest, size: 3 } }, { do: "settings", settings: { ...settingsAtRest, contrast: "high" } },
  ]);
  screen.show(voting(), english);
  t.true(screen.targets.some((target) => target.id === "set.fa"), "still the panel, in English");
  screen.key({ key: "green", pressed: true });
  t.true(screen.targets.some((target) => target.id === "row.0"));
});

test("after a voter nothing of them is left: the next picture, and every answer to touch and key, are a fresh terminal's", (t) => {
  const used = bench(voting({ chosen: [] }));
  used.screen.key({ key: "green", pressed: true });
  used.tap("search");
  for (const id of ["letter.1.9", "letter.1.5"]) used.tap(id);
  used.screen.show(voting(), { language: "en", size: 3, contrast: "high" });
  used.tap("settings");
  used.screen.show(view("review"), { language: "en", size: 3, contrast: "high" });
  used.screen.key({ key: "next", pressed: true });
  used.screen.show(view("slip"), { language: "en", size: 3, contrast: "high" });
  used.screen.show(view("done"), { language: "en", size: 3, contrast: "high" });
  used.screen.show(view("idle"), settingsAtRest);
  const fresh = bench(view("idle"));
  const alike = (): void => {
    t.is(Buffer.compare(used.display.pixels, fresh.display.pixels), 0);
    t.deepEqual(used.screen.targets, fresh.screen.targets);
  };
  alike();
  for (const { screen } of [used, fresh]) screen.show(voting({ chosen: [] }), settingsAtRest);
  alike();
  for (const { screen, tap } of [used, fresh]) {
    screen.key({ key: "green", pressed: true });
    tap("search");
  }
  alike();
  used.intents.length = 0;
  fresh.intents.length = 0;
  for (const { tap } of [used, fresh]) tap("back");
  alike();
  t.deepEqual(used.intents, fresh.intents);
});

test("what a contest asks is shown once before its list, and gives way to whoever begins at once", (t) => {
  const fresh = voting({ chosen: [] });
  const { intents, screen } = bench(fresh);
  t.false(screen.targets.some((target) => target.id === "row.0"));
  screen.key({ key: "green", pressed: true });
  t.true(screen.targets.some((target) => target.id === "row.0"));
  t.deepEqual(intents, [{ do: "here" }]);
  const other = bench(fresh);
  other.screen.key({ key: "1", pressed: true });
  t.deepEqual(other.intents, [{ do: "digit", digit: 1 }]);
  // the next voter reads it again
  screen.show(view("idle"), settingsAtRest);
  screen.show(fresh, settingsAtRest);
  t.false(screen.targets.some((target) => target.id === "row.0"));
});

test("a name is searched letter by letter, whatever way it is written, and chosen from what is found", (t) => {
  const { intents, screen, tap } = bench();
  tap("search");
  for (const id of ["letter.1.9", "letter.1.5", "letter.2.0", "letter.1.8"]) tap(id);
  intents.length = 0;
  tap("row.0");
  const [first] = intents;
  if (first?.do !== "toggle") return t.fail(JSON.stringify(first));
  const { code } = source.pack!.option(source.pack!.election.contests[0]!.id, first.option);
  t.is(code, 102, "Kazemi-fard is found by the second word of his name");
  tap("letter.back");
  screen.key({ key: "correction", pressed: true });
  t.true(screen.targets.filter((target) => target.id.startsWith("row.")).length >= 1);
  screen.key({ key: "back", pressed: true });
  t.true(screen.targets.some((target) => target.id === "code"), "back in the list");
});

test("what is drawn after any walk over the views is what a fresh screen draws", (t) => {
  const names = Object.keys(shown);
  const step = fc.record({ name: fc.constantFrom(...names), settings: fc.record({ language: fc.constantFrom("fa" as const, "en" as const), size: fc.constantFrom(...textSizes), contrast: fc.constantFrom("normal" as const, "high" as const, "low" as const) }) });
  const last = <T>(steps: readonly T[]): T => steps[steps.length - 1]!;
  const property = fc.property(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) => {
    const walked = bench(view(steps[0]!.name), steps[0]!.settings);
    for (const each of steps.slice(1)) walked.screen.show(view(each.name), each.settings);
    // a contest's question gives way to whoever has begun
    if (last(steps).name.startsWith("voting-intro") || last(steps).name === "voting-list-empty") return true;
    const final = last(steps);
    // where a countdown began is remembered while its screen stays
    const same = steps.filter((each) => each.name === final.name || !["slip", "slip-full"].includes(each.name));
    if (same.length !== steps.length) return true;
    return Buffer.compare(bench(view(final.name), final.settings).display.pixels, walked.display.pixels) === 0;
  });
  const out = fc.check(property, { numRuns: 40, interruptAfterTimeLimit: 30_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("however a voting screen came about, with the focus or a finger anywhere on the way, it is the one drawn at once", (t) => {
  const names = Object.keys(shown).filter((name) => name.startsWith("voting") && !["voting-question", "voting-intro", "voting-intro-question", "voting-list-empty"].includes(name));
  const step = fc.record({ name: fc.constantFrom(...names), focus: fc.nat(3), finger: fc.option(fc.nat(20)) });
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.boolean(), (steps, end) => {
    const walked = bench(view(steps[0]!.name));
    for (const { name, focus, finger } of steps) {
      walked.screen.show(view(name), settingsAtRest);
      for (let i = 0; i < focus; i++) walked.screen.key({ key: "next", pressed: true });
      if (finger === null) continue;
      const target = walked.screen.targets[finger % walked.screen.targets.length]!;
      walked.touch("down", target);
      walked.touch("up", target);
    }
    // another contest, on which no focus is left
    const last = end ? "voting-question" : steps.at(-1)!.name === "voting-lists" ? "voting-list" : "voting-lists";
    walked.screen.show(view(last), settingsAtRest);
    return Buffer.compare(bench(view(last)).display.pixels, walked.display.pixels) === 0;
  });
  const out = fc.check(property, { numRuns: 30 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
  t.log(`seed ${out.seed}`);
});

test("a tick of the countdown sends the ring's end and the digit, nothing else", (t) => {
  const { display, screen } = bench(view("slip"));
  display.rectangles.length = 0;
  screen.show({ ...(view("slip") as Extract<View, { screen: "slip" }>), secondsLeft: 3, marks: structuredClone<typeof fewMarks>(fewMarks) }, settingsAtRest);
  const area = display.rectangles.reduce((sum, { width, height }) => sum + width * height, 0);
  t.true(area > 500 && area < 178 * 178, `${area} pixels`);
});

test("choosing one row sends that row and the count, not the screen", (t) => {
  const { display, screen } = bench();
  display.rectangles.length = 0;
  screen.show(voting({ chosen: [1, 2, 4, 7] as never }), settingsAtRest);
  const area = display.rectangles.reduce((sum, { width, height }) => sum + width * height, 0);
  t.true(area > 0 && area < 60_000, `${area} pixels`);
  display.rectangles.length = 0;
  screen.show(voting({ chosen: [1, 2, 4, 7] as never }), settingsAtRest);
  t.deepEqual(display.rectangles, []);
});

test("the tone of every message is the catalogue's", (t) => {
  for (const code of Object.keys(messages) as MessageCode[]) t.is(toneOf(code), messages[code].tone, code);
});

test("every choice is drawn alike: its row is as large as any other, code, name and check box stand at the same places in the same colours, chosen or not", (t) => {
  const low = (word: number) => (word << 16) >> 16;
  const high = (word: number) => word >> 16;
  for (const size of textSizes) {
    for (const language of ["fa", "en"] as const) {
      const settings: Settings = { ...settingsAtRest, size, language };
      const { screen, tap } = bench(voting({ chosen: [] }), settings);
      // what a row looks like, its place and the words in it left out
      const looks = (chosen: boolean) => screen.targets.filter(({ id }) => id.startsWith("row.")).map((row) => {
        const { list, items } = screen.picture;
        const seen: string[] = [];
        for (let i = 1; i < items; i++) {
          const [head, leftTop, rightBottom, a, b] = list.subarray(7 * i, 7 * i + 5) as unknown as [number, number, number, number, number];
          const [left, top, right, bottom] = [low(leftTop) - row.x, high(leftTop) - row.y, low(rightBottom) - row.x, high(rightBottom) - row.y];
          if (head === 0 || left < 0 || top < 0 || right > row.width || bottom > row.height) continue;
          const kind = head >>> 16;
          if (kind !== 3) seen.push([head, left, top, right, bottom, a, b].join(" "));
          // of words: the baseline and the colour
          else seen.push([head, high(a) - row.y].join(" "));
        }
        return `${row.width} ${row.height} ${chosen} ${seen.length}: ${seen.join(", ")}`;
      });
      const kinds = new Map<string, Set<string>>();
      const note = (chosen: boolean): number => {
        const rows = looks(chosen);
        for (const look of rows) {
          const lines = look.slice(0, look.indexOf(":"));
          kinds.set(lines, (kinds.get(lines) ?? new Set()).add(look));
        }
        return rows.length;
      };
      let rows = 0;
      for (let page = 0; page < 6; page++) {
        rows += note(false);
        screen.show(voting({ chosen: Array.from({ length: 160 }, (_, i) => i) as never }), settings);
        note(true);
        screen.show(voting({ chosen: [] }), settings);
        tap("page.after");
      }
      t.true(rows >= 12, `${rows} rows`);
      // rows differ in how many lines their names and lists need, and in nothing else
      for (const [lines, of] of kinds) t.is(of.size, 1, `${language} ${size} ${lines}\n${[...of].join("\n")}`);
    }
  }
});
