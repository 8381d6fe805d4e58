import test from "ava";
import { createCanvas } from "@napi-rs/canvas";
import { photoHeight, photoWidth } from "../../firmware/election/layout.js";
import { openPackage } from "../../firmware/election/package.js";
import { describePackageError } from "../../firmware/election/error.js";
import { type OptionIndex } from "../../firmware/election/types.js";
import { settingsAtRest } from "../../firmware/settings.js";
import { buildPackage } from "../../office/package/build.js";
import { packPhoto } from "../../office/package/photo.js";
import { BallotScreen } from "../../ui/screen.js";
import { iconKind, itemWords } from "../../ui/render/list.js";
import { textSource } from "../../ui/text/typesetter.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { text, unhurried } from "../ui/views.js";
import { crypto, keys, parse } from "./support.js";

/** A picture of one grey, or of two halves. */
function picture(width: number, height: number, ...greys: readonly number[]): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  greys.forEach((grey, i) => {
    context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
    context.fillRect(0, (i * height) / greys.length, width, height / greys.length);
  });
  return canvas.toBuffer("image/png");
}

/** Ink of each pixel, 0..15. */
function ink(packed: Uint8Array): number[] {
  const nibbles = [...packed].flatMap((byte) => [byte >> 4, byte & 15]);
  const out: number[] = [];
  for (let at = 0; out.length < photoWidth * photoHeight; ) {
    const level = nibbles[at++]!;
    const alike = level === 0 || level === 15 ? nibbles[at++]! + 1 : 1;
    for (let i = 0; i < alike; i++) out.push(level);
  }
  return out;
}

test("a photo keeps its greys on the whole, whatever its size, and its upper half stays above", async (t) => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const [width, height] of [
    [60, 80],
    [600, 800],
    [900, 800],
  ] as const) {
    for (const grey of [0, 60, 128, 200, 255])
      t.true(
        Math.abs(mean(ink(await packPhoto(picture(width, height, grey)))) - (15 * (255 - grey)) / 255) < 0.3,
        `${width} ${grey}`,
      );
  }
  const halves = ink(await packPhoto(picture(300, 400, 255, 0)));
  t.is(mean(halves.slice(0, 30 * photoWidth)), 0);
  t.is(mean(halves.slice(-30 * photoWidth)), 15);
  await t.throwsAsync(packPhoto(new Uint8Array(20)));
});

test("photos are shown beside their names in rows of one height, and forgotten when the terminal is at rest", async (t) => {
  const names = Array.from(
    { length: 40 },
    (_, i) => `      - { code: ${101 + i}, name: نرگس پورحسینی${i % 3 === 0 ? "" : `, photo: ${i}.png`} }`,
  ).join("\n");
  const yaml = `title: ا\nkind: test\nstation: { number: 1, name: ب }\nstyles: [{ id: 1, contests: [1] }]\ncontests:\n  - id: 1\n    kind: n-of-m\n    title: ا\n    votesAllowed: 1\n    options:\n${names}\n`;
  const photos = new Map<string, Uint8Array>();
  for (let i = 0; i < 40; i++) photos.set(`${i}.png`, await packPhoto(picture(60, 80, 6 * i, 255 - 6 * i)));
  const opened = openPackage(
    new MemoryFlash(0x40_0000, buildPackage(parse(yaml), keys, photos)),
    0,
    crypto,
    keys.authority.publicKey,
  );
  if (!opened.ok) return t.fail(describePackageError(opened.error));
  const pack = opened.value;
  const contest = pack.election.contests[0]!;
  t.true(contest.photos);
  const source = textSource(text, pack);
  const screen = new BallotScreen({
    display: new MemoryDisplay(),
    blender: nodeBlender,
    source,
    onIntent: () => undefined,
    now: unhurried(),
  });
  const voting = {
    screen: "voting" as const,
    contest,
    position: 0,
    of: 1,
    chosen: [1 as OptionIndex],
    blank: false,
    mode: "list" as const,
    typed: "",
    found: undefined,
    problem: undefined,
  };
  const room = source.packBytes.subarray(pack.glyphs().length);
  screen.show(voting, settingsAtRest);
  const shown = (): number[] => {
    const { list, items } = screen.picture;
    const found: number[] = [];
    for (let at = 0; at < items * itemWords; at += itemWords)
      if (list[at]! >= iconKind && list[at]! < 2 * iconKind && list[at + 4] === 1) found.push(list[at + 3]!);
    return found;
  };
  const rows = screen.targets.filter((target) => target.id.startsWith("row."));
  t.true(rows.every((row) => row.height === rows[0]!.height && row.height > photoHeight));
  // two of three have a photo, and each shown is the one of its option
  for (let page = 0; page < 5; page++) {
    const first = page * rows.length;
    const expected = Array.from(
      { length: Math.min(rows.length, 40 - first) },
      (_, i) => pack.option(contest.id, (first + i) as OptionIndex).photo,
    ).filter((photo) => photo !== undefined);
    const masks = shown();
    t.is(masks.length, expected.length);
    masks.forEach((mask, i) => {
      const photo = pack.photo(expected[i]!);
      t.is(Buffer.compare(source.packBytes.subarray(mask, mask + photo.length), photo), 0);
    });
    const after = screen.targets.find((target) => target.id === "page.after");
    if (after === undefined) break;
    for (const phase of ["down", "up"] as const) screen.touch({ contact: 1, phase, x: after.x + 5, y: after.y + 5 });
  }
  t.true(room.some((byte) => byte !== 0));
  screen.show({ screen: "idle", poll: "open", warning: undefined }, settingsAtRest);
  t.true(room.every((byte) => byte === 0));
});
