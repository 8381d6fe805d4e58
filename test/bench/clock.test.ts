import test from "ava";
import { RealClock } from "../../sim/clock.js";

test("a real clock calls back in order and never early, or a device whose motor runs by it loses rows", async (t) => {
  const clock = new RealClock();
  const called: { readonly due: number; readonly at: number }[] = [];
  await new Promise<void>((resolve) => {
    const delays = Array.from({ length: 200 }, (_, i) => (i * 977) % 25_000);
    let left = delays.length;
    for (const delay of delays) {
      const due = clock.nowUs() + delay;
      clock.after(delay, () => {
        called.push({ due, at: clock.nowUs() });
        if (--left === 0) resolve();
      });
    }
    const cancel = clock.after(10_000, () => t.fail("cancelled"));
    cancel();
  });
  for (const { due, at } of called) t.true(at >= due, `due at ${due}, called at ${at}`);
  // a microsecond may pass between reading the time and asking
  for (let i = 1; i < called.length; i++) t.true(called[i]!.due >= called[i - 1]!.due - 50, "in the order of their times");
});
