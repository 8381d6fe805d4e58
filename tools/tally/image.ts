// Records in an image of a terminal's storage medium, read without the device's keys: for a recount, or a terminal that is dead.

import { countZeroBits, isFilledWith, readU16 } from "../../firmware/bytes.js";
import { sealOverhead } from "../../firmware/crypto/crypto.js";
import type { Election } from "../../firmware/election/types.js";
import { commitLength, layOut } from "../../firmware/vault/layout.js";

const blockLength = 4096;

/** Every committed record of the image, in slot order. Throws for an image that is too small for the election. */
export function recordsInImage(image: Uint8Array, election: Pick<Election, "policy" | "ballotLength">): Uint8Array[] {
  const layout = layOut({ capacity: election.policy.capacity, boxLength: election.ballotLength + sealOverhead, size: image.length, blockLength });
  if (!layout.ok) throw new Error(`the image has ${image.length} bytes, this election needs ${layout.error.needed}`);
  const { slots, slotLength, store } = layout.value;
  const records: Uint8Array[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const bytes = image.subarray(store.address + slot * slotLength, store.address + (slot + 1) * slotLength);
    const commit = bytes.subarray(slotLength - commitLength);
    if (isFilledWith(bytes.subarray(0, 32), 0) || countZeroBits(commit, 0, commitLength) <= commitLength * 4) continue;
    records.push(bytes.slice(2, 2 + readU16(bytes, 0)));
  }
  return records;
}
