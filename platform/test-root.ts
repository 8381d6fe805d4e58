// The root of test elections. Its secret follows from four words that everybody can read (office/package/keys.ts), so
// what it signs proves nothing: simulation images obey it, and no product image does.

import type { Root } from "../firmware/platform.js";
import { fromHex } from "../firmware/bytes.js";

export const testRoot: Root = {
  key: fromHex("c8bdd75027f6ec661dba744e16ad961184d90d375823f58a3093ead2f7a1cdc4")!,
  isTest: true,
};
