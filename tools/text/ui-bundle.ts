// tsx tools/text/ui-bundle.ts [OUT]
// Shapes every text of the image and writes build/text/ui.bin (FORMAT.md). Skipped when nothing it depends on has changed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type MessageCode, messages } from "../../firmware/messages.js";
import { type TextKey, type UiString, messageFaces, messageWrap, strings } from "../../ui/strings.js";
import { faces } from "../../ui/text/faces.js";
import { BundleWriter } from "./bundle-writer.js";
import { loadFont } from "./fonts.js";
import { iconMasks } from "./icons.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every text of the image by its key, messages included, in a fixed order. */
export function catalogue(): ReadonlyMap<TextKey, UiString> {
  const all = new Map<TextKey, UiString>(Object.entries(strings) as [TextKey, UiString][]);
  for (const code of Object.keys(messages) as MessageCode[]) {
    const { fa, en } = messages[code];
    all.set(`message.${code}.title`, { fa: fa.title, en: en.title, faces: messageFaces.title, wrap: messageWrap });
    all.set(`message.${code}.text`, { fa: fa.text, en: en.text, faces: messageFaces.text, wrap: messageWrap });
    // for the person who is called: the code, and English whatever the voter's language
    const note = `${code} · ${en.title}`;
    all.set(`message.${code}.note`, { fa: note, en: note, faces: messageFaces.note });
  }
  return all;
}

/** A text that begins with a Latin letter runs from left to right even in the Persian column ("En", the second line of a screen). */
function baseOf(text: string): "rtl" | "ltr" {
  const strong = /[A-Za-z\u0590-\u08ff]/.exec(text)?.[0];
  return strong !== undefined && strong < "\u0590" ? "ltr" : "rtl";
}

export function buildUiBundle(): Uint8Array {
  const writer = new BundleWriter();
  const names: Uint8Array[] = [];
  const records: { text: string; style: { base: "rtl" | "ltr"; faces: UiString["faces"]; wrap?: number } }[] = [];
  for (const [key, { fa, en, faces: used, wrap }] of catalogue()) {
    const name = Buffer.from(key, "ascii");
    names.push(Uint8Array.of(name.length), name);
    for (const [text, neutral] of [[fa, "rtl"], [en, "ltr"]] as const) {
      const base = /[A-Za-z\u0590-\u08ff]/.test(text) ? baseOf(text) : neutral;
      records.push({ text, style: { base, faces: used, ...(wrap === undefined ? {} : { wrap }) } });
    }
  }
  // two texts a name, in order: equal ones are not shared here
  for (const { text, style } of records) writer.addDistinct(text, style);
  for (const [id, mask] of iconMasks()) writer.addIcon(id, mask);
  const namesBytes = Buffer.concat(names);
  const texts = writer.texts();
  const atlas = writer.atlas();
  const header = Buffer.alloc(20);
  header.write("SGUI", 0, "latin1");
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(names.length / 2, 6);
  header.writeUInt32BE(namesBytes.length, 8);
  header.writeUInt32BE(texts.length, 12);
  header.writeUInt32BE(atlas.length, 16);
  return new Uint8Array(Buffer.concat([header, namesBytes, texts, atlas]));
}

/** Over everything the bundle is made from: the catalogue, the fonts, and the tools' own source. */
function inputsHash(): string {
  const hash = createHash("sha256").update(JSON.stringify([...catalogue()])).update(JSON.stringify(faces));
  for (const weight of ["regular", "bold"] as const) hash.update(readFileSync(loadFont(weight).file));
  const here = join(root, "tools/text");
  for (const file of readdirSync(here).sort()) if (file.endsWith(".ts")) hash.update(readFileSync(join(here, file)));
  hash.update(readFileSync(join(root, "ui/render/icons.ts")));
  return hash.digest("hex");
}

/** Makes `out` when it is not up to date. Returns whether it was made. */
export function updateUiBundle(out: string = join(root, "build/text/ui.bin")): boolean {
  const stamp = `${out}.inputs`;
  const hash = inputsHash();
  if (existsSync(out) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  mkdirSync(dirname(out), { recursive: true });
  // a running terminal has the old file mapped
  writeFileSync(`${out}.new`, buildUiBundle());
  renameSync(`${out}.new`, out);
  writeFileSync(stamp, hash);
  return true;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) updateUiBundle(process.argv[2]);
