// What somebody can try with cards and card readers. Real terminal and desk processes; each test says what its attacker
// holds, and its code has nothing else: what the package, the roll, the list of assignments and the cards in the
// attacker's own hands give, and software of the attacker's own. Before (549bc1e), the package held a key that made any
// number of cards, opened every card and locked it.

import { answered, held } from "./catalogue.js";
import test, { type ExecutionContext } from "ava";
import { type CardKind, signCard } from "../../firmware/access/certificate.js";
import { type Reader, Sessions } from "../../firmware/access/channel.js";
import { type DeskDeps, grant, reset } from "../../firmware/access/desk.js";
import { lock } from "../../firmware/access/activation.js";
import { certificateOf } from "../../firmware/access/identify-official.js";
import { provePin } from "../../firmware/access/official.js";
import { CARD_AID, INS_ANSWER, commandApdu } from "../../firmware/access/protocol.js";
import { type Right, claimedRight, signRight } from "../../firmware/access/right.js";
import { equalBytes, toHex } from "../../firmware/bytes.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { type Assignment, signAssignment } from "../../firmware/device/assignment.js";
import { openPackage } from "../../firmware/election/package.js";
import type { StyleId, TerminalId } from "../../firmware/election/types.js";
import { messages } from "../../firmware/messages.js";
import { type CardKeeps, issue } from "../../office/cards/issue.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { buildPackage } from "../../office/package/build.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { cardIn, testDeck } from "../../sim/deck.js";
import { ActivationCard, type Kept } from "../../sim/devices/activation-card.js";
import { type VirtualCard, inDeskReader } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { randomFrom } from "../support/serial-pair.js";
import { parse } from "../package/support.js";
import { Scene } from "../support/scene.js";
import { shortElection as election } from "../support/short-election.js";

const second = 1_000_000;
/** The attacker's own software and generator. */
const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(66) });
const style = 1 as StyleId;

async function opened(t: ExecutionContext, before: (scene: Scene) => void = () => {}): Promise<Scene> {
  const scene = await Scene.off(t, { seed: t.title, election });
  before(scene);
  await scene.people.start();
  await scene.people.officials("open", () => scene.polls === "open");
  return scene;
}

/** What the terminal shows for it; nothing is locked, cast or stopped. */
async function shown(scene: Scene, card: VirtualCard): Promise<string> {
  const { people } = scene;
  people.hold(card);
  const screen = await people.until("voting", "refused", "official-pin", "out-of-service");
  scene.lift();
  await people.wait(2 * second);
  return screen;
}

const code = (screen: string): string => screen.replace("refused ", "");
const title = (screen: string): string => messages[code(screen) as keyof typeof messages].en.title;

/** A card that the attacker has programmed; what it claims is up to the attacker. */
function made(kind: CardKind, keys: { readonly secretKey: Uint8Array }, change: Partial<CardKeeps> = {}): CardKeeps {
  const card = {
    ...{ kind, holder: kind, serial: 1, epoch: 1, station: 0, pin: "", authorityKey: new Uint8Array(32) },
    key: crypto.boxKeyPair(crypto.random(32)),
    ...change,
  };
  return { ...issue(crypto, card, keys.secretKey), ...change };
}

/** A card that believes any reader: the attacker's own does not ask who it is. */
class Gullible extends ActivationCard {
  static holding(keeps: CardKeeps, scene: Scene, kept?: Kept): Gullible {
    // its certificate checks are the terminal's matter: the authority's key is public
    const own = { ...keeps, authorityKey: scene.station.pack.election.authorityKey };
    return new Gullible({ crypto, keeps: own, ...(kept === undefined ? {} : { kept: stored(own, kept) }) });
  }
}

function stored({ serial, epoch }: CardKeeps, kept: Kept): unknown {
  const hex = Object.entries(kept).map(([name, value]): [string, unknown] => [
    name,
    value instanceof Uint8Array ? toHex(value) : value,
  ]);
  const { kind, ...rest } = Object.fromEntries(hex) as Record<string, unknown>;
  return { serial, epoch, state: kind, ...rest };
}

/** A desk that the attacker has made up: an assignment under a key of the attacker's own. */
function ownDesk(scene: Scene, change: Partial<Assignment> = {}): DeskDeps & { readonly assignment: Uint8Array } {
  const { reader, sign } = ownReader(scene, "identity", change);
  const { id, station } = scene.station.pack.election;
  const sessions = new Sessions(reader);
  return {
    ...{ crypto, sessions, election: id, station, signSecretKey: sign.secretKey },
    assignment: reader.assignment,
  };
}

function ownReader(scene: Scene, role: "ballot" | "identity", change: Partial<Assignment> = {}) {
  const { id, root, station, cards } = scene.station.pack.election;
  const [own, sign] = [crypto.signKeyPair(crypto.random(32)), crypto.signKeyPair(crypto.random(32))];
  const box = crypto.boxKeyPair(crypto.random(32));
  const place: Assignment = {
    ...{ root, serial: "ID-000005", signKey: sign.publicKey, boxKey: box.publicKey, station, role },
    ...{ number: 5 as TerminalId, election: id, epoch: cards.epoch },
    stationKey: new Uint8Array(role === "ballot" ? 80 : 0),
    ...change,
  };
  const reader: Reader = { crypto, box, assignment: signAssignment(crypto, place, own.secretKey), rules: cards };
  return { reader, sign };
}

const refused = { ok: false, error: { kind: "refused" } } as const;

test(`forged cards from the package file alone: the attacker holds election.pkg and assignments.cbor; "${messages["C-02"].en.title}"`, async (t) => {
  const scene = await opened(t);
  const { packageBytes, assignmentsBytes, pack } = scene.station;
  // every 32 bytes of both files as the issuer's and as the desk's secret
  const rules = openPackage(packageFlash(packageBytes), 0, crypto, pack.election.authorityKey);
  if (!rules.ok) return t.fail(rules.error.code);
  const { issuerKey } = rules.value.election.cards;
  let tried = 0;
  for (const file of [packageBytes.subarray(0, 16_384), assignmentsBytes])
    for (let at = 0; at + 32 <= file.length; at++, tried++)
      if (equalBytes(crypto.signKeyPair(file.slice(at, at + 32)).publicKey, issuerKey)) t.fail("the issuer's secret");
  t.true(tried > 10_000);
  // and with keys of one's own
  const own = crypto.signKeyPair(crypto.random(32));
  for (let i = 0; i < 3; i++) {
    const card = Gullible.holding(made("voter", own, { serial: 10 + i }), scene);
    answered(t, "forged-cards", await shown(scene, card));
  }
  t.is(scene.ballots().length, 0);
});

test(`forged right: the attacker holds a genuine empty card's keys, and a desk's assignment read from a card: "${messages["C-09"].en.title}"`, async (t) => {
  const scene = await opened(t);
  const genuine = await scene.card();
  const kept = genuine.kept as Kept & { readonly kind: "granted" };
  const mine = scene.station.card();
  const { id, station } = scene.station.pack.election;
  const own = crypto.signKeyPair(crypto.random(32));
  const said: Right = { election: id, station, style, cardKey: mine.made.key.publicKey, use: 0 };
  for (const [name, right, desk] of [
    ["signed by a key of one's own", signRight(crypto, said, own.secretKey), kept.desk],
    ["with a desk of one's own", signRight(crypto, said, own.secretKey), ownDesk(scene).assignment],
    ["of another card", kept.right, kept.desk],
  ] as const) {
    const card = Gullible.holding(mine.made, scene, { kind: "granted", use: 0, right, desk });
    const said = await shown(scene, card);
    t.is(title(said), messages["C-09"].en.title, name);
    answered(t, "forged-right", said);
  }
  t.is(scene.ballots().length, 0);
  t.true((await shown(scene, genuine)) === "voting", "the genuine one is good");
});

test("replayed right: the attacker holds an extracted card, whose memory is put back after each vote: one vote for one grant", async (t) => {
  const scene = await opened(t);
  const card = await scene.card();
  const before = card.kept;
  await scene.people.vote(card, scene.intentions());
  t.is(scene.ballots().length, 1);
  // the old memory again, at this terminal
  answered(t, "replayed-right", await shown(scene, Gullible.holding(card.made, scene, before)));
  // the old right in the card's next use: emptied by the desk, then as it was, with the counter of now
  await scene.station.grant(card);
  const old = before as Kept & { readonly kind: "granted" };
  t.is(await shown(scene, Gullible.holding(card.made, scene, { ...old, use: 1 })), "refused C-09");
  t.is(scene.ballots().length, 1);
  await scene.people.vote(card, scene.intentions());
  t.is(scene.ballots().length, 2, "each grant one vote");
});

test("cloned card: the attacker holds everything that is on a card that was granted, five times: one ballot, and the journal says copied", async (t) => {
  const scene = await opened(t);
  const card = await scene.card();
  const clones = [1, 2, 3, 4].map(() => Gullible.holding(card.made, scene, card.kept));
  await scene.people.vote(card, scene.intentions());
  for (const clone of clones) {
    answered(t, "cloned-card", await shown(scene, clone));
    t.is(clone.kept.kind, "granted", "refused before it is locked");
  }
  t.is(scene.ballots().length, 1);
  // over a restart too
  scene.station.powerOff();
  await scene.people.start();
  await scene.people.until("idle");
  t.is(await shown(scene, clones[0]!), "refused C-03");
  const noted = scene.journal().filter(({ event }) => event === "cardRefused");
  t.true(noted.length > 0 && noted.every(({ detail }) => detail === 9));
});

test("LOCK and RESET by a stranger's reader: the attacker holds a reader, all public files and a terminal's real assignment: the card stays as it is", async (t) => {
  const scene = await opened(t);
  const card = await scene.card();
  const { kept } = card;
  const { reader } = ownReader(scene, "ballot");
  const sessions = new Sessions(reader);
  t.deepEqual(await sessions.in(inDeskReader(card), lock), refused);
  t.deepEqual(await reset(inDeskReader(card), ownDesk(scene), true), refused);
  // the terminal's own assignment, which assignments.cbor shows everybody, without its key
  const real = scene.station.election.terminals[0]!.assignment.signed;
  t.deepEqual(await new Sessions({ ...reader, assignment: real }).in(inDeskReader(card), lock), refused);
  // a desk's, which lies on every granted card
  const desk = (kept as Kept & { readonly kind: "granted" }).desk;
  const asDesk = { ...ownDesk(scene), sessions: new Sessions({ ...reader, assignment: desk }) };
  t.deepEqual(await reset(inDeskReader(card), asDesk, true), refused);
  t.deepEqual(card.kept, kept);
  await scene.people.vote(card, scene.intentions());
  held(t, "card-locked");
  held(t, "card-reset");
});

test("desk of another station: the attacker holds a whole real desk of station 8: no card of this station is emptied, and its rights give nothing here", async (t) => {
  const scene = await opened(t);
  const here = await scene.card();
  const { kept } = here;
  // what that desk has, by the authority
  const { keys, pack } = scene.station;
  const { reader, sign } = ownReader(scene, "identity");
  const place = { root: pack.election.root, serial: "ID-8", signKey: sign.publicKey, boxKey: reader.box.publicKey };
  const at8 = { ...place, station: 8, number: 5 as TerminalId, role: "identity", election: pack.election.id } as const;
  const assigned = { ...at8, epoch: pack.election.cards.epoch, stationKey: new Uint8Array(0) };
  const assignment = signAssignment(crypto, assigned, keys.authority.secretKey);
  const desk: DeskDeps = {
    ...{ crypto, sessions: new Sessions({ ...reader, assignment }), election: pack.election.id, station: 8 },
    signSecretKey: sign.secretKey,
  };
  t.deepEqual(await reset(inDeskReader(here), desk, true), { ok: false, error: { kind: "not-ours" } });
  t.deepEqual(here.kept, kept);
  const theirs = scene.station.card();
  t.true((await grant(inDeskReader(theirs), desk, style)).ok);
  t.is(await shown(scene, theirs), "refused C-02");
  // it claims to be of this station in its rights
  const lying = scene.station.card();
  t.deepEqual(await grant(inDeskReader(lying), { ...desk, station: pack.election.station }, style), {
    ok: false,
    error: { kind: "status", word: 0x6a80 },
  });
  const right = signRight(
    crypto,
    {
      ...{ election: pack.election.id, station: pack.election.station, style },
      ...{ cardKey: lying.made.key.publicKey, use: 0 },
    },
    sign.secretKey,
  );
  const forged = Gullible.holding(lying.made, scene, { kind: "granted", use: 0, right, desk: assignment });
  answered(t, "desk-of-another-station", await shown(scene, forged));
  t.is(scene.ballots().length, 0);
});

test("skimmer: the attacker holds a reader in a bag, and asks six cards of three kinds 40 times each: answers differ in nothing but fresh keys", async (t) => {
  const scene = await opened(t);
  const { station } = scene;
  const used = await scene.card();
  await scene.people.vote(used, scene.intentions());
  const officials = [station.official("executive"), station.official("supervision")];
  const cards: VirtualCard[] = [await scene.card(), await scene.card(), station.card(), used, ...officials];
  const { reader } = ownReader(scene, "ballot");
  const select = commandApdu(0x00, 0xa4, 0x04, 0x00, CARD_AID, 32);
  const keys = new Set<string>();
  const seen = cards.map((card) => {
    card.powerOn();
    const answers: string[] = [];
    for (let i = 0; i < 40; i++) {
      const answer = card.apdu(select);
      keys.add(toHex(answer.slice(0, 32)));
      answers.push(`${answer.length} ${toHex(answer.slice(32))}`);
      const junk = crypto.random(1 + (i % 200));
      answers.push(toHex(card.apdu(commandApdu(0x80, INS_ANSWER, 0, 0, junk, 256))));
      answers.push(toHex(card.apdu(commandApdu(i, i, i, i, junk, 256))));
    }
    return answers.join();
  });
  t.is(new Set(seen).size, 1);
  t.is(keys.size, 240);
  // nor with a reader that the card refuses, by how many answers of which length it gives
  for (const card of cards) t.deepEqual(await certificateOf(inDeskReader(card), new Sessions(reader)), refused);
  held(t, "skimmer");
});

test("PIN phishing by a card with a copied certificate: the attacker holds an official's certificate, heard or read, and a card: no PIN is asked for", async (t) => {
  const scene = await opened(t);
  const { certificate } = scene.station.cardKeeps("executive");
  let shownData = 0;
  class Phish extends OfficialCard {
    protected override execute(): never {
      shownData++;
      throw new Error("no command reaches it");
    }
  }
  const keeps = made("executive", crypto.signKeyPair(crypto.random(32)), {
    ...{ certificate, station: scene.station.pack.election.station, pin: "0000" },
    authorityKey: scene.station.pack.election.authorityKey,
  });
  answered(t, "pin-phished-by-card", await shown(scene, new Phish({ crypto, keeps })));
  t.is(shownData, 0);
  // and a reader that asks an official's card for its PIN: the card says nothing to it
  const { sessions } = ownDesk(scene);
  t.deepEqual(await provePin(inDeskReader(scene.station.official("executive")), "1404", sessions), refused);
  t.is(scene.station.official("executive").triesLeft, 15, "nor does it cost a try");
  held(t, "pin-phished-by-reader");
});

test("wrong-kind card: the attacker holds a genuine voter's card and wants an official's menu; an official's card gives no ballot", async (t) => {
  const scene = await opened(t);
  const { station } = scene;
  const voter = station.card();
  // it says that it is the executive's, with its own genuine certificate
  const keeps = { ...voter.made, kind: "executive" as const, station: station.pack.election.station, pin: "0000" };
  answered(t, "wrong-kind-card", await shown(scene, new OfficialCard({ crypto, keeps })));
  t.is(await shown(scene, voter), "refused C-04");
  t.is(await shown(scene, station.official("executive")), "official-pin");
  t.is(scene.ballots().length, 0);
});

test(`revoked card: the attacker holds a card that was reported lost, with a right: "${messages["C-08"].en.title}"`, async (t) => {
  let serial = 0;
  const scene = await Scene.off(t, { seed: t.title, election });
  const { station } = scene;
  const lost = station.card();
  serial = lost.made.serial;
  const revoked = Uint8Array.of(0, 0, serial >> 8, serial & 255);
  await station.put(buildPackage(parse(election), { ...station.keys, cards: { ...station.keys.cards, revoked } }));
  await scene.people.start();
  await scene.people.officials("open", () => scene.polls === "open");
  // the desk of this test would not take it either: its right is made by hand
  const rules = { ...station.pack.election.cards, revoked: new Uint8Array(0) };
  await station.grantAt(lost, rules);
  const said = await shown(scene, lost);
  t.is(title(said), messages["C-08"].en.title);
  answered(t, "revoked-card", said);
  t.like(
    scene.journal().findLast(({ event }) => event === "cardRefused"),
    { detail: 7 },
  );
  await scene.people.vote(await scene.card(), scene.intentions());
});

test("card of another election: the attacker holds cards of the election before and of the one to come, genuine ones, with what was granted then", async (t) => {
  const scene = await opened(t);
  const { station } = scene.station.pack.election;
  for (const [epoch, screen] of [
    [0, "refused C-02"],
    [2, "refused C-02"],
  ] as const) {
    const keeps = cardIn(testDeck(station, epoch), "voter", 1);
    const said = await shown(scene, new ActivationCard({ crypto, keeps }));
    t.is(said, screen);
    answered(t, "card-of-another-election", said);
    const official = new OfficialCard({ crypto, keeps: cardIn(testDeck(station, epoch), "executive") });
    t.is(await shown(scene, official), screen, "nor is a PIN asked for");
  }
  t.is(scene.ballots().length, 0);
});

test("extracted card: the attacker holds all that is in one genuine card: it certifies no other, and gains one vote a grant", async (t) => {
  const scene = await opened(t);
  const card = await scene.card();
  const { made: keeps } = card;
  const kept = card.kept as Kept & { readonly kind: "granted" };
  t.is(claimedRight(kept.right)?.use, 0);
  // its key signs nothing: as an issuer's seed it makes certificates that nobody takes
  const asIssuer = crypto.signKeyPair(keeps.key.secretKey);
  const other = crypto.boxKeyPair(crypto.random(32));
  const certificate = signCard(
    crypto,
    { kind: "voter", serial: 77, epoch: keeps.epoch, key: other.publicKey, station: 0 },
    asIssuer.secretKey,
  );
  const second_ = Gullible.holding({ ...keeps, key: other, certificate }, scene, kept);
  answered(t, "extracted-card", await shown(scene, second_));
  // its own certificate under another key
  t.is(await shown(scene, Gullible.holding({ ...keeps, key: other }, scene, kept)), "refused C-02");
  await scene.people.vote(Gullible.holding(keeps, scene, kept), scene.intentions());
  t.is(await shown(scene, card), "refused C-03");
  t.is(scene.ballots().length, 1);
});
