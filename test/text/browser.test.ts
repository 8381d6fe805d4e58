// Names as the screen draws them, against Chromium with the same font: two ways from characters to pixels that share
// nothing but the font.

import { readFileSync } from "node:fs";
import test from "ava";
import { openPackage } from "../../firmware/election/package.js";
import type { ContestId, OptionIndex } from "../../firmware/election/types.js";
import { lookOf } from "../../office/text/readable.js";
import { buildPackage } from "../../office/package/build.js";
import { loadFont } from "../../office/text/fonts.js";
import { pair, runKind } from "../../ui/render/list.js";
import { faces } from "../../ui/text/faces.js";
import { Typesetter, textSource } from "../../ui/text/typesetter.js";
import { browse, hasBrowser } from "../bench/support.js";
import { crypto, keys, parse } from "../package/support.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { text } from "../ui/views.js";
import { awkwardNames } from "./names.js";

const face = "31" as const;
/** The largest size: two lines are never needed for these widths of it. */
const medium = 2 as const;
const [width, height, baseline, margin] = [900, 110, 70, 40];

/** A name's ink, one byte a pixel. */
type Picture = Uint8Array;

/** Pixels of `a` that have no ink of `b` within a pixel, as a part of those of `a`. */
function astray(a: Picture, b: Picture): number {
  let ink = 0;
  let lone = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (a[at]! < 160) continue;
      ink++;
      let near = false;
      for (let dy = -1; dy <= 1 && !near; dy++)
        for (let dx = -1; dx <= 1 && !near; dx++) near = b[at + dy * width + dx]! > 40;
      if (!near) lone++;
    }
  }
  return ink === 0 ? 1 : lone / ink;
}

(hasBrowser ? test : test.skip)(
  `${hasBrowser ? "" : "(needs Chromium) "}500 names with every awkward case look as Chromium draws them: joins, order, digits, marks`,
  async (t) => {
    // one of each look: the packager takes no two
    const looks = new Map(
      awkwardNames()
        .filter((name) => name.length < 30)
        .map((name) => [lookOf(name), name]),
    );
    const names = [...looks.values()];
    t.true(names.length >= 500);
    const options = names.map((name, i) => `      - { code: ${i + 1}, name: ${JSON.stringify(name)} }`).join("\n");
    const yaml = `title: ا\nkind: test\nstation: { number: 1, name: ب }\nstyles: [{ id: 1, contests: [1] }]\ncontests:\n  - id: 1\n    kind: n-of-m\n    title: ا\n    votesAllowed: 1\n    options:\n${options}\n`;
    const opened = openPackage(
      new MemoryFlash(0x40_0000, buildPackage(parse(yaml), keys)),
      0,
      crypto,
      keys.authority.publicKey,
    );
    if (!opened.ok) return t.fail(JSON.stringify(opened.error));
    const pack = opened.value;
    const set = new Typesetter(textSource(text, pack), nodeBlender, medium);

    const font = loadFont("regular");
    const size = (faces[face].capital * font.unitsPerEm) / font.capitalUnits;
    const browser = await browse();
    try {
      const page = await browser.newPage();
      await page.setContent("<canvas id=c></canvas>");
      // a script of the page's own: it is in a browser, not here
      const input = {
        data: readFileSync(font.file).toString("base64"),
        list: names,
        px: size,
        w: width,
        h: height,
        y: baseline,
        x: margin,
      };
      const theirs = await page.evaluate<
        { readonly width: number; readonly pixels: string }[]
      >(`(async ({ data, list, px, w, h, y, x }) => {
      document.fonts.add(await new FontFace("Names", "url(data:font/ttf;base64," + data + ")").load());
      const canvas = document.querySelector("canvas");
      canvas.width = w;
      canvas.height = h;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.font = px + "px Names";
      context.direction = "rtl";
      context.textAlign = "left";
      return list.map((name) => {
        context.clearRect(0, 0, w, h);
        context.fillText(name, x, y);
        const pixels = context.getImageData(0, 0, w, h).data;
        let text = "";
        for (let i = 3; i < pixels.length; i += 4) text += String.fromCharCode(pixels[i]);
        return { width: context.measureText(name).width, pixels: btoa(text) };
      });
    })(${JSON.stringify(input)})`);
      const wrong: string[] = [];
      names.forEach((name, i) => {
        set.clear();
        const index = pack.findCode(1 as ContestId, i + 1) ?? (0 as OptionIndex);
        const lines = set.packedLines(pack.option(1 as ContestId, index).name, faces[face]);
        // some of the widest take two lines; the first is compared when it is all
        if (lines.length > 1) return;
        const run = lines[0]!;
        const bitmap = new Uint8Array(2 * width * height).fill(255);
        const item = Int32Array.of(
          runKind,
          pair(0, 0),
          pair(width, height),
          pair(margin, baseline),
          run.at,
          set.sourceOf(run),
          0,
        );
        nodeBlender.paint565(
          bitmap,
          width,
          0,
          0,
          height,
          item.buffer,
          1,
          set.store.buffer,
          text.atlas.bytes,
          set.source.packBytes,
        );
        const ours = Uint8Array.from({ length: width * height }, (_, at) => 255 - ((bitmap[2 * at]! & 31) * 255) / 31);
        const their = new Uint8Array(Buffer.from(theirs[i]!.pixels, "base64"));
        const [lost, added] = [astray(their, ours), astray(ours, their)];
        if (Math.abs(run.width - theirs[i]!.width) > 2 || lost > 0.02 || added > 0.02)
          wrong.push(
            `${name}: ${run.width} and ${theirs[i]!.width.toFixed(1)} wide, ${(100 * lost).toFixed(1)} % lost, ${(100 * added).toFixed(1)} % added`,
          );
      });
      t.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  },
);
