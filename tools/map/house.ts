// The house that the files make: which floor each is on, which arrows point up, which go round in a circle, and its
// rooms.

import type { Import } from "./imports.js";

/** See FLOORS in tools/build/floors.ts. */
export type Floors = readonly (readonly string[])[];

/** Of the root, on no floor: nothing imports it. */
const AT_THE_DOOR = ["ava.config.js", "eslint.config.js"];

function isOf(file: string, part: string): boolean {
  return file.startsWith(`${part}/`) || file.replace(/(?:\.d)?\.\w+$/, "") === part;
}

/** The part of FLOORS that a file belongs to, the longest that names it, and its floor from 0 up. */
export function placeOf(file: string, floors: Floors): { readonly part: string; readonly floor: number } | undefined {
  const places = floors.flatMap((parts, floor) => parts.map((part) => ({ part, floor })));
  return places.filter(({ part }) => isOf(file, part)).sort((a, b) => b.part.length - a.part.length)[0];
}

/** Files that are on no floor. */
export function withoutFloor(files: readonly string[], floors: Floors): readonly string[] {
  return files.filter((file) => placeOf(file, floors) === undefined && !AT_THE_DOOR.includes(file));
}

/** Parts of FLOORS that no file belongs to. */
export function withoutFiles(files: readonly string[], floors: Floors): readonly string[] {
  const used = new Set(files.map((file) => placeOf(file, floors)?.part));
  return floors.flat().filter((part) => !used.has(part));
}

/** One line for each import that points up, with the files and their floors. */
export function pointingUp(imports: readonly Import[], floors: Floors): readonly string[] {
  return imports.flatMap(({ from, to }) => {
    const [low, high] = [placeOf(from, floors), placeOf(to, floors)];
    if (low === undefined || high === undefined || low.floor >= high.floor) return [];
    return [`${from} (${low.part}, floor ${low.floor}) imports ${to} (${high.part}, floor ${high.floor})`];
  });
}

/** Files that import each other in a circle: one list for each knot of them, in the order of their names. */
export function circles(imports: readonly Import[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  // R. Tarjan's strongly connected components.
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file)!);
    open.push(file);
    for (const to of targets.get(file) ?? []) {
      const seen = numbers.has(to) ? (open.includes(to) ? numbers.get(to)! : Infinity) : visit(to);
      lowest.set(file, Math.min(lowest.get(file)!, seen));
    }
    if (lowest.get(file) === numbers.get(file)) {
      const knot = open.splice(open.indexOf(file));
      if (knot.length > 1 || targets.get(file)?.includes(file) === true) found.push(knot.sort());
    }
    return lowest.get(file)!;
  };
  for (const file of targets.keys()) if (!numbers.has(file)) visit(file);
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

export interface Part {
  readonly name: string;
  /** From 0 up. */
  readonly floor: number;
  readonly files: number;
  readonly lines: number;
}

/** What a reader sees as one: a folder of the root; or parts of one that lie above another room. */
export interface Room {
  readonly name: string;
  /** From the ground up. */
  readonly parts: readonly Part[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Imports, file to file. */
  readonly imports: number;
}

export interface House {
  /** Storeys from the ground up; a room that has several floors to itself is one storey. */
  readonly storeys: readonly (readonly Room[])[];
  readonly arrows: readonly Arrow[];
}

/** `linesOf`: how many lines a file has. */
export function houseOf(
  files: readonly string[],
  imports: readonly Import[],
  floors: Floors,
  linesOf: (file: string) => number,
): House {
  const sizes = new Map<string, { files: number; lines: number }>();
  for (const file of files) {
    const place = placeOf(file, floors);
    if (place === undefined) continue;
    const size = sizes.get(place.part) ?? { files: 0, lines: 0 };
    sizes.set(place.part, { files: size.files + 1, lines: size.lines + linesOf(file) });
  }
  const storeys: Room[][] = [];
  const taken = new Set<string>();
  const roomOf = new Map<string, string>();
  let last: { folder: string; parts: Part[] } | undefined;
  floors.forEach((names, floor) => {
    const folders = new Set(names.map((name) => name.split("/")[0]!));
    const parts = names.map((name): Part => ({ name, floor, ...(sizes.get(name) ?? { files: 0, lines: 0 }) }));
    const folder = folders.size === 1 ? [...folders][0]! : undefined;
    if (folder !== undefined && last?.folder === folder) {
      last.parts.push(...parts);
      for (const { name } of parts) roomOf.set(name, storeys.at(-1)![0]!.name);
      return;
    }
    const rooms = parts.map((part): { name: string; parts: Part[] } => {
      const top = part.name.split("/")[0]!;
      return { name: taken.has(top) ? part.name : top, parts: [part] };
    });
    // a folder that begins with several parts on one floor is one room
    const merged = folder !== undefined && !taken.has(folder) ? [{ name: folder, parts }] : rooms;
    for (const room of merged) for (const { name } of room.parts) roomOf.set(name, room.name);
    for (const each of folders) taken.add(each);
    storeys.push(merged);
    last = folder !== undefined && merged.length === 1 ? { folder, parts: merged[0]!.parts } : undefined;
  });
  const counts = new Map<string, Arrow>();
  for (const { from, to } of imports) {
    const [source, target] = [from, to].map((file) => roomOf.get(placeOf(file, floors)?.part ?? ""));
    if (source === undefined || target === undefined || source === target) continue;
    const key = `${source} ${target}`;
    counts.set(key, { from: source, to: target, imports: (counts.get(key)?.imports ?? 0) + 1 });
  }
  return { storeys, arrows: [...counts.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1)) };
}
