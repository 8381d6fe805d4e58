import test from "ava";
import { RealClock } from "../../sim/clock.js";

test("a real clock calls back in order and never early, or a device whose motor runs by it loses rows", async (t) => {
  const clock = new RealClock();
  const called: { readonly earliest: number; readonly latest: number; readonly at: number }[] = [];
  await new Promise<void>((resolve) => {
    const delays = Array.from({ length: 200 }, (_, i) => (i * 977) % 25_000);
    let left = delays.length;
    for (const delay of delays) {
      const earliest = clock.nowUs() + delay;
      let latest = Infinity;
      clock.after(delay, () => {
        called.push({ earliest, latest, at: clock.nowUs() });
        if (--left === 0) resolve();
      });
      latest = clock.nowUs() + delay;
    }
    const cancel = clock.after(10_000, () => t.fail("cancelled"));
    cancel();
  });
  for (const { earliest, at } of called) t.true(at >= earliest, `due at ${earliest}, called at ${at}`);
  for (let i = 1; i < called.length; i++)
    t.true(called[i]!.latest >= called[i - 1]!.earliest, "in the order of their times");
});
