// A package's root hash as people compare it: eight numbers of four digits, on paper and on the screen.

const groups = 8;

/** Each number: two bytes of the root, big endian, their last four decimal digits. */
export function packageCode(root: Uint8Array): readonly string[] {
  return Array.from({ length: groups }, (_, i) =>
    String(10_000 + (((root[2 * i]! << 8) | root[2 * i + 1]!) % 10_000)).slice(1),
  );
}
