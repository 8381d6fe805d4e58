// Photos of candidates, a few at a time: read from the package when they are shown, kept behind the package's glyphs,
// where the blender finds them.

import { photoLengthMax } from "../../firmware/election/layout.js";
import type { ElectionPackage, PhotoId } from "../../firmware/election/types.js";

/** More than one screen shows. */
export const photosKept = 16;
export const photosLength = photosKept * photoLengthMax;

export class Photos {
  readonly #pack: Pick<ElectionPackage, "photo">;
  readonly #bytes: Uint8Array;
  readonly #first: number;
  /** Which photo is in each place, the one used last at the end. */
  readonly #places = new Map<PhotoId, number>();

  /** `bytes` has room for `photosLength` from `first` on. */
  constructor(pack: Pick<ElectionPackage, "photo">, bytes: Uint8Array, first: number) {
    this.#pack = pack;
    this.#bytes = bytes;
    this.#first = first;
  }

  /** Where the photo's mask is. */
  mask(id: PhotoId): number {
    const known = this.#places.get(id);
    const place = known ?? this.#free();
    // used last
    this.#places.delete(id);
    this.#places.set(id, place);
    const at = this.#first + place * photoLengthMax;
    if (known === undefined) this.#bytes.set(this.#pack.photo(id), at);
    return at;
  }

  /** Nothing stays of whom somebody looked at. */
  forget(): void {
    this.#places.clear();
    this.#bytes.fill(0, this.#first);
  }

  #free(): number {
    if (this.#places.size < photosKept) return this.#places.size;
    const [oldest, place] = this.#places.entries().next().value!;
    this.#places.delete(oldest);
    return place;
  }
}
