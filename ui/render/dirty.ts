// Rectangles of the screen that are to be drawn again.

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rectangles for one picture; more are joined into one. */
export const rectanglesMax = 16;

/** Overlapping ones become one, so that no pixel is drawn twice. */
export class Dirty {
  readonly #width: number;
  readonly #height: number;
  rectangles: Rectangle[] = [];

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** The part of it that is on the screen. */
  add(left: number, top: number, right: number, bottom: number): void {
    let x = Math.max(left, 0);
    let y = Math.max(top, 0);
    let toX = Math.min(right, this.#width);
    let toY = Math.min(bottom, this.#height);
    if (x >= toX || y >= toY) return;
    const { rectangles } = this;
    for (let i = 0; i < rectangles.length; ) {
      const each = rectangles[i]!;
      const eachToX = each.x + each.width;
      const eachToY = each.y + each.height;
      if (each.x <= x && each.y <= y && eachToX >= toX && eachToY >= toY) return;
      if ((each.x < toX && x < eachToX && each.y < toY && y < eachToY) || rectangles.length >= rectanglesMax) {
        x = Math.min(x, each.x);
        y = Math.min(y, each.y);
        toX = Math.max(toX, eachToX);
        toY = Math.max(toY, eachToY);
        rectangles.splice(i, 1);
        // the larger one may reach those that were passed over
        i = 0;
      } else i++;
    }
    rectangles.push({ x, y, width: toX - x, height: toY - y });
  }

  all(): void {
    this.rectangles = [{ x: 0, y: 0, width: this.#width, height: this.#height }];
  }
}
