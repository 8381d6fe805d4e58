// A list of voters as text: a line each, ten digits of the national number and the number of their ballot style, in any
// order, with spaces, a tab, a comma or a semicolon between the two, quoted or not, in Persian, Arabic or Latin digits.
// Lines that are empty or begin with # are passed over, and so is a header. A spreadsheet takes the zeros from the
// beginning of a number: they are put back where the check digit proves it, and where it does not the line is named.
// Errors name the line, never the number in it.

import { checkDigit, idDigits, keyOf } from "../../firmware/roll/national-id.js";
import type { RollVoter } from "./build.js";

/** The ten digits of a key. */
export function numberOf(key: number): string {
  return String(key).padStart(idDigits - 1, "0") + String(checkDigit(key));
}

export type VoterList =
  | {
      readonly ok: true;
      readonly voters: readonly RollVoter[];
      readonly styles: readonly number[];
      /** What people should know of the list. */
      readonly notices: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Zeros that a spreadsheet takes: no number of a person begins with more. */
const shortestMin = idDigits - 2;
const linesShown = 10;
/** More than these are not told. */
const problemsMax = 20;

function latinDigits(text: string): string {
  return text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}

function noticesOf(restored: readonly number[]): readonly string[] {
  if (restored.length === 0) return [];
  const more = restored.length > linesShown ? ` and ${restored.length - linesShown} more` : "";
  return [
    `zeros that were lost from the beginning of a number were put back, as its check digit says: line ${restored.slice(0, linesShown).join(", ")}${more}`,
  ];
}

export function parseVoters(text: string): VoterList {
  const problems: string[] = [];
  const lineOf = new Map<number, number>();
  const found: { readonly key: number; readonly style: number }[] = [];
  const restored: number[] = [];
  let isFirst = true;
  text.split(/\r?\n|\r/).forEach((line, i) => {
    const trimmed = latinDigits(line).trim();
    if (trimmed === "" || trimmed.startsWith("#") || problems.length === problemsMax) return;
    const isHeader = isFirst && !/\d/.test(trimmed);
    isFirst = false;
    if (isHeader) return;
    const parts = /^(["']?)(\d+)\1(?:\s*[,;\t]\s*|\s+)(["']?)(\d{1,5})\3[,;\s]*$/.exec(trimmed);
    if (parts === null)
      return void problems.push(
        `line ${i + 1}: expected ten digits and a ballot style, with a space, a tab, a comma or a semicolon between them`,
      );
    const written = parts[2]!;
    const key = keyOf([...written.padStart(idDigits, "0")].map(Number));
    const isShort = written.length < idDigits;
    if (isShort && written.length >= shortestMin && key !== undefined) restored.push(i + 1);
    const style = Number(parts[4]);
    if (isShort && (written.length < shortestMin || key === undefined))
      return void problems.push(
        `line ${i + 1}: a national number has ten digits; if a spreadsheet has taken zeros from its beginning, the check digit does not say so`,
      );
    if (key === undefined)
      return void problems.push(
        `line ${i + 1}: ${written.length === idDigits ? "the check digit is wrong" : "a national number has ten digits"}`,
      );
    if (style < 1 || style > 0xffff) return void problems.push(`line ${i + 1}: a ballot style is 1 to 65535`);
    const before = lineOf.get(key);
    if (before !== undefined) return void problems.push(`line ${i + 1}: the same number as line ${before}`);
    lineOf.set(key, i + 1);
    found.push({ key, style });
  });
  if (problems.length > 0) return { ok: false, problems };
  if (found.length === 0) return { ok: false, problems: ["there are no voters"] };
  const styles = [...new Set(found.map(({ style }) => style))].sort((a, b) => a - b);
  const voters = found.sort((a, b) => a.key - b.key).map(({ key, style }) => ({ key, area: styles.indexOf(style) }));
  return { ok: true, voters, styles, notices: noticesOf(restored) };
}
