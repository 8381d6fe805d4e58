// What lies where on the main flash, in front of the package. Each thing has a block of its own, so that an erase that
// is cut harms no other. See FORMAT.md.

/** Bytes of a block, and of each of these places. */
export const deviceBlock = 4096;
/** The wrapped secret, twice. */
export const secretAddresses = [0x0000, 0x1000] as const;
/** What the device asks a certificate with. */
export const requestAddress = 0x2000;
/** The factory's certificate for it. */
export const certificateAddress = 0x3000;
/** Which election, station and number it serves. */
export const assignmentAddress = 0x4000;
/** Package of a ballot terminal, roll of an identity desk. */
export const packageAddress = 0x1_0000;
