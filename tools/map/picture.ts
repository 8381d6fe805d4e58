// The house as an SVG: rooms as boxes from the ground up, and one line for each room that others import, with how many
// imports come from where.

import type { House, Part, Room } from "./house.js";

/** What is in a room, for somebody who comes in for the first time. */
const PURPOSES: Readonly<Record<string, string>> = {
  firmware: "terminal and identity desk, in plain TypeScript",
  drivers: "card reader, printer, front panel",
  ui: "screens, slips, reports and their texts",
  "firmware/roles": "ballot and identity: which parts, wired how",
  platform: "what the firmware runs on: engine, desktop, boards, SDK",
  office: "package, roll, texts, tally: before the day and after it",
  center: "broker, collector and its store",
  sim: "devices, people and polling stations that exist nowhere",
  tools: "the build, and commands for people",
  test: "what is claimed, proved",
  bench: "what things cost",
};

const COLORS = [
  "#3f5f8a",
  "#2f7d6d",
  "#8a5a9c",
  "#b0702b",
  "#5b7a34",
  "#a8475a",
  "#2d7f9e",
  "#7b6a3c",
  "#5a55a3",
  "#9b4d86",
  "#4f6b6b",
  "#8c5a44",
];

const RULE = [
  "A room imports what is on its own floor or below.",
  "A number says how many imports go along its line, file to file; types count.",
].join(" ");

const WIDTH = 1100;
const MARGIN = 28;
const HEAD = 92;
const BOX_LEFT = 76;
const BOX_WIDTH = 436;
const BOX_RIGHT = BOX_LEFT + BOX_WIDTH;
const RAIL_FIRST = BOX_RIGHT + 34;
const BOX_HEIGHT = 58;
const ROOM_GAP = 10;
const STOREY_GAP = 26;
const FLOOR_HEIGHT = 32;
const FOOT = 54;
/** From a box's upper edge: where its arrows leave, and where those to it arrive. */
const LEAVES = 19;
const ARRIVES = 42;

interface Placed {
  readonly room: Room;
  readonly color: string;
  readonly top: number;
  readonly height: number;
  /** The line of arrows to it. */
  readonly rail: number;
}

/** Where all of it is; what is further down has a higher number. */
interface Plan {
  readonly placed: readonly Placed[];
  readonly storeys: readonly { readonly top: number; readonly bottom: number }[];
  readonly height: number;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function sizeOf(parts: readonly Part[]): string {
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  return `${grouped(files)} ${files === 1 ? "file" : "files"} · ${grouped(lines)} ${lines === 1 ? "line" : "lines"}`;
}

function isDivided(room: Room): boolean {
  return room.parts.length > 1;
}

function floorsOf(room: Room): readonly (readonly Part[])[] {
  const numbers = [...new Set(room.parts.map(({ floor }) => floor))].sort((a, b) => b - a);
  return numbers.map((number) => room.parts.filter(({ floor }) => floor === number));
}

function place(house: House): Plan {
  const count = house.storeys.flat().length;
  const step = Math.min(50, Math.floor((WIDTH - MARGIN - 30 - RAIL_FIRST) / Math.max(1, count - 1)));
  const placed: Placed[] = [];
  const storeys: { top: number; bottom: number }[] = [];
  let at = HEAD;
  for (const storey of [...house.storeys].reverse()) {
    const top = at;
    for (const room of [...storey].reverse()) {
      const height = isDivided(room) ? BOX_HEIGHT + floorsOf(room).length * FLOOR_HEIGHT + 4 : BOX_HEIGHT;
      // lines to higher rooms stand nearer, so that none is crossed where it arrives
      const nth = placed.length;
      const color = COLORS[(count - 1 - nth) % COLORS.length]!;
      placed.push({ room, color, top: at, height, rail: RAIL_FIRST + nth * step });
      at += height + ROOM_GAP;
    }
    storeys.unshift({ top, bottom: at - ROOM_GAP });
    at += STOREY_GAP - ROOM_GAP;
  }
  return { placed, storeys, height: at - STOREY_GAP + FOOT };
}

function box({ room, color, top, height }: Placed): readonly string[] {
  const { name, parts } = room;
  const rows = isDivided(room) ? floorsOf(room) : [];
  return [
    `<g class="room" data-room="${escaped(name)}">`,
    `<rect x="${BOX_LEFT}" y="${top}" width="${BOX_WIDTH}" height="${height}" rx="7" class="box" stroke="${color}"/>`,
    `<path d="M${BOX_LEFT + 7} ${top}h-1a6 6 0 0 0-6 6v${height - 12}a6 6 0 0 0 6 6h1z" fill="${color}"/>`,
    `<text x="${BOX_LEFT + 20}" y="${top + 25}" class="name" fill="${color}">${escaped(name)}</text>`,
    `<text x="${BOX_RIGHT - 14}" y="${top + 25}" class="size end">${sizeOf(parts)}</text>`,
    `<text x="${BOX_LEFT + 20}" y="${top + 45}" class="purpose">${escaped(PURPOSES[name] ?? "")}</text>`,
    ...rows.flatMap((row, index) => floor(row, top + BOX_HEIGHT + index * FLOOR_HEIGHT, color)),
    "</g>",
  ];
}

/** The parts of a room that are on one floor of it, side by side. */
function floor(parts: readonly Part[], top: number, color: string): readonly string[] {
  const inner = BOX_WIDTH - 20 - 14;
  const width = Math.floor((inner - 6 * (parts.length - 1)) / parts.length);
  return parts.flatMap((part, index) => {
    const left = BOX_LEFT + 20 + index * (width + 6);
    const name = part.name.slice(part.name.indexOf("/") + 1);
    return [
      `<g class="part" data-part="${escaped(part.name)}" data-floor="${part.floor}">`,
      `<rect x="${left}" y="${top}" width="${width}" height="${FLOOR_HEIGHT - 6}" rx="4" class="shade" fill="${color}"/>`,
      `<text x="${left + 10}" y="${top + 17}" class="part-name">${escaped(name)}</text>`,
      `<text x="${left + width - 10}" y="${top + 17}" class="size end">${part.files} · ${grouped(part.lines)}</text>`,
      "</g>",
    ];
  });
}

/** Beside a room whose parts are shown, above its lower edge. */
function legend(bottom: number): readonly string[] {
  const words = [
    "Each row is a floor of its own: a part imports",
    "what is in its row or below.",
    "The two numbers are its files and its lines.",
  ];
  const first = bottom - 6 - 19 * (words.length - 1);
  return words.map((line, nth) => `<text x="${BOX_RIGHT + 24}" y="${first + 19 * nth}" class="note">${line}</text>`);
}

function storey({ top, bottom }: Plan["storeys"][number], number: number): readonly string[] {
  const height = bottom - top + 16;
  return [
    `<rect x="${MARGIN}" y="${top - 8}" width="${WIDTH - 2 * MARGIN}" height="${height}" rx="9" fill="#f4f5f2"/>`,
    `<text x="${MARGIN + 24}" y="${(top + bottom) / 2 + 6}" class="storey middle">${number}</text>`,
  ];
}

/** From a room to the farthest of the lines that its imports go along. */
function leaving({ top }: Placed, rails: readonly number[]): readonly string[] {
  if (rails.length === 0) return [];
  return [`<path d="M${BOX_RIGHT} ${top + LEAVES}H${Math.max(...rails)}" stroke="#b9bdb4" stroke-width="1.2"/>`];
}

/** The line to a room: from those that import it down to where it arrives. */
function rail(target: Placed, sources: readonly Placed[]): readonly string[] {
  const arrives = target.top + ARRIVES;
  const leaves = sources.map(({ top }) => top + LEAVES);
  const [from, to] = [Math.min(arrives, ...leaves), Math.max(arrives, ...leaves)];
  const { rail: x, color } = target;
  const name = target.room.name.split("/").at(-1)!;
  return [
    `<path d="M${x} ${from}V${to}M${x} ${arrives}H${BOX_RIGHT + 8}" fill="none" stroke="${color}" stroke-width="1.6"/>`,
    `<path d="M${BOX_RIGHT + 1} ${arrives}l9 -4.5v9z" fill="${color}"/>`,
    `<text x="${x}" y="${from - 15}" class="to middle" fill="${color}">${escaped(name)}</text>`,
  ];
}

function pill(from: Placed, to: Placed, imports: number): readonly string[] {
  const text = grouped(imports);
  const width = 14 + 7 * text.length;
  const x = to.rail;
  const y = from.top + LEAVES;
  return [
    `<g class="arrow" data-from="${escaped(from.room.name)}" data-to="${escaped(to.room.name)}">`,
    `<title>${escaped(from.room.name)} imports ${escaped(to.room.name)}: ${text}</title>`,
    `<rect x="${x - width / 2}" y="${y - 9}" width="${width}" height="18" rx="9" class="box" stroke="${to.color}"/>`,
    `<text x="${x}" y="${y + 4}" class="count middle" fill="${to.color}">${text}</text>`,
    "</g>",
  ];
}

/** The same house makes the same text. */
export function drawHouse(house: House): string {
  const { placed, storeys, height } = place(house);
  const at = new Map(placed.map((each) => [each.room.name, each]));
  const arrows = house.arrows.map(({ from, to, imports }) => ({ from: at.get(from)!, to: at.get(to)!, imports }));
  const sourcesOf = (target: Placed): readonly Placed[] =>
    arrows.filter(({ to }) => to === target).map(({ from }) => from);
  const railsOf = (source: Placed): readonly number[] =>
    arrows.filter(({ from }) => from === source).map(({ to }) => to.rail);
  const ground = height - FOOT + 12;
  const body = [
    ...storeys.flatMap(storey),
    `<path d="M${MARGIN} ${ground}H${WIDTH - MARGIN}" stroke="#8b8f86" stroke-width="3"/>`,
    ...placed.flatMap((source) => leaving(source, railsOf(source))),
    ...placed.flatMap((target) => (sourcesOf(target).length > 0 ? rail(target, sourcesOf(target)) : [])),
    ...arrows.flatMap(({ from, to, imports }) => pill(from, to, imports)),
    ...placed.flatMap(box),
    ...placed.filter(({ room }) => isDivided(room)).flatMap(({ top, height }) => legend(top + height)),
    `<text x="${MARGIN}" y="40" class="title">The rooms, from the ground up</text>`,
    `<text x="${MARGIN}" y="62" class="note">${RULE}</text>`,
    `<text x="${MARGIN}" y="${height - 16}" class="note">Made from the code's own imports: npx sandogh map.</text>`,
  ];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    "<title>The rooms of the project, and what imports what</title>",
    "<style>",
    'text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; font-size: 12px }',
    ".title { font-size: 21px; font-weight: 600; fill: #23261f } .note { fill: #666b62 }",
    ".storey { font-size: 17px; fill: #a3a79d } .name { font-size: 16px; font-weight: 600 } .purpose { fill: #555a51 }",
    ".size { font-size: 11.5px; fill: #7b8077 } .part-name { font-size: 12.5px }",
    ".middle { text-anchor: middle } .end { text-anchor: end } .shade { fill-opacity: 0.09 }",
    ".box { fill: #fff; stroke-width: 1.4 }",
    ".to { font-size: 10.5px; font-weight: 600 } .count { font-size: 11.5px; font-weight: 600 }",
    "</style>",
    `<rect width="${WIDTH}" height="${height}" fill="#fdfdfb"/>`,
    '<g fill="#3c403a">',
    ...body,
    "</g>",
    "</svg>",
  ].join("\n")}\n`;
}

/**
 * What a picture says of rooms, parts and arrows, one line each; how many files, lines and imports there are is left
 * out.
 */
export function saidBy(svg: string): readonly string[] {
  const found = (pattern: RegExp, say: (...groups: readonly string[]) => string): string[] =>
    [...svg.matchAll(pattern)].map((match) => say(...match.slice(1)));
  return [
    ...found(/data-room="([^"]+)"/g, (room) => `room ${room}`),
    ...found(/data-part="([^"]+)" data-floor="(\d+)"/g, (part, number) => `${part} on floor ${number}`),
    ...found(/data-from="([^"]+)" data-to="([^"]+)"/g, (from, to) => `${from} -> ${to}`),
  ];
}
