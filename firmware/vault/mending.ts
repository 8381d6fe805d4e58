// What a start finds missing or harmed on one medium while the other has it whole, and how it is put back. Everything
// keeps its place. Cells that are only missing are programmed; a block in which a cell is 0 that must be 1 is erased
// and written anew.

import { isProgrammable } from "../bytes.js";
import { type Result, ok } from "../result.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";

/** What is to stand at an address of a medium. */
interface Want {
  readonly medium: Medium;
  readonly address: number;
  readonly whole: Uint8Array;
}

/** Whole bytes for a block that is about to be erased on this medium. */
export type BlockImage = (medium: Medium, block: number) => Result<Uint8Array, MediumFault>;

export class Mending {
  readonly #media: Media;
  #wants: Want[] = [];

  constructor(media: Media) {
    this.#media = media;
  }

  want(medium: Medium, address: number, whole: Uint8Array): void {
    this.#wants.push({ medium, address, whole: whole.slice() });
  }

  get isNeeded(): boolean {
    return this.#wants.length > 0;
  }

  /**
   * Programs first: nothing is erased while something else could be made whole without it. How many blocks were erased.
   */
  run(imageOf: BlockImage): Result<number, MediumFault> {
    const { blockLength } = this.#media.geometry;
    const blocks = new Map<string, { readonly medium: Medium; readonly block: number }>();
    for (const { medium, address, whole } of this.#wants) {
      const cells = this.#media.read(medium, whole.length, address);
      if (!cells.ok) return cells;
      if (isProgrammable(cells.value, whole)) {
        const written = this.#media.programOne(medium, whole, address);
        if (written.ok) continue;
        if (written.error.what !== "verify") return written;
      }
      for (let block = Math.floor(address / blockLength); block * blockLength < address + whole.length; block++)
        blocks.set(`${medium} ${block}`, { medium, block });
    }
    this.#wants = [];
    for (const { medium, block } of blocks.values()) {
      const image = imageOf(medium, block);
      if (!image.ok) return image;
      const written = this.#media.rewriteBlock(medium, block, image.value);
      if (!written.ok) return written;
    }
    return ok(blocks.size);
  }
}
