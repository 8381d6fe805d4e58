// The text of a file that an office has made with whatever was at hand. Nothing is guessed in silence: what is not plain
// UTF-8 is said, and what is not text is refused.

import { type Result, err, ok } from "../../firmware/result.js";

export interface FileText {
  readonly text: string;
  /** What people should look at before they go on. */
  readonly notices: readonly string[];
}

/** Of the letters that are not ASCII, so many of a hundred must be Arabic ones in a file that is read as Windows-1256. */
const arabicShareMin = 80;

/**
 * UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1256 (WHATWG Encoding Standard), which is said.
 * The problem: what is wrong with the bytes, and what to do.
 */
export function textOf(bytes: Uint8Array): Result<FileText, string> {
  for (const [mark, encoding, name] of [
    [[0xff, 0xfe], "utf-16le", "UTF-16"],
    [[0xfe, 0xff], "utf-16be", "UTF-16"],
  ] as const)
    if (mark.every((byte, i) => bytes[i] === byte)) {
      const text = decoded(bytes, encoding);
      return text === undefined ? err(`begins as ${name} and is not: save it as UTF-8`) : ok({ text, notices: [] });
    }
  const text = decoded(bytes, "utf-8");
  if (text !== undefined) return bytes.includes(0) ? err("holds bytes of 0: it is no text") : ok({ text, notices: [] });
  const windows = decoded(bytes, "windows-1256");
  const letters = [...(windows ?? "")].filter((letter) => letter > "\u007f");
  const arabic = letters.filter((letter) => /[\p{Script=Arabic}\u200c\u200d«»،؛؟ـ]/u.test(letter));
  if (windows === undefined || arabic.length * 100 < letters.length * arabicShareMin)
    return err("is neither UTF-8 nor Windows-1256: save it as UTF-8");
  const notice = "is not UTF-8 and was read as Windows-1256: look at every name, or save it as UTF-8";
  return ok({ text: windows, notices: [notice] });
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
