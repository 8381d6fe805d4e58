// The display: rectangles of RGB565 onto a canvas, and the mouse, a pen or fingers as touches.

const contactsMax = 10;

/** Every RGB565 value as a canvas pixel. */
const colors = new Uint32Array(65536);
for (let value = 0; value < 65536; value++) {
  const red = value >> 11;
  const green = (value >> 5) & 63;
  const blue = value & 31;
  colors[value] =
    0xff000000 | (((blue << 3) | (blue >> 2)) << 16) | (((green << 2) | (green >> 4)) << 8) | ((red << 3) | (red >> 2));
}

export class Display {
  #canvas;
  #context;
  #send;
  /** Which contact each pointer is. */
  #contacts = new Map();

  constructor(canvas, send) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#send = send;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
      canvas.addEventListener(name, (event) => this.#up(event));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** A binary message: see sim/bench/picture.ts. */
  draw(view) {
    const [x, y, width, height] = [2, 4, 6, 8].map((at) => view.getUint16(at));
    if (width === 0 || height === 0) return;
    const image = this.#context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = colors[view.getUint16(10 + 2 * i, true)];
    this.#context.putImageData(image, x, y);
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    const place = (value, length, max) => Math.min(max - 1, Math.max(0, Math.floor((value / length) * max)));
    return { x: place(event.clientX - box.left, box.width, 1024), y: place(event.clientY - box.top, box.height, 600) };
  }

  #down(event) {
    if (event.button !== 0 || this.#contacts.has(event.pointerId)) return;
    const taken = new Set([...this.#contacts.values()].map((each) => each.contact));
    let contact = 0;
    while (taken.has(contact)) contact++;
    if (contact >= contactsMax) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#contacts.set(event.pointerId, { contact, ...at });
    this.#send({ do: "touch", contact, phase: "down", ...at });
  }

  #move(event) {
    const held = this.#contacts.get(event.pointerId);
    if (held === undefined) return;
    const at = this.#at(event);
    if (at.x === held.x && at.y === held.y) return;
    Object.assign(held, at);
    this.#send({ do: "touch", contact: held.contact, phase: "move", ...at });
  }

  #up(event) {
    const held = this.#contacts.get(event.pointerId);
    if (held === undefined) return;
    this.#contacts.delete(event.pointerId);
    this.#send({
      do: "touch",
      contact: held.contact,
      phase: "up",
      ...(event.type === "pointerup" ? this.#at(event) : { x: held.x, y: held.y }),
    });
  }
}
