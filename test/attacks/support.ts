// A person with a chip programmer: reads and writes every cell of both media while the terminal is off, knows the
// formats and whatever is public, and has no key.

import { concat, utf8, writeU32 } from "../../firmware/bytes.js";
import { cellLength } from "../../firmware/journal/journal.js";
import type { EventName } from "../../firmware/journal/events.js";
import { events } from "../../firmware/journal/events.js";
import { encodeAs, nullable, tuple, uint } from "../../firmware/cbor/shape.js";
import type { Layout } from "../../firmware/vault/layout.js";
import { layoutOfImage } from "../../office/tally/image.js";
import type { Station } from "../../sim/station.js";
import { type Scene, wallBase } from "../support/scene.js";

export const media = ["a", "b"] as const;
export type Images = Readonly<Record<"a" | "b", Uint8Array>>;
const chainLength = 16;
const second = 1_000_000;
const shape = tuple<[number, number, number | null, null]>(
  uint(255),
  uint(0xffff_ffff),
  nullable(uint(0xffff_ffff)),
  nullable(uint(0)) as never,
);

export function imagesOf({ chips }: Station): Images {
  return { a: chips.a.cells.slice(), b: chips.b.cells.slice() };
}

export function putBack({ chips }: Station, images: Images): void {
  for (const name of media) chips[name].cells.set(images[name]);
}

export class Programmer {
  readonly station: Station;
  readonly layout: Layout;

  constructor(station: Station) {
    this.station = station;
    this.layout = layoutOfImage(station.chips.a.cells, station.pack.election);
  }

  /** Puts the same on both media: erased cells and all. */
  set(address: number, bytes: Uint8Array): void {
    for (const name of media) this.station.chips[name].cells.set(bytes, address);
  }

  fill(address: number, length: number, value: 0 | 0xff): void {
    this.set(address, new Uint8Array(length).fill(value));
  }

  /** The index of the last cell of the journal that says this; throws when none does. */
  cellOf(event: EventName): number {
    const found = this.#cells().findLast(({ entry }) => eventOf(entry) === events[event].id);
    if (found === undefined) throw new Error(`no ${event} in the journal`);
    return found.index;
  }

  /** Bytes of the journal from this cell on become `value`. */
  cutOff(cell: number, value: 0 | 0xff): void {
    const { address } = this.layout.journal;
    const last = Math.max(...this.#cells().map(({ index }) => index));
    this.fill(address + cell * cellLength, (last + 1 - cell) * cellLength, value);
  }

  /** An entry behind the last one, with the chain that anybody can make from the entries. */
  append(...appended: readonly (readonly [EventName, number?])[]): void {
    const { station, layout } = this;
    const { crypto, terminalId, pack } = station;
    const number = new Uint8Array(4);
    writeU32(number, 0, terminalId);
    const hash = (...parts: readonly Uint8Array[]): Uint8Array => crypto.sha256(concat(...parts)).slice(0, chainLength);
    let chain = hash(utf8("sandogh journal"), pack.election.id, number);
    let next = 0;
    for (const { index, entry } of this.#cells()) {
      chain = hash(chain, entry);
      next = index + 1;
    }
    for (const [event, detail] of appended) {
      const entry = encodeAs([events[event].id, wallBase + 20_000, detail ?? null, null], shape);
      chain = hash(chain, entry);
      const cell = new Uint8Array(cellLength).fill(0xff);
      cell[0] = entry.length;
      cell.set(entry, 1);
      cell.set(chain, cellLength - chainLength);
      this.set(layout.journal.address + next++ * cellLength, cell);
    }
  }

  #cells(): { readonly index: number; readonly entry: Uint8Array }[] {
    const { address, length } = this.layout.journal;
    const { cells } = this.station.chips.a;
    return Array.from({ length: length / cellLength }, (_, index) => {
      const at = address + index * cellLength;
      return { index, entry: cells.slice(at + 1, at + 1 + cells[at]!) };
    }).filter(({ entry }) => entry.length > 0 && entry.length < cellLength);
  }
}

function eventOf(entry: Uint8Array): number {
  return entry[1] === 0x18 ? entry[2]! : entry[1]!;
}

/** Switches on, and says what officials see: "out of service: S-11 ..." or what the polls are. */
export async function started({ station, traces, people }: Scene): Promise<string> {
  traces.length = 0;
  await station.powerOn();
  await station.terminal.runUntil(station.clock.nowUs() + 5 * second);
  return (
    traces.find((line) => line.startsWith("out of service")) ??
    `${traces.findLast((line) => line.startsWith("polls ")) ?? "nothing"}, ${people.screen}`
  );
}
