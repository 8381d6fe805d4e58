// Records and results in an image of a terminal's storage medium, read without the device's keys: for a recount, or a
// terminal that is dead.

import { Crypto, sealOverhead } from "../../firmware/crypto/crypto.js";
import { loadingIn } from "../../firmware/vault/loading-store.js";
import type { StationElection } from "../../firmware/election/types.js";
import type { Terminal } from "../device/enrol.js";
import { recordBytes, slotState } from "../../firmware/tally/raw-store.js";
import { ResultsStore, type StoredResults, listMax, resultsRegion } from "../../firmware/tally/results-store.js";
import { type Layout, layOut } from "../../firmware/vault/layout.js";
import { Media } from "../../firmware/storage/media.js";
import { referencePrimitives } from "../crypto/reference.js";
import { imageFlash } from "../inspect/image-flash.js";

const blockLength = 4096;

/** The image is not of a medium of this election. */
export class ImageTooSmall extends Error {
  override readonly name = "ImageTooSmall";
}

/** Throws ImageTooSmall. */
export function layoutOfImage(image: Uint8Array, election: Pick<StationElection, "policy" | "ballotLength">): Layout {
  const layout = layOut({
    capacity: election.policy.capacity,
    boxLength: election.ballotLength + sealOverhead,
    size: image.length,
    blockLength,
  });
  if (!layout.ok)
    throw new ImageTooSmall(`the image has ${image.length} bytes, this election needs ${layout.error.needed}`);
  return layout.value;
}

const tools = new Crypto({ primitives: referencePrimitives, random: () => undefined });

/** Every committed record of the image, in slot order. Throws ImageTooSmall. */
export function recordsInImage(
  image: Uint8Array,
  election: Pick<StationElection, "policy" | "ballotLength">,
): Uint8Array[] {
  const { slots, slotLength, store } = layoutOfImage(image, election);
  const records: Uint8Array[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const bytes = image.subarray(store.address + slot * slotLength, store.address + (slot + 1) * slotLength);
    if (slotState(tools, bytes) === "decided") records.push(recordBytes(bytes));
  }
  return records;
}

/** The loading statement, when it is whole and signed by the terminal. */
export function loadingInImage(
  crypto: Crypto,
  election: StationElection,
  { id, publicKey }: Terminal,
  image: Uint8Array,
): ReturnType<typeof loadingIn> {
  const { address, length } = layoutOfImage(image, election).loading;
  const of = { election: election.id, terminal: id, publicKey };
  return loadingIn(crypto, image.subarray(address, address + length), of);
}

/** The results that the terminal counted, when they are whole and signed by it. */
export function resultsInImage(
  crypto: Crypto,
  election: StationElection,
  terminal: Terminal,
  image: Uint8Array,
): StoredResults | undefined {
  const layout = layoutOfImage(image, election);
  const region = resultsRegion(layout, image.length);
  const media = Media.open({ a: imageFlash(image), b: imageFlash(image), crypto });
  if (region === undefined || !media.ok) return undefined;
  media.value.active = ["a"];
  const store = ResultsStore.open({
    crypto,
    media: media.value,
    region,
    listMax: listMax(layout),
    root: election.root,
    terminal: terminal.id,
    publicKey: terminal.publicKey,
  });
  return store.ok ? store.value.stored : undefined;
}
