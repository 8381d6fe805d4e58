// The count needs both offices. What two cards of one office come to, at a real terminal: as they are, and with a card
// that says it is of the other, with which the terminal counted before (commit 3161aaa).

import { answered } from "./catalogue.js";
import test from "ava";
import { messages } from "../../firmware/messages.js";
import { recoverKey, sharesOfTestCards } from "../../office/tally/recover.js";
import { resultsInImage } from "../../office/tally/image.js";
import { Scene } from "../support/scene.js";
import { shortElection } from "../support/short-election.js";

const second = 1_000_000;

/** The executive's card begins the count; the second official is waited for. */
async function begin({ people, lift }: { readonly people: Scene["people"]; readonly lift: () => void }): Promise<void> {
  await people.until("idle");
  await people.firstOfficial("count");
  await people.until("official-second");
  lift();
  await people.wait(second);
}

test(`two executives' cards: "${messages["O-04"].en.title}"; one that claims to be the supervision's: "${messages["O-11"].en.title}"`, async (t) => {
  const scene = await Scene.open(t, { seed: "one office", election: shortElection });
  const { station, people } = scene;
  const { crypto, keys } = station;
  const card = await scene.card();
  await people.vote(card, scene.intentions());
  await people.officials("close", () => scene.polls === "closed");

  const lift = (): void => scene.lift();
  await begin({ people, lift });
  people.hold(station.official("deputy"));
  await people.wait(5 * second);
  // no PIN is asked for: the screen goes on asking for the other official's card (test/session/officials.test.ts)
  t.is(people.screen, "official-second");
  lift();
  await people.wait(second);

  // whoever personalises cards has given the deputy's a certificate of the supervision's: its share stays the
  // executive's
  await people.showOfficial("supervision", station.anotherOfficial("mislabelled"));
  answered(t, "two-cards-of-one-office", await people.until("official-result", "refused", "out-of-service"));
  lift();

  const { election } = station;
  t.is(
    resultsInImage(crypto, election, election.terminals[0]!, station.chips.a.cells),
    undefined,
    "nothing was counted",
  );
  // nor elsewhere, with the escrow besides
  const { executive, deputy } = keys.officials;
  const loading = station.loading!;
  const shares = sharesOfTestCards(crypto, loading, [executive, deputy]);
  t.is(shares.length, 2);
  t.false(recoverKey(crypto, loading, keys.escrow, shares).ok);
});
