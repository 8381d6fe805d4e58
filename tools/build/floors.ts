// The house's floors, from the ground up: a file imports what lies on its own floor or below, never above.
// ARCHITECTURE.md says what each room holds.

/**
 * Rooms, and the parts of the firmware, which is the lowest room: each line is a floor. A part is a folder, or a module
 * without its extension.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ["firmware/bytes", "firmware/result", "firmware/messages", "firmware/settings", "firmware/version"],
  ["firmware/crypto", "firmware/cbor"],
  ["firmware/cose", "firmware/platform", "firmware/wall-clock"],
  ["firmware/storage", "firmware/election"],
  ["firmware/device", "firmware/journal", "firmware/roll", "firmware/access"],
  ["firmware/vault", "firmware/checkin"],
  ["firmware/cast", "firmware/sync"],
  ["firmware/tally"],
  ["firmware/service"],
  ["firmware/session"],
  ["drivers", "ui"],
  ["firmware/roles"],
  ["platform"],
  ["office"],
  ["center"],
  ["sim"],
  ["tools"],
  ["test", "bench"],
];
