// The paper in the printer's window: row by row as it is printed; what is cut falls into the box.

const dots = 576;
const rowBytes = dots / 8;
/** Rows that stay between the cutter and the head when the rest is cut off. */
const stubRows = 96;
const rowsAtOnce = 512;
const stampMs = 2200;
const fallMs = 1000;

export class Paper {
  #window;
  #strip;
  #canvas;
  /** Every dot of the slip; what is shown is drawn from it in the size of the screen. */
  #dots = document.createElement("canvas");
  #dotContext;
  #slip = undefined;
  #rows = 0;

  constructor(window, strip, canvas) {
    this.#window = window;
    this.#strip = strip;
    this.#canvas = canvas;
    this.#dots.width = dots;
    this.#dots.height = rowsAtOnce;
    this.#dotContext = this.#dots.getContext("2d", { alpha: false, willReadFrequently: true });
    new ResizeObserver(() => this.#show()).observe(strip);
  }

  /** A binary message: see sim/bench/picture.ts. */
  take(view) {
    const slip = view.getUint16(2);
    const first = view.getUint32(4);
    const rows = (view.byteLength - 8) / rowBytes;
    if (slip !== this.#slip || first === 0) {
      if (this.#slip !== undefined && slip !== this.#slip && this.#rows > stubRows) this.#drop();
      this.#slip = slip;
      this.#rows = 0;
    }
    if (rows > 0) {
      this.#grow(first + rows);
      const image = this.#dotContext.createImageData(dots, rows);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < rows * rowBytes; i++) {
        const bits = view.getUint8(8 + i);
        for (let bit = 0; bit < 8; bit++) pixels[8 * i + bit] = (bits & (0x80 >> bit)) !== 0 ? 0xff140f0b : 0xffffffff;
      }
      this.#dotContext.putImageData(image, 0, first);
      this.#rows = first + rows;
    }
    this.#show();
  }

  /** What the slip that fell says, over the window for a moment. */
  stamp(mark) {
    if (mark === "none") return;
    const stamp = document.createElement("p");
    stamp.className = `stamp ${mark}`;
    stamp.textContent = mark.toUpperCase();
    this.#window.append(stamp);
    setTimeout(() => stamp.remove(), stampMs);
  }

  /**
   * Room for so many rows: a canvas that changes its size forgets its picture, so it grows in steps and keeps a copy.
   */
  #grow(rows) {
    if (rows <= this.#dots.height) return;
    const old = this.#rows === 0 ? undefined : this.#dotContext.getImageData(0, 0, dots, this.#rows);
    this.#dots.height = Math.ceil(rows / rowsAtOnce) * rowsAtOnce;
    if (old !== undefined) this.#dotContext.putImageData(old, 0, 0);
  }

  #show() {
    const scale = this.#strip.clientWidth / dots;
    this.#strip.style.height = `${this.#rows * scale}px`;
    this.#paint(this.#canvas, scale * window.devicePixelRatio);
  }

  #paint(canvas, scale) {
    canvas.width = Math.max(1, Math.round(dots * scale));
    canvas.height = Math.max(1, Math.round(this.#rows * scale));
    if (this.#rows === 0) return;
    const context = canvas.getContext("2d", { alpha: false });
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#dots, 0, 0, dots, this.#rows, 0, 0, canvas.width, canvas.height);
  }

  #drop() {
    const falling = this.#strip.cloneNode(false);
    falling.removeAttribute("id");
    falling.style.height = this.#strip.style.height;
    const copy = document.createElement("canvas");
    this.#paint(copy, (this.#strip.clientWidth / dots) * window.devicePixelRatio);
    falling.append(copy);
    this.#window.append(falling);
    falling.getBoundingClientRect();
    falling.classList.add("falling");
    setTimeout(() => falling.remove(), fallMs);
  }
}
