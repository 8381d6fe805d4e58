import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { type FlowLine, pageStarts } from "../../ui/screens/marks.js";
import { type Settings, settingsAtRest } from "../../firmware/settings.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { palettes } from "../../ui/render/colors.js";
import { faces, roles, textSizes } from "../../ui/text/faces.js";
import { faults, height, width } from "./layout.js";
import { type Shown, bareSource, draw, messageViews, realSource, rehearsalSource, shown } from "./views.js";

const out = fileURLToPath(new URL("../../build/screens", import.meta.url));
mkdirSync(out, { recursive: true });
/**
 * Hashes of the screens that people have looked at. UPDATE_SCREENS=1 writes them anew, after `npx sandogh screens` and
 * a look.
 */
const hashesFile = fileURLToPath(new URL("screens.json", import.meta.url));
const known = existsSync(hashesFile) ? (JSON.parse(readFileSync(hashesFile, "utf8")) as Record<string, string>) : {};
const update = process.env["UPDATE_SCREENS"] === "1";

const languages: readonly Settings["language"][] = ["fa", "en"];
const contrasts: readonly Settings["contrast"][] = ["normal", "high", "low"];
function hashOf(pixels: Uint8Array): string {
  return createHash("sha256").update(pixels).digest("hex").slice(0, 16);
}

const all: readonly (readonly [string, Shown])[] = Object.entries({ ...shown, ...messageViews });

for (const language of languages) {
  for (const size of textSizes) {
    test(`in ${language}, text size ${size}: on every screen targets are large enough and apart, texts are whole, apart and inside, and it looks as it was reviewed`, (t) => {
      const wrong: Record<string, string[]> = {};
      for (const [name, each] of all) {
        for (const contrast of contrasts) {
          // messages differ in their texts only
          if (contrast !== "normal" && name in messageViews) continue;
          const { screen, display } = draw(each, { language, size, contrast });
          const key = `${name}.${language}.${size}.${contrast}`;
          const found = contrast === "normal" ? faults(screen) : [];
          if (found.length > 0) wrong[key] = found;
          // a message's picture is its text, which is reviewed as text
          if (name in messageViews) continue;
          const hash = hashOf(display.pixels);
          if (size === 1 && contrast === "normal")
            writeFileSync(`${out}/${name}.${language}.png`, pngFromRgb565(width, height, display.pixels));
          if (update) known[key] = hash;
          else if (known[key] !== hash) {
            writeFileSync(`${out}/${key}.png`, pngFromRgb565(width, height, display.pixels));
            (wrong[key] ??= []).push(
              `looks otherwise than reviewed: look at build/screens/${key}.png, then UPDATE_SCREENS=1 npx ava test/ui/screens.test.ts`,
            );
          }
        }
      }
      t.deepEqual(wrong, {});
    });
  }
}

test.after(() => {
  if (update)
    writeFileSync(
      hashesFile,
      `${JSON.stringify(Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1))), undefined, 0).replaceAll(",", ",\n")}\n`,
    );
});

/** Relative luminance of an RGB565 colour (WCAG 2.2). */
function luminance(color: number): number {
  const channels = [(color >> 11) / 31, ((color >> 5) & 63) / 63, (color & 31) / 31].map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * channels[0]! + 0.7152 * channels[1]! + 0.0722 * channels[2]!;
}

function ratio(a: number, b: number): number {
  const [light, dark] = [Math.max(luminance(a), luminance(b)), Math.min(luminance(a), luminance(b))];
  return (light + 0.05) / (dark + 0.05);
}

test("text stands out at least 10 to 1 from what it is on, in every contrast; borders and the focus at least 3 to 1", (t) => {
  for (const [name, is] of Object.entries(palettes)) {
    const texts = [
      [is.ink, is.ground],
      [is.ink, is.surface],
      [is.ink, is.badge],
      [is.ink, is.warn],
      [is.inkSoft, is.surface],
      [is.inkSoft, is.ground],
      [is.onTint, is.tint],
      [is.surface, is.selected],
      [is.surface, is.confirm],
      [is.surface, is.destroy],
      [is.selected, is.surface],
      [is.confirm, is.surface],
    ] as const;
    for (const [ink, on] of texts)
      t.true(
        ratio(ink, on) >= 10,
        `${name}: ${ink.toString(16)} on ${on.toString(16)} is ${ratio(ink, on).toFixed(1)}`,
      );
    for (const [line, on] of [
      [is.line, is.ground],
      [is.line, is.surface],
      [is.focus, is.ground],
      [is.warnLine, is.warn],
    ] as const)
      t.true(
        ratio(line, on) >= 3,
        `${name}: ${line.toString(16)} on ${on.toString(16)} is ${ratio(line, on).toFixed(1)}`,
      );
  }
});

test("what is read is 3.9, 5.0, 6.8 and 8.7 mm high, as the voter chose; nothing is below 3.9 mm", (t) => {
  const pixelsPerMm = 4.63;
  t.deepEqual(
    roles.body.map((face) => Number((faces[face].capital / pixelsPerMm).toFixed(1))),
    [3.9, 5, 6.7, 8.6],
  );
  for (const role of Object.values(roles)) for (const face of role) t.true(faces[face].capital >= 18);
});

test("without a package the screens that a terminal needs then are still drawn, and bear no test mark", (t) => {
  for (const name of [
    "starting",
    "idle",
    "message-package",
    "official-pin",
    "official-menu",
    "official-second",
    "official-result",
  ]) {
    const bare = draw(shown[name]!, settingsAtRest, bareSource);
    t.not(Buffer.compare(bare.display.pixels, draw(shown[name]!, settingsAtRest).display.pixels), 0, name);
  }
});

test("a rehearsal's mark is as whole and apart as a test's, in both languages and all sizes, and is another; an election that counts bears none", (t) => {
  for (const language of languages)
    for (const size of textSizes)
      for (const name of ["idle", "voting-list", "official-menu", "official-service"]) {
        const settings: Settings = { language, size, contrast: "normal" };
        const pixels = [undefined, rehearsalSource, realSource].map((source) => {
          const { screen, display } = draw(shown[name]!, settings, ...(source === undefined ? [] : [source]));
          t.deepEqual(faults(screen), [], `${name} ${language} ${size}`);
          if (source === rehearsalSource && size === 1)
            writeFileSync(`${out}/rehearsal-${name}.${language}.png`, pngFromRgb565(width, height, display.pixels));
          return hashOf(display.pixels);
        });
        t.is(new Set(pixels).size, 3, `${name} ${language} ${size}`);
      }
});

test("a screen draws alike twice", (t) => {
  for (const name of ["voting-list", "review-full", "official-menu"]) {
    t.is(
      Buffer.compare(
        draw(shown[name]!, settingsAtRest).display.pixels,
        draw(shown[name]!, settingsAtRest).display.pixels,
      ),
      0,
      name,
    );
  }
});

test("a name of two lines is not parted by the end of a page", (t) => {
  const line = (x: number): FlowLine => [{ run: { at: 0, width: 1 }, color: 0, x }];
  const names = [1, 2, 1, 1, 2, 2, 1, 3, 1].map((lines) =>
    Array.from({ length: lines }, (_, i) => line(i === 0 ? 0 : 50)),
  );
  for (let room = 3; room < 8; room++) {
    const all = names.flat();
    const starts = pageStarts(all, room);
    t.is(starts[starts.length - 1], all.length);
    starts
      .slice(0, -1)
      .forEach((start, i) =>
        t.true(
          all[start]![0]!.x === 0 && starts[i + 1]! - start <= room && starts[i + 1]! > start,
          `room ${room}, page ${i}`,
        ),
      );
  }
  t.deepEqual(pageStarts([], 5), [0, 0]);
});
