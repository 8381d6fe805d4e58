// Shapes every text of each role's image and writes build/text/ui.bin and build/text/identity/ui.bin (FORMAT.md).
// Skipped when nothing they depend on has changed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DeskMessageCode, deskMessages } from "../../firmware/checkin/messages.js";
import { type Message, type MessageCode, messages } from "../../firmware/messages.js";
import { alphabet } from "../../firmware/election/fold.js";
import { deskStrings, sharedMessages, sharedStrings } from "../../ui/desk/strings.js";
import { messageFaces, messageWrap, strings } from "../../ui/strings.js";
import { type PaperFace, type Role, faces, paperMedium, roles, textSizes } from "../../ui/text/faces.js";
import type { LetterKey, TextKey } from "../../ui/text/key.js";
import type { UiString } from "../../ui/text/string.js";
import { BundleWriter, type TextStyle, type Use } from "../../office/text/bundle-writer.js";
import { loadFont } from "../../office/text/fonts.js";
import { iconMasks } from "../../office/text/icons.js";
import { store } from "./cache.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

export type Catalogue = ReadonlyMap<TextKey, UiString>;

function addMessage(all: Map<TextKey, UiString>, code: MessageCode | DeskMessageCode, { fa, en }: Message): void {
  all.set(`message.${code}.title`, { fa: fa.title, en: en.title, faces: messageFaces.title, wrap: messageWrap });
  all.set(`message.${code}.text`, { fa: fa.text, en: en.text, faces: messageFaces.text, wrap: messageWrap });
  // for the person who is called: the code, and English whatever the voter's language
  const note = `${code} · ${en.title}`;
  all.set(`message.${code}.note`, { fa: note, en: note, faces: messageFaces.note });
}

/** Every text of the identity desk's image by its key. */
export function deskCatalogue(): Catalogue {
  const all = new Map<TextKey, UiString>(sharedStrings.map((key) => [key, strings[key]]));
  for (const [key, string] of Object.entries(deskStrings)) all.set(key as keyof typeof deskStrings, string);
  for (const code of sharedMessages) addMessage(all, code, messages[code]);
  for (const code of Object.keys(deskMessages) as DeskMessageCode[]) addMessage(all, code, deskMessages[code]);
  return all;
}

/** Every text of the ballot terminal's image by its key, messages included, in a fixed order. */
export function catalogue(): Catalogue {
  const all = new Map<TextKey, UiString>(Object.entries(strings) as [TextKey, UiString][]);
  for (const code of Object.keys(messages) as MessageCode[]) addMessage(all, code, messages[code]);
  // each letter of the keyboard in the four forms that its neighbours give it; the zero-width joiner stands for a
  // neighbour
  const joiner = "\u200d";
  const forms = (letter: string): string[] => [letter, letter + joiner, joiner + letter + joiner, joiner + letter];
  const add = (name: LetterKey, text: string): void =>
    void all.set(name, { fa: text, en: text, faces: ["frame-bold"] });
  [...alphabet].forEach((letter, i) =>
    forms(letter).forEach((text, form) => add(`letter.${i}.${form as 0 | 1 | 2 | 3}`, text)),
  );
  add("letter.lam-alef.0", "لا");
  add("letter.lam-alef.3", `${joiner}لا`);
  return all;
}

/**
 * A text that begins with a Latin letter runs from left to right even in the Persian column ("En", the second line of a
 * screen).
 */
function baseOf(text: string): "rtl" | "ltr" {
  const strong = /[A-Za-z\u0590-\u08ff]/.exec(text)?.[0];
  return strong !== undefined && strong < "\u0590" ? "ltr" : "rtl";
}

/** The screen's sizes, then paper. */
function usesOf({ faces: shown, wrap }: UiString): Use[] {
  const isPaper = (each: Role | PaperFace): each is PaperFace => each in faces;
  const onScreen = shown.filter((each): each is Role => !isPaper(each));
  const onPaper = shown.filter(isPaper);
  const breaks = wrap === undefined ? {} : { wrap };
  const uses: Use[] =
    onScreen.length === 0
      ? []
      : textSizes.map((size) => ({
          medium: size,
          faces: [...new Set(onScreen.map((role) => roles[role][size]))],
          ...breaks,
        }));
  if (onPaper.length > 0) uses.push({ medium: paperMedium, faces: onPaper, ...breaks });
  return uses;
}

export function buildUiBundle(all: Catalogue = catalogue()): Uint8Array {
  const writer = new BundleWriter();
  const names: Uint8Array[] = [];
  const records: { text: string; style: TextStyle }[] = [];
  for (const [key, string] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(key, "ascii");
    names.push(Uint8Array.of(name.length), name);
    for (const [text, neutral] of [
      [string.fa, "rtl"],
      [string.en, "ltr"],
    ] as const) {
      const base = /[A-Za-z\u0590-\u08ff]/.test(text) ? baseOf(text) : neutral;
      records.push({
        text,
        style: { base, uses: usesOf(string), ...(string.apart === undefined ? {} : { apart: string.apart }) },
      });
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
function inputsHash(all: Catalogue): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([...all]))
    .update(JSON.stringify([faces, roles]));
  for (const weight of ["regular", "bold"] as const) hash.update(readFileSync(loadFont(weight).file));
  const here = join(root, "office/text");
  for (const file of readdirSync(here).sort()) if (file.endsWith(".ts")) hash.update(readFileSync(join(here, file)));
  for (const file of ["ui/render/icons.ts", "tools/build/ui-bundle.ts"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** The ballot terminal's, and the identity desk's: under one name, as the SDK's resource has it. */
export const uiBundle = "build/text/ui.bin";
export const deskBundle = "build/text/identity/ui.bin";

/** Makes what is not up to date of both roles' bundles. */
export function updateBundles(): void {
  updateUiBundle();
  updateUiBundle(join(root, deskBundle), deskCatalogue());
}

/** Makes `out` when it is not up to date. Returns whether it was made. */
export function updateUiBundle(out: string = join(root, uiBundle), all: Catalogue = catalogue()): boolean {
  const stamp = `${out}.inputs`;
  const hash = inputsHash(all);
  if (existsSync(out) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  mkdirSync(dirname(out), { recursive: true });
  // a running terminal has the old file mapped
  store(out, buildUiBundle(all));
  writeFileSync(stamp, hash);
  return true;
}
