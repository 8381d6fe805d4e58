// Until the terminal draws its tally key itself: what a dealer has put on the main flash.
import type { Flash } from "../platform.js";

export const tallySeamAddress = 0x5000;
export interface TallyMaterial {
  readonly tallyKey: Uint8Array;
  readonly tallyPart: Uint8Array;
}
export function readTally(main: Flash): TallyMaterial | undefined {
  const bytes = main.read(112, tallySeamAddress);
  return bytes === undefined ? undefined : { tallyKey: bytes.slice(0, 32), tallyPart: bytes.slice(32) };
}
