// What somebody with a chip programmer can try against what is stored of the ballots, on a real terminal process, both
// media alike: a fault of one of them is mended from the other (test/vault/tamper.test.ts has every place and bit).

import test from "ava";
import { isFilledWith } from "../../firmware/bytes.js";
import { shortElection as election } from "../support/short-election.js";
import { Scene } from "../support/scene.js";
import { answered } from "./catalogue.js";
import { type Images, Programmer, imagesOf, media, putBack, started } from "./support.js";

interface Voted {
  readonly scene: Scene;
  readonly whole: Images;
  readonly programmer: Programmer;
  /** Addresses of the ballots' slots. */
  readonly slots: readonly number[];
  /** Of one that is not used. */
  readonly free: number;
  readonly slotLength: number;
}

/** Three ballots, and the power is off. */
async function voted(t: Parameters<typeof Scene.open>[0], seed: string): Promise<Voted> {
  const scene = await Scene.open(t, { seed, election });
  for (let i = 0; i < 3; i++) await scene.people.vote(await scene.card(), scene.intentions());
  scene.station.powerOff();
  const programmer = new Programmer(scene.station);
  const { slotLength, store } = programmer.layout;
  const whole = imagesOf(scene.station);
  const all = Array.from({ length: store.length / slotLength }, (_, i) => store.address + i * slotLength);
  const slots = all.filter((at) => !isFilledWith(whole.a.subarray(at, at + slotLength), 0xff));
  return { scene, whole, programmer, slots, free: all.find((at) => !slots.includes(at))!, slotLength };
}

test("a record in a free slot as well, and two in each other's place: S-02", async (t) => {
  const { scene, whole, programmer, slots, free, slotLength } = await voted(t, "stored");
  t.is(slots.length, 3);
  const [one, other] = slots as [number, number, number];
  const record = (at: number): Uint8Array => whole.a.slice(at, at + slotLength);
  programmer.set(free, record(one));
  answered(t, "record-copied", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, whole);
  programmer.set(one, record(other));
  programmer.set(other, record(one));
  answered(t, "records-exchanged", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, whole);
  t.is(await started(scene), "polls open, idle");
});

test("every spent mark erased, or one of them: S-02, and the card does not vote again", async (t) => {
  const { scene, whole, programmer } = await voted(t, "spent");
  const { spent } = programmer.layout;
  programmer.fill(spent.address, spent.length, 0xff);
  answered(t, "spent-mark-erased", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, whole);
  const first = whole.a.findIndex((byte, at) => at >= spent.address && byte !== 0xff);
  t.true(first < spent.address + spent.length);
  programmer.fill(first & ~15, 16, 0xff);
  answered(t, "spent-mark-erased", await started(scene));
});

test("the loading statement of another terminal of this election, which is rightly made and signed: S-14", async (t) => {
  const { scene, whole, programmer } = await voted(t, "loading");
  const { loading } = programmer.layout;
  const other = await Scene.off(t, { seed: "loading", device: "another terminal", election });
  await other.people.start();
  other.station.powerOff();
  const theirs = other.station.chips.a.cells.slice(loading.address, loading.address + loading.length);
  t.notDeepEqual(theirs, whole.a.slice(loading.address, loading.address + loading.length));
  for (const name of media) scene.station.chips[name].cells.set(theirs, loading.address);
  answered(t, "loading-exchanged", await started(scene));
});
