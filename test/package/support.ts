// A small election and what is needed to open its package.

import { readFileSync } from "node:fs";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { type ElectionDefinition, parseDefinition, problemLine } from "../../office/package/definition.js";
import { type ElectionKeys, electionKeysFromSeed } from "../../office/package/keys.js";

export const crypto = new Crypto({
  primitives: referencePrimitives,
  random: () => {
    throw new Error("nothing here needs chance");
  },
});

export const keys = electionKeysFromSeed(new Uint8Array(32).fill(7));
export const otherKeys: ElectionKeys = {
  ...electionKeysFromSeed(new Uint8Array(32).fill(8)),
  authority: crypto.signKeyPair(new Uint8Array(32).fill(8)),
};

export const smallYaml = `title: آزمایش
kind: test
station: { number: 7, name: بهار }
styles:
  - { id: 1, contests: [1, 2] }
contests:
  - id: 1
    kind: n-of-m
    title: شورا
    votesAllowed: 2
    options:
      - { code: 12, name: نرگس, affiliation: سبز }
      - { code: 10, name: یوسف }
      - { code: 300, name: مریم }
  - id: 2
    kind: question
    title: پرسش
    options:
      - { code: 1, name: آری }
      - { code: 2, name: نه }
`;

export function parse(text: string): ElectionDefinition {
  const result = parseDefinition(text, "test.yaml");
  if (!result.ok) throw new Error(result.problems.map(problemLine).join("\n"));
  return result.value;
}

export function example(): ElectionDefinition {
  return parse(readFileSync(new URL("../../office/examples/example.yaml", import.meta.url), "utf8"));
}
