// The icons' numbers in the atlas (face 255). Their outlines are in office/text/icons.ts. An icon's origin is its top
// left corner.

/** Radii of the rounded corners that boxes have; a disc of each is an icon, of which a corner shows a quarter. */
export const radii = [2, 4, 5, 6, 8, 9, 10, 12, 15, 21, 22, 24, 80] as const;
export type Radius = (typeof radii)[number];

export function discIcon(radius: Radius): number {
  return 1000 + radius;
}

export const ringSegments = 24;
export function ringIcon(segment: number): number {
  return 2000 + segment;
}

export const icons = {
  "arrow-left": 1,
  "arrow-right": 2,
  "triangle-up": 3,
  "triangle-down": 4,
  check: 5,
  "check-large": 6,
  "warning-fill": 7,
  "warning-line": 8,
  "notice-small": 9,
  "radio-off": 10,
  "card-fill": 11,
  "card-line": 12,
  "card-chip": 13,
  "card-chip-line": 14,
  "card-text": 15,
  "card-arrow": 16,
  "paper-fill": 17,
  "paper-line": 18,
  "notice-fill": 19,
  "notice-line": 20,
  "check-small": 21,
  display: 22,
  help: 23,
} as const;

export type IconName = keyof typeof icons;
