// A count that takes more than one card of an office.

import test, { type ExecutionContext } from "ava";
import type { OfficialRole } from "../../firmware/election/types.js";
import { buildPackage } from "../../office/package/build.js";
import type { ShareHolder } from "../../office/package/keys.js";
import { officialsOf } from "../../office/package/officials.js";
import { resultsInImage } from "../../office/tally/image.js";
import { recoverKey, sharesOfTestCards } from "../../office/tally/recover.js";
import { parse } from "../package/support.js";
import { Scene } from "../support/scene.js";
import { shortElection } from "../support/short-election.js";

const second = 1_000_000;

/** A day of one vote, whose count takes two cards of the executive. */
async function closedForTwo(t: ExecutionContext, seed: string): Promise<Scene> {
  const scene = await Scene.off(t, { seed, election: shortElection });
  const { station, people } = scene;
  const officials = { ...officialsOf(station.keys), needed: { executive: 2, supervision: 1 } };
  await station.put(buildPackage(parse(shortElection), station.keys, undefined, officials));
  await people.start();
  await people.officials("open", () => scene.polls === "open");
  await people.vote(await scene.card(), scene.intentions());
  await people.officials("close", () => scene.polls === "closed");
  return scene;
}

const roleOf = (holder: ShareHolder): OfficialRole => (holder === "supervision" ? holder : "executive");

async function begin({ people, station }: Scene, holder: ShareHolder): Promise<void> {
  await people.showOfficial(roleOf(holder), station.official(holder));
  await people.until("official-menu");
  await people.press("next");
  await people.press("select");
}

function ballotsCounted({ station: { crypto, election, chips } }: Scene): number | undefined {
  return resultsInImage(crypto, election, election.terminals[0]!, chips.a.cells)?.results.ballots;
}

test("an office that the count needs two cards of gives two, in either order of the offices; the same card twice is one", async (t) => {
  for (const order of [
    ["executive", "deputy", "supervision"],
    ["supervision", "deputy", "executive"],
  ] as const) {
    const scene = await closedForTwo(t, `two of ${order[0]}`);
    const { station, people } = scene;
    await people.until("idle");
    await begin(scene, order[0]);
    for (const [nth, holder] of order.entries()) {
      if (nth === 0) continue;
      await people.until("official-second");
      scene.lift();
      await people.wait(second);
      // the one that has given its share, or whose office has given all of its
      people.hold(station.official(order[nth - 1]!));
      await people.wait(5 * second);
      t.is(people.screen, "official-second", "no PIN is asked for");
      scene.lift();
      await people.wait(second);
      await people.showOfficial(roleOf(holder), station.official(holder));
    }
    t.is(await people.until("official-result", "refused", "out-of-service"), "official-result", order.join());
    scene.lift();
    await people.until("idle");
    t.is(ballotsCounted(scene), 1);
    const loading = station.loading!;
    const { executive, deputy, supervision } = station.keys.officials;
    const recovered = (...cards: readonly (typeof executive)[]): boolean =>
      recoverKey(station.crypto, loading, station.keys.escrow, sharesOfTestCards(station.crypto, loading, cards)).ok;
    t.true(recovered(executive, deputy, supervision), "a dead terminal's too, with all three");
    t.false(recovered(executive, supervision));
    t.false(recovered(executive, deputy));
  }
});

test("one card of an office that the count needs two of, and its place is taken by the other office's: nothing is counted", async (t) => {
  const scene = await closedForTwo(t, "one of two");
  const { station, people } = scene;
  await people.until("idle");
  await begin(scene, "executive");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  people.hold(station.official("supervision"));
  await people.wait(5 * second);
  t.is(people.screen, "official-second", "the executive's second card is asked for first");
  scene.lift();
  // the count is given up, and begins anew
  await people.press("back");
  await people.until("idle");
  t.is(ballotsCounted(scene), undefined);
  await begin(scene, "supervision");
  await people.until("official-second");
});
