// What can be wrong with the layout of any screen: targets too small or too near, texts cut off or over each other.

import { boxKind, highOf, iconKind, itemWords, lowOf, runKind } from "../../ui/render/list.js";
import { type Target, targetGap, targetLeast } from "../../ui/place.js";

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

/** Where the items of a kind are. */
function itemsOf({ picture: { list, items } }: Drawn, from: number, to: number): Ink[] {
  const found: Ink[] = [];
  for (let at = 0; at < items * itemWords; at += itemWords)
    if (list[at]! >= from && list[at]! < to)
      found.push({
        left: lowOf(list[at + 1]!),
        top: highOf(list[at + 1]!),
        right: lowOf(list[at + 2]!),
        bottom: highOf(list[at + 2]!),
      });
  return found.filter((item) => item.right > item.left && item.bottom > item.top);
}

/** Where the ink of each line of text is. */
export function inks(screen: Drawn): Ink[] {
  return itemsOf(screen, runKind, 2 * runKind);
}

/**
 * What lies with a part of it over the edge of a box: texts that leave their card, boxes that lie half on another. A
 * pixel or two of a letter may.
 */
function crossings(screen: Drawn): string[] {
  const boxes = itemsOf(screen, boxKind, iconKind);
  const wrong: string[] = [];
  const crosses = (inner: Ink, box: Ink, spare: number): boolean =>
    Math.min(inner.right, box.right) - Math.max(inner.left, box.left) > spare &&
    Math.min(inner.bottom, box.bottom) - Math.max(inner.top, box.top) > spare &&
    (inner.left < box.left - spare ||
      inner.right > box.right + spare ||
      inner.top < box.top - spare ||
      inner.bottom > box.bottom + spare);
  const at = ({ left, top, right, bottom }: Ink): string => `${left},${top} to ${right},${bottom}`;
  for (const text of inks(screen))
    for (const box of boxes)
      if (crosses(text, box, 3)) wrong.push(`a text at ${at(text)} crosses the edge of a box at ${at(box)}`);
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1))
      if (crosses(b, a, 0) && crosses(a, b, 0)) wrong.push(`boxes at ${at(a)} and ${at(b)} lie half on one another`);
  });
  return wrong;
}

/** What is wrong with the layout, in words. */
export function faults(screen: Drawn): string[] {
  const wrong: string[] = [];
  const { targets } = screen;
  for (const a of targets) {
    if (a.width < targetLeast || a.height < targetLeast) wrong.push(`${a.id} is ${a.width} x ${a.height}`);
    if (a.x < 0 || a.y < 0 || a.x + a.width > width || a.y + a.height > height)
      wrong.push(`${a.id} is not on the screen`);
    for (const b of targets) {
      const gap = Math.max(b.x - a.x - a.width, a.x - b.x - b.width, b.y - a.y - a.height, a.y - b.y - b.height);
      if (a !== b && gap < targetGap) wrong.push(`${a.id} and ${b.id} are ${gap} apart`);
    }
  }
  if (new Set(targets.map((target) => target.id)).size !== targets.length) wrong.push("two targets of one name");
  wrong.push(...crossings(screen));
  const texts = inks(screen);
  texts.forEach((a, i) => {
    if (a.left < 0 || a.top < 0 || a.right > width || a.bottom > height)
      wrong.push(`a text at ${a.left},${a.top} to ${a.right},${a.bottom} is not on the screen`);
    for (const b of texts.slice(i + 1)) {
      const [across, down] = [
        Math.min(a.right, b.right) - Math.max(a.left, b.left),
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
      ];
      // marks below one line and above the next may come near
      if (across > 0 && down > 0.3 * Math.min(a.bottom - a.top, b.bottom - b.top))
        wrong.push(`texts at ${a.left},${a.top} and ${b.left},${b.top} lie over each other`);
    }
    for (const target of targets) {
      const [across, down] = [
        Math.min(a.right, target.x + target.width) - Math.max(a.left, target.x),
        Math.min(a.bottom, target.y + target.height) - Math.max(a.top, target.y),
      ];
      const inside =
        a.left >= target.x &&
        a.right <= target.x + target.width &&
        a.top >= target.y - 1 &&
        a.bottom <= target.y + target.height + 1;
      if (across > 0 && down > 2 && !inside)
        wrong.push(`a text at ${a.left},${a.top} to ${a.right},${a.bottom} crosses the edge of ${target.id}`);
    }
  });
  return wrong;
}
