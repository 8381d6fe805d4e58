// The picture that the terminal shares with the harness; the cable carries what has changed.

import { Channel, DisplayOp } from "../cable.js";
import { displaySize, displayWrite, send } from "./world.js";
import { RectangleDisplay } from "../rectangle-display.js";

export class CableDisplay extends RectangleDisplay {
  constructor() {
    const size = displaySize();
    super({
      width: Math.floor(size / 65536),
      height: size % 65536,
      write: displayWrite,
      done: (...words) =>
        send(Channel.display, DisplayOp.rect, 0, Uint8Array.from(words.flatMap((word) => [word & 0xff, word >>> 8]))),
    });
  }
}
