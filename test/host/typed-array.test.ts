// The host replaces TypedArray.prototype.set (platform/xs/typed-array.c): it must do what the language says, and Node
// is asked what that is.

import test from "ava";
import { typedSetCases } from "../../platform/xs/selftest/typed-set.js";
import { PROGRAM, sanitizedProgram, withBench } from "./support.js";

for (const sanitized of [false, true]) {
  test(`TypedArray.prototype.set does what the language says, in every case that copies, converts, overlaps or throws${sanitized ? ", with sanitizers" : ""}`, async (t) => {
    const expected = typedSetCases();
    await withBench(
      async (bench) => {
        t.deepEqual(await bench.ask("typedSet"), expected);
      },
      { program: sanitized ? await sanitizedProgram() : PROGRAM },
    );
    t.true(expected.length > 250 && expected.includes("RangeError") && expected.includes("TypeError"));
  });
}
