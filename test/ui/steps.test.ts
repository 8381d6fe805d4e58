// A screen that came about step by step is the one that is drawn from nothing: whatever was laid before, copied, moved
// or left as it was.

import test from "ava";
import { settingsAtRest } from "../../firmware/settings.js";
import { Chance } from "../../sim/chance.js";
import { BallotScreen } from "../../ui/screen.js";
import { textSizes } from "../../ui/text/faces.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { shown, source, unhurried } from "./views.js";

const seed = process.env["SEED"] ?? "steps";
const [walks, steps] = [90, 12];
const keys = ["green", "down", "next", "select", "back", "up"] as const;
/** Two contests at one place of the ballot are no session's. */
const names = Object.keys(shown).filter((name) => name !== "voting-second-page");

interface Drawn {
  readonly display: MemoryDisplay;
  readonly screen: BallotScreen;
}

function drawn(): Drawn {
  const display = new MemoryDisplay();
  return {
    display,
    screen: new BallotScreen({ display, blender: nodeBlender, source, onIntent: () => undefined, now: unhurried() }),
  };
}

test(`a screen drawn step by step equals one drawn from nothing, seed ${seed}`, (t) => {
  t.timeout(120_000);
  const chance = new Chance(seed, "steps");
  const of = <T>(values: readonly T[]): T => values[chance.below(values.length)]!;
  for (let walk = 0; walk < walks; walk++) {
    const settings = { ...settingsAtRest, size: of(textSizes), language: of(["fa", "en"] as const) };
    const [stepped, anew] = [drawn(), drawn()];
    const said: string[] = [];
    let name = of(names);
    const act = (): ((screen: BallotScreen) => void) => {
      const kind = said.length === 0 ? 0 : chance.below(5);
      const { targets } = stepped.screen;
      if (kind < 2 || targets.length === 0) {
        if (said.length > 0)
          name = of(
            chance.below(3) === 0
              ? names
              : names.filter((each) => shown[each]!.view.screen === shown[name]!.view.screen),
          );
        const { view } = shown[name]!;
        said.push(name);
        return (screen) => screen.show(view, settings);
      }
      if (kind === 2) {
        const key = of(keys);
        said.push(key);
        return (screen) => screen.key({ key, pressed: true });
      }
      const { id, x, y } = of(targets);
      const isHalf = chance.below(4) === 0;
      said.push(`${isHalf ? "finger on" : "touch"} ${id}`);
      return (screen) => {
        screen.touch({ contact: 1, phase: "down", x: x + 5, y: y + 5 });
        if (!isHalf) screen.touch({ contact: 1, phase: "up", x: x + 5, y: y + 5 });
      };
    };
    for (let step = 0; step < steps; step++) {
      const both = act();
      both(stepped.screen);
      // everything is forgotten, so that the next act draws all of it
      anew.screen.source = source;
      both(anew.screen);
      const what = `${settings.language} ${settings.size}: ${said.join(", ")}`;
      t.is(Buffer.compare(stepped.display.pixels, anew.display.pixels), 0, what);
      t.deepEqual(stepped.screen.targets, anew.screen.targets, what);
    }
  }
});
