// Rectangles of the screen that are to be drawn again.

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rectangles for one picture; more are joined into one. */
export const rectanglesMax = 16;

/**
 * Pixels that are rather drawn in vain than that one more rectangle is sent: what a call to the display costs, on the
 * engine.
 */
export const sparePixelsMax = 24_000;

/** Overlapping ones become one, so that no pixel is drawn twice; so do neighbours. */
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
    let x = left < 0 ? 0 : left;
    let y = top < 0 ? 0 : top;
    let toX = right > this.#width ? this.#width : right;
    let toY = bottom > this.#height ? this.#height : bottom;
    if (x >= toX || y >= toY) return;
    const { rectangles } = this;
    for (let i = 0; i < rectangles.length; ) {
      const each = rectangles[i]!;
      const eachToX = each.x + each.width;
      const eachToY = each.y + each.height;
      if (each.x <= x && each.y <= y && eachToX >= toX && eachToY >= toY) return;
      const wholeX = x < each.x ? x : each.x;
      const wholeY = y < each.y ? y : each.y;
      const wholeToX = toX > eachToX ? toX : eachToX;
      const wholeToY = toY > eachToY ? toY : eachToY;
      if (
        (wholeToX - wholeX) * (wholeToY - wholeY) <=
          (toX - x) * (toY - y) + each.width * each.height + sparePixelsMax ||
        (each.x < toX && x < eachToX && each.y < toY && y < eachToY) ||
        rectangles.length >= rectanglesMax
      ) {
        x = wholeX;
        y = wholeY;
        toX = wholeToX;
        toY = wholeToY;
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
