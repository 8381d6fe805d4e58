// The icons' outlines, and the masks they become. Paths are SVG, y downwards, in pixels of the screen.

import { type IconName, type Radius, discIcon, icons, radii, ringIcon, ringSegments } from "../../ui/render/icons.js";
import { type GlyphMask, rasterisePath } from "./rasterise.js";

interface Outline {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly stroke?: number;
}

/** A card seen at a slight turn, 164 x 116, as the picture of the idle screen has it. */
function turned(points: readonly (readonly [number, number])[], degrees = -8): string {
  const angle = (degrees * Math.PI) / 180;
  const [centerX, centerY] = [82, 60];
  return points
    .map(([x, y], i) => {
      const turnedX = centerX + x * Math.cos(angle) - y * Math.sin(angle);
      const turnedY = centerY + x * Math.sin(angle) + y * Math.cos(angle);
      return `${i === 0 ? "M" : "L"}${turnedX.toFixed(2)} ${turnedY.toFixed(2)}`;
    })
    .join("");
}

function roundedRectangle(
  left: number,
  top: number,
  right: number,
  bottom: number,
  radius: number,
): [number, number][] {
  const points: [number, number][] = [];
  const corners = [
    [right - radius, top + radius, -90],
    [right - radius, bottom - radius, 0],
    [left + radius, bottom - radius, 90],
    [left + radius, top + radius, 180],
  ] as const;
  for (const [x, y, from] of corners)
    for (let step = 0; step <= 8; step++) {
      const angle = ((from + step * 11.25) * Math.PI) / 180;
      points.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
    }
  return points;
}

const card = `${turned(roundedRectangle(-75, -46, 75, 46, 11))}Z`;
const chip = `${turned(roundedRectangle(-58, -26, -24, 2, 6))}Z`;
const paper = "M4 4H92V108L81 99L70 108L59 99L48 108L37 99L26 108L15 99L4 108Z";
const triangle = "M62 8L118 106H6Z";

const outlines: Record<IconName, Outline> = {
  "arrow-left": { path: "M2 12L11 3L13.5 5.5L8.8 10.2H26V13.8H8.8L13.5 18.5L11 21Z", width: 28, height: 24 },
  "arrow-right": { path: "M26 12L17 3L14.5 5.5L19.2 10.2H2V13.8H19.2L14.5 18.5L17 21Z", width: 28, height: 24 },
  "triangle-up": { path: "M12 3L22 20H2Z", width: 24, height: 24 },
  "triangle-down": { path: "M12 21L22 4H2Z", width: 24, height: 24 },
  check: { path: "M4 13L10 19L21 6", width: 26, height: 26, stroke: 4 },
  "check-small": { path: "M3 11L8 16L17 5", width: 20, height: 20, stroke: 3.4 },
  "check-large": { path: "M7 48L34 75L83 20", width: 90, height: 92, stroke: 15 },
  "warning-fill": { path: triangle, width: 124, height: 112 },
  "warning-line": { path: `${triangle}M62 44V76M62 84V94`, width: 124, height: 112, stroke: 7 },
  "notice-fill": { path: "M60 6A54 54 0 1 1 60 114A54 54 0 1 1 60 6Z", width: 120, height: 120 },
  "notice-line": {
    path: "M60 6A54 54 0 1 1 60 114A54 54 0 1 1 60 6ZM60 52V90M60 30V42",
    width: 120,
    height: 120,
    stroke: 7,
  },
  "notice-small": { path: "M16 3L30 28H2ZM16 12V20M16 23V25.5", width: 32, height: 32, stroke: 2.6 },
  // a disc, half of it empty
  display: { path: "M12 0A12 12 0 1 1 12 24A12 12 0 1 1 12 0ZM12 3A9 9 0 0 0 12 21Z", width: 24, height: 24 },
  help: { path: "M5.5 8A6.5 6.5 0 1 1 12 13.5V17M12 20V23.5", width: 24, height: 24, stroke: 3.4 },
  "radio-off": { path: "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2ZM4.4 15.6L15.6 4.4", width: 20, height: 20, stroke: 2 },
  "card-fill": { path: card, width: 164, height: 120 },
  "card-line": { path: card, width: 164, height: 120, stroke: 5 },
  "card-chip": { path: chip, width: 164, height: 120 },
  "card-chip-line": { path: chip, width: 164, height: 120, stroke: 3 },
  "card-text": {
    path: `${turned([
      [0, 16],
      [54, 16],
    ])}${turned([
      [0, 30],
      [34, 30],
    ])}`,
    width: 164,
    height: 120,
    stroke: 5,
  },
  "card-arrow": { path: "M15 0V22M4 13L15 25L26 13", width: 30, height: 32, stroke: 7 },
  "paper-fill": { path: paper, width: 96, height: 112 },
  "paper-line": { path: `${paper}M22 28H74M22 46H74M22 64H56`, width: 96, height: 112, stroke: 5 },
};

function mask({ path, width, height, stroke }: Outline): GlyphMask {
  return rasterisePath(
    path,
    { left: 0, top: 0, right: width, bottom: height },
    stroke === undefined ? {} : { strokeWidth: stroke },
  );
}

function disc(radius: Radius): GlyphMask {
  return mask({
    path: `M${radius} 0A${radius} ${radius} 0 1 1 ${radius} ${2 * radius}A${radius} ${radius} 0 1 1 ${radius} 0Z`,
    width: 2 * radius,
    height: 2 * radius,
  });
}

/** In pieces: a pixel on the outer edge. */
const ringOverlap = ringSegments / (2 * Math.PI * 89);

/**
 * One piece of a ring of 178 pixels, the first at the top, clockwise; as large as the whole ring, so that all have one
 * place.
 */
function ringPiece(segment: number): GlyphMask {
  const [outer, inner, center] = [89, 71, 89];
  const point = (radius: number, part: number) => {
    const angle = (part / ringSegments) * 2 * Math.PI - Math.PI / 2;
    return [center + radius * Math.cos(angle), center + radius * Math.sin(angle)] as const;
  };
  // it reaches under the next one, or the edges of both would let the ground through
  const end = segment + 1 + ringOverlap;
  const [a, b, c, d] = [point(outer, segment), point(outer, end), point(inner, end), point(inner, segment)];
  const xs = [a, b, c, d].map(([x]) => x);
  const ys = [a, b, c, d].map(([, y]) => y);
  // an arc bulges beyond its ends by less than 3 pixels here
  const box = {
    left: Math.floor(Math.min(...xs)) - 3,
    right: Math.ceil(Math.max(...xs)) + 3,
    top: Math.floor(Math.min(...ys)) - 3,
    bottom: Math.ceil(Math.max(...ys)) + 3,
  };
  return rasterisePath(
    `M${a.join(" ")}A${outer} ${outer} 0 0 1 ${b.join(" ")}L${c.join(" ")}A${inner} ${inner} 0 0 0 ${d.join(" ")}Z`,
    box,
  );
}

/** Every icon by its number. */
export function iconMasks(): Map<number, GlyphMask> {
  const all = new Map<number, GlyphMask>();
  for (const name of Object.keys(icons) as IconName[]) all.set(icons[name], mask(outlines[name]));
  for (const radius of radii) all.set(discIcon(radius), disc(radius));
  for (let segment = 0; segment < ringSegments; segment++) all.set(ringIcon(segment), ringPiece(segment));
  return all;
}
