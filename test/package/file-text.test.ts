// Files as offices' programs write them: what is read as it stands, what is read and said, and what is refused.

import test from "ava";
import { textOf } from "../../office/text/file-text.js";

const text = "نام: علی رضایی، گروه پ\n";
/** Windows-1256 by hand: the letters of the text above that it has. */
const windows: Readonly<Record<string, number>> = {
  ...{ ن: 0xe4, ا: 0xc7, م: 0xe3, ع: 0xda, ل: 0xe1, ر: 0xd1, ض: 0xd6, گ: 0x90, و: 0xe6, ه: 0xe5, پ: 0x81, "،": 0xa1 },
  ...{ ي: 0xed },
};
const inWindows = (words: string): Uint8Array =>
  Uint8Array.from([...words.replaceAll("ی", "ي")], (letter) => windows[letter] ?? letter.charCodeAt(0));

test("UTF-8 with and without its mark, and UTF-16 with one, are read as they are", (t) => {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  for (const bytes of [
    utf8,
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]),
    utf16,
    Buffer.from(utf16).swap16(),
  ])
    t.deepEqual(textOf(bytes), { ok: true, value: { text, notices: [] } });
});

test("Windows-1256 is read, and said; never is a letter lost in silence", (t) => {
  const read = textOf(inWindows(text));
  if (!read.ok) return t.fail(read.error);
  t.is(read.value.text, text.replaceAll("ی", "ي"));
  t.regex(read.value.notices.join(), /^is not UTF-8 and was read as Windows-1256: look at every name/);
});

test("what is neither is refused, with what to do; so is what is no text", (t) => {
  const said = (bytes: readonly number[]): string => {
    const read = textOf(Uint8Array.from(bytes));
    return read.ok ? "taken" : read.error;
  };
  t.is(said([0x63, 0x61, 0x66, 0xe9]), "is neither UTF-8 nor Windows-1256: save it as UTF-8", "Latin-1");
  t.is(said([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), "is neither UTF-8 nor Windows-1256: save it as UTF-8");
  t.is(said([0x61, 0, 0x62]), "holds bytes of 0: it is no text");
  t.is(said([0xff, 0xfe, 0x41]), "begins as UTF-16 and is not: save it as UTF-8");
});
