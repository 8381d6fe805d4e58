// Which cards count, from what somebody named: the election's number, and a list of lost cards.

import { readFileSync } from "node:fs";
import { concat, writeU32 } from "../../firmware/bytes.js";
import { revokedMax } from "../../firmware/election/card-rules.js";
import type { ElectionKeys } from "../../office/package/keys.js";
import { keysIn } from "./authority.js";
import { Complaint } from "./complaint.js";

/** The keys in a folder, with these rules. Throws a Complaint for a list that is none. */
export async function withCardRules(
  directory: string,
  epoch: number,
  revokedPath: string | undefined,
): Promise<ElectionKeys> {
  const keys = await keysIn(directory);
  const revoked = revokedPath === undefined ? new Uint8Array(0) : revokedIn(revokedPath);
  // a ceremony's keys are read when something needs them: they are not copied
  return Object.create(keys, {
    cards: { enumerable: true, get: () => ({ issuerKey: keys.cards.issuerKey, epoch, revoked }) },
  }) as ElectionKeys;
}

function revokedIn(path: string): Uint8Array {
  const lines = readFileSync(path, "utf8").split("\n");
  const serials = new Set<number>();
  lines.forEach((line, i) => {
    const text = line.trim();
    if (text === "") return;
    const serial = Number(text);
    if (!/^[0-9]+$/.test(text) || serial < 1 || serial > 0xffff_ffff)
      throw new Complaint(`${path}: line ${i + 1}: expected the serial of a card, 1 to 4294967295`);
    serials.add(serial);
  });
  if (serials.size > revokedMax)
    throw new Complaint(
      `${path}: ${serials.size} cards; at most ${revokedMax} fit: raise the election's number and make all cards anew`,
    );
  return concat(...[...serials].sort((a, b) => a - b).map(bytesOf));
}

function bytesOf(serial: number): Uint8Array {
  const out = new Uint8Array(4);
  writeU32(out, 0, serial);
  return out;
}
