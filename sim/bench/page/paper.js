// The paper in the printer's window: row by row as it is printed; what is cut falls into the box.

const dots = 576;
const rowBytes = dots / 8;
/** Rows that stay between the cutter and the head when the rest is cut off. */
const stubRows = 96;
const rowsAtOnce = 512;
const stampMs = 1600;

export class Paper {
  #window;
  #strip;
  #canvas;
  #context;
  #slip = undefined;
  #rows = 0;

  constructor(window, strip, canvas) {
    this.#window = window;
    this.#strip = strip;
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
  }

  get rows() {
    return this.#rows;
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
      this.#grow(0);
    }
    if (rows === 0) return;
    this.#grow(first + rows);
    const image = this.#context.createImageData(dots, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < rows * rowBytes; i++) {
      const bits = view.getUint8(8 + i);
      for (let bit = 0; bit < 8; bit++) pixels[8 * i + bit] = (bits & (0x80 >> bit)) !== 0 ? 0xff140f0b : 0xffffffff;
    }
    this.#context.putImageData(image, 0, first);
    this.#rows = first + rows;
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

  /** Room for so many rows: a canvas that changes its size forgets its picture, so it grows in steps and keeps a copy. */
  #grow(rows) {
    const needed = Math.max(1, Math.ceil(rows / rowsAtOnce) * rowsAtOnce);
    if (rows === 0 || needed > this.#canvas.height) {
      const old = rows === 0 || this.#rows === 0 ? undefined : this.#context.getImageData(0, 0, dots, this.#rows);
      this.#canvas.height = needed;
      this.#context.fillStyle = "#fff";
      this.#context.fillRect(0, 0, dots, needed);
      if (old !== undefined) this.#context.putImageData(old, 0, 0);
    }
    this.#show();
  }

  #show() {
    const scale = this.#strip.clientWidth / dots;
    this.#strip.style.height = `${this.#rows * scale}px`;
    this.#strip.style.overflow = "hidden";
  }

  #drop() {
    const falling = this.#strip.cloneNode(false);
    falling.removeAttribute("id");
    const copy = document.createElement("canvas");
    copy.width = dots;
    copy.height = this.#rows;
    copy.getContext("2d").drawImage(this.#canvas, 0, 0);
    falling.append(copy);
    this.#window.append(falling);
    falling.getBoundingClientRect();
    falling.classList.add("falling");
    setTimeout(() => falling.remove(), 1000);
  }
}
