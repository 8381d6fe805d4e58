// A list of voters as text: a line each, ten digits of the national number and the number of their ballot style, in any
// order. Lines that are empty or begin with # are passed over. Errors name the line, never the number in it.

import { checkDigit, idDigits, keyOf } from "../../firmware/roll/national-id.js";
import type { RollVoter } from "./build.js";

/** The ten digits of a key. */
export function numberOf(key: number): string {
  return String(key).padStart(idDigits - 1, "0") + String(checkDigit(key));
}

export type VoterList =
  | { readonly ok: true; readonly voters: readonly RollVoter[]; readonly styles: readonly number[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** More than these are not told. */
const problemsMax = 20;

export function parseVoters(text: string): VoterList {
  const problems: string[] = [];
  const lineOf = new Map<number, number>();
  const found: { readonly key: number; readonly style: number }[] = [];
  text.split("\n").forEach((line, i) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || problems.length === problemsMax) return;
    const parts = /^(\d+)\s+(\d{1,5})$/.exec(trimmed);
    if (parts === null) return void problems.push(`line ${i + 1}: expected ten digits and a ballot style`);
    const key = keyOf([...parts[1]!].map(Number));
    const style = Number(parts[2]);
    if (key === undefined)
      return void problems.push(
        `line ${i + 1}: ${parts[1]!.length === idDigits ? "the check digit is wrong" : "a national number has ten digits"}`,
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
  return { ok: true, voters, styles };
}
