// What can be wrong with the layout of any screen: targets too small or too near, texts cut off or over each other.

import { highOf, itemWords, lowOf, runKind } from "../../ui/render/list.js";
import { type Target, targetGap, targetLeast } from "../../ui/sheet.js";

/** A screen of either role. */
export interface Drawn {
  readonly targets: readonly Target[];
  readonly picture: { readonly list: Int32Array; readonly items: number };
}

export const [width, height] = [1024, 600] as const;

interface Ink {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the ink of each line of text is. */
export function inks(screen: Drawn): Ink[] {
  const { list, items } = screen.picture;
  const found: Ink[] = [];
  for (let at = 0; at < items * itemWords; at += itemWords) {
    if (list[at]! >= runKind && list[at]! < 2 * runKind)
      found.push({ left: lowOf(list[at + 1]!), top: highOf(list[at + 1]!), right: lowOf(list[at + 2]!), bottom: highOf(list[at + 2]!) });
  }
  return found.filter((ink) => ink.right > ink.left && ink.bottom > ink.top);
}

/** What is wrong with the layout, in words. */
export function faults(screen: Drawn): string[] {
  const wrong: string[] = [];
  const { targets } = screen;
  for (const a of targets) {
    if (a.width < targetLeast || a.height < targetLeast) wrong.push(`${a.id} is ${a.width} x ${a.height}`);
    if (a.x < 0 || a.y < 0 || a.x + a.width > width || a.y + a.height > height) wrong.push(`${a.id} is not on the screen`);
    for (const b of targets) {
      const gap = Math.max(b.x - a.x - a.width, a.x - b.x - b.width, b.y - a.y - a.height, a.y - b.y - b.height);
      if (a !== b && gap < targetGap) wrong.push(`${a.id} and ${b.id} are ${gap} apart`);
    }
  }
  if (new Set(targets.map((target) => target.id)).size !== targets.length) wrong.push("two targets of one name");
  const texts = inks(screen);
  texts.forEach((a, i) => {
    if (a.left < 0 || a.top < 0 || a.right > width || a.bottom > height) wrong.push(`a text at ${a.left},${a.top} to ${a.right},${a.bottom} is not on the screen`);
    for (const b of texts.slice(i + 1)) {
      const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
      // marks below one line and above the next may come near
      if (across > 0 && down > 0.3 * Math.min(a.bottom - a.top, b.bottom - b.top)) wrong.push(`texts at ${a.left},${a.top} and ${b.left},${b.top} lie over each other`);
    }
    for (const target of targets) {
      const [across, down] = [Math.min(a.right, target.x + target.width) - Math.max(a.left, target.x), Math.min(a.bottom, target.y + target.height) - Math.max(a.top, target.y)];
      const inside = a.left >= target.x && a.right <= target.x + target.width && a.top >= target.y - 1 && a.bottom <= target.y + target.height + 1;
      if (across > 0 && down > 2 && !inside) wrong.push(`a text at ${a.left},${a.top} to ${a.right},${a.bottom} crosses the edge of ${target.id}`);
    }
  });
  return wrong;
}
