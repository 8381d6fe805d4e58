// Every screen on the board as people have looked at it: each once, in one language, text size and contrast, so that
// all of these occur.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Settings } from "../../firmware/settings.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { Trial } from "../../bench/board/trial.js";
import { authorityKey, packageBytes, shown } from "../ui/views.js";
import { boardTest as test } from "./support.js";

const known = JSON.parse(readFileSync("test/ui/screens.json", "utf8")) as Readonly<Record<string, string>>;
const languages: readonly Settings["language"][] = ["fa", "en"];
const sizes: readonly Settings["size"][] = [0, 1, 2, 3];
const contrasts: readonly Settings["contrast"][] = ["normal", "high", "low"];

test.serial("every screen on the board is the desktop's, pixel by pixel", async (t) => {
  t.timeout(300_000);
  const trial = await Trial.start(packageBytes, authorityKey);
  t.teardown(() => trial.close());
  const occurred = new Set<string>();
  const wrong: string[] = [];
  for (const [index, [name, { view, touch }]] of Object.entries(shown).entries()) {
    const [language, size, contrast] = [
      languages[Math.floor(index / 12) % 2]!,
      sizes[index % 4]!,
      contrasts[index % 3]!,
    ];
    const key = `${name}.${language}.${size}.${contrast}`;
    occurred.add(`${language} ${size} ${contrast}`);
    const { picture } = await trial.show(view, { language, size, contrast }, touch);
    if (createHash("sha256").update(picture).digest("hex").slice(0, 16) === known[key]) continue;
    mkdirSync("build/screens", { recursive: true });
    writeFileSync(`build/screens/board-${key}.png`, pngFromRgb565(1024, 600, picture));
    wrong.push(`build/screens/board-${key}.png`);
  }
  t.deepEqual(wrong, []);
  t.is(occurred.size, languages.length * sizes.length * contrasts.length);
});
