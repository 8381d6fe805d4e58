// The authority that a product image obeys: `root` of the build's configuration, 64 hexadecimal digits.

import { equalBytes, fromHex } from "../../../firmware/bytes.js";
import type { Root } from "../../../firmware/platform.js";
import { assert } from "../../../firmware/result.js";
import { testRoot } from "../../test-root.js";

/** Throws for no key, and for the test root: everybody has its secret. */
export function rootOf(hex: string): Root {
  const key = fromHex(hex);
  assert(key?.length === 32, "root: 64 hexadecimal digits in the build's configuration");
  assert(!equalBytes(key, testRoot.key), "root: the test root is in no product image");
  return { key, isTest: false };
}
