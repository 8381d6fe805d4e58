// The terminal's screens with the package that lies at the beginning of the main flash.

import { fromHex } from "../../../firmware/bytes.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import { openPackage } from "../../../firmware/election/package.js";
import type { Settings, View } from "../../../firmware/session/view.js";
import { BallotScreen } from "../../../ui/screen.js";
import { TextBundle } from "../../../ui/text/bundle.js";
import { type TextSource, textSource } from "../../../ui/text/typesetter.js";
import type { Command } from "../selftest/commands.js";

let source: TextSource | undefined;

/** args: the authority's key. */
export const openScreens: Command = (platform, { args = [] }) => {
  const crypto = new Crypto({ primitives: platform.primitives, random: platform.random });
  const text = TextBundle.open(platform.text);
  const pack = openPackage(platform.flash.main, 0, crypto, fromHex(args[0] as string)!, { tagKey: () => new Uint8Array(16) });
  if (!text.ok || !pack.ok) throw new Error("no texts, or no package");
  source = textSource(text.value, pack.value);
  return null;
};

/** args: a view, settings, and the ids of targets that are touched one after the other. Drawn from nothing; the last "show" in the trace is before the last act. How many items the picture has. */
export const showScreen: Command = (platform, { args = [] }) => {
  const [view, settings, ids] = args as [View, Settings, readonly string[]];
  if (source === undefined) throw new Error("openScreens comes first");
  const screen = new BallotScreen({ display: platform.display, blender: platform.blender, source, onIntent: () => {}, now: unhurried() });
  // what is measured is not what the one before has left
  platform.wipeHeap();
  platform.trace("show");
  screen.show(view, settings);
  for (const id of ids) {
    const target = screen.targets.find((each) => each.id === id);
    if (target === undefined) throw new Error(`no target ${id}`);
    const at = { contact: 1, x: target.x + target.width / 2, y: target.y + target.height / 2 };
    screen.touch({ ...at, phase: "down" });
    platform.wipeHeap();
    platform.trace("show");
    screen.touch({ ...at, phase: "up" });
  }
  return screen.picture.items;
};

/** The time of a person who takes a second for everything. */
function unhurried(): () => number {
  let now = 0;
  return () => (now += 1_000);
}
