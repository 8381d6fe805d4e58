// libsodium's reference code writes BLAKE2b's twelve rounds out one after the other: 18 KB on the board, for a hash
// that derives keys and nonces. Here they are a loop.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { HASH, HASH_ROLLED, SODIUM } from "./sources.js";

const rounds = 12;
const unrolled = Array.from({ length: rounds }, (_, round) => `    ROUND(${round});\n`).join("");

/** Writes the changed source under build/. Throws when libsodium is not the one that the change was made for. */
export function writeRolledHash(): void {
  const source = readFileSync(`${SODIUM}/${HASH}`, "utf8");
  if (source.split(unrolled).length !== 2) throw new Error(`${HASH}: libsodium has changed, see rolled-hash.ts`);
  const rolled = source.replace(unrolled, `    for (i = 0; i < ${rounds}; ++i)\n        ROUND(i);\n`);
  if (!existsSync(HASH_ROLLED) || readFileSync(HASH_ROLLED, "utf8") !== rolled) writeFileSync(HASH_ROLLED, rolled);
}
