// The vault's slots as they lie on a medium, seen without any key: one character a slot.

import { isFilledWith } from "../../firmware/bytes.js";
import { sealOverhead } from "../../firmware/crypto/crypto.js";
import type { Election } from "../../firmware/election/types.js";
import { commitLength, layOut } from "../../firmware/vault/layout.js";

export interface Slots {
  /**
   * "." free, "p" prepared and not decided, "b" ballot, "v" void; in the order of the medium, which is not the order of
   * the day.
   */
  readonly map: string;
  readonly ballots: number;
  readonly voids: number;
  readonly capacity: number;
}

const blockLength = 4096;

/** Undefined when the medium is too small for the election. */
export function slotsOf(cells: Uint8Array, election: Pick<Election, "policy" | "ballotLength">): Slots | undefined {
  const { capacity } = election.policy;
  const layout = layOut({ capacity, boxLength: election.ballotLength + sealOverhead, size: cells.length, blockLength });
  if (!layout.ok) return undefined;
  const { slots, slotLength, store } = layout.value;
  let map = "";
  let ballots = 0;
  let voids = 0;
  for (let slot = 0; slot < slots; slot++) {
    const start = store.address + slot * slotLength;
    const head = cells.subarray(start, start + 32);
    if (isFilledWith(head, 0xff)) map += ".";
    else if (isFilledWith(head, 0)) {
      map += "v";
      voids++;
    } else if (isFilledWith(cells.subarray(start + slotLength - commitLength, start + slotLength), 0xff)) map += "p";
    else {
      map += "b";
      ballots++;
    }
  }
  return { map, ballots, voids, capacity };
}
