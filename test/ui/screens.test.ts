import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import type { Language, View } from "../../firmware/session/view.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { BallotScreen } from "../../ui/screen.js";
import { targetGap, targetLeast } from "../../ui/sheet.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { bareSource, source, views } from "./views.js";

const out = fileURLToPath(new URL("../../build/screens", import.meta.url));
mkdirSync(out, { recursive: true });

function show(view: View, language: Language): { screen: BallotScreen; display: MemoryDisplay } {
  const display = new MemoryDisplay();
  const screen = new BallotScreen({ display, blender: nodeBlender, source, onIntent: () => undefined });
  screen.show(view, language);
  return { screen, display };
}

const languages: readonly Language[] = ["fa", "en"];

for (const language of languages) {
  for (const [name, view] of Object.entries(views)) {
    test(`${name} in ${language}: its targets are large enough and apart, nothing is drawn off the screen, and it draws alike twice`, (t) => {
      const { screen, display } = show(view, language);
      writeFileSync(`${out}/${name}.${language}.png`, pngFromRgb565(1024, 600, display.pixels));
      for (const a of screen.targets) {
        t.true(a.width >= targetLeast && a.height >= targetLeast, `${a.id} is ${a.width} x ${a.height}`);
        t.true(a.x >= 0 && a.y >= 0 && a.x + a.width <= 1024 && a.y + a.height <= 600, `${a.id} is on the screen`);
        for (const b of screen.targets) {
          if (a === b) continue;
          const gap = Math.max(b.x - a.x - a.width, a.x - b.x - b.width, b.y - a.y - a.height, a.y - b.y - b.height);
          t.true(gap >= targetGap, `${a.id} and ${b.id} are ${gap} apart`);
        }
      }
      t.is(new Set(screen.targets.map((target) => target.id)).size, screen.targets.length);
      t.is(Buffer.compare(show(view, language).display.pixels, display.pixels), 0);
    });
  }
}

test("without a package the screens that a terminal needs then are still drawn, and bear no test mark", (t) => {
  for (const name of ["starting", "idle", "message-package", "official-pin", "official-menu", "official-second", "official-result"]) {
    const display = new MemoryDisplay();
    const screen = new BallotScreen({ display, blender: nodeBlender, source: bareSource, onIntent: () => undefined });
    screen.show(views[name]!, "fa");
    t.not(Buffer.compare(display.pixels, show(views[name]!, "fa").display.pixels), 0, name);
  }
});
