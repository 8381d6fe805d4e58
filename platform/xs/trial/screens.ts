// The terminal's screens with the package that lies at the beginning of the main flash.

import { fromHex } from "../../../firmware/bytes.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { Platform } from "../../../firmware/platform.js";
import { openPackage } from "../../../firmware/election/package.js";
import type { View } from "../../../firmware/session/view.js";
import type { Settings } from "../../../firmware/settings.js";
import { BallotScreen } from "../../../ui/screen.js";
import { TextBundle } from "../../../ui/text/bundle.js";
import { type TextSource, textSource } from "../../../ui/text/typesetter.js";
import type { Command } from "../selftest/commands.js";

let source: TextSource | undefined;

/** args: the authority's key. */
export const openScreens: Command = (platform, { args = [] }) => {
  const crypto = new Crypto({ primitives: platform.primitives, random: platform.random });
  const text = TextBundle.open(platform.text);
  const pack = openPackage(platform.flash.main, 0, crypto, fromHex(args[0] as string)!, {
    tagKey: () => new Uint8Array(16),
  });
  if (!text.ok || !pack.ok) throw new Error("no texts, or no package");
  source = textSource(text.value, pack.value);
  return null;
};

let screen: BallotScreen | undefined;

/** args: a view and settings. Drawn from nothing, after a line "show" in the trace. How many items the picture has. */
export const showScreen: Command = (platform, { args = [] }) => {
  const [view, settings] = args as [View, Settings];
  if (source === undefined) throw new Error("openScreens comes first");
  const shown = new BallotScreen({
    display: platform.display,
    blender: platform.blender,
    source,
    onIntent: () => {},
    now: unhurried(),
  });
  screen = shown;
  return measured(platform, shown, () => shown.show(view, settings));
};

/**
 * args: the id of a target of the screen shown. What follows from its being touched is drawn after a line "show" in the
 * trace. How many items the picture has.
 */
export const touchScreen: Command = (platform, { args = [] }) => {
  const shown = screen;
  const target = shown?.targets.find((each) => each.id === args[0]);
  if (shown === undefined || target === undefined) throw new Error(`no target ${String(args[0])}`);
  const at = { contact: 1, x: target.x + target.width / 2, y: target.y + target.height / 2 };
  shown.touch({ ...at, phase: "down" });
  return measured(platform, shown, () => shown.touch({ ...at, phase: "up" }));
};

function measured(platform: Platform, shown: BallotScreen, act: () => void): number {
  // what is measured is not what the one before has left
  platform.wipeHeap();
  platform.trace("show");
  act();
  return shown.picture.items;
}

/** The time of a person who takes a second for everything. */
function unhurried(): () => number {
  let now = 0;
  return () => (now += 1_000);
}
