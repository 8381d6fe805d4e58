// The tally at the close: two cards' shares, every ballot opened in the terminal, results signed, kept, printed and
// received; and what stops it.

import test from "ava";
import { epochAddress, epochLength } from "../../firmware/device/epoch.js";
import { INS_OPEN_SHARE } from "../../firmware/access/protocol.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import type { Executed, SecureCardOptions, Verified } from "../../sim/devices/secure-card.js";
import { readClosed } from "../../firmware/access/closed-statement.js";
import { sharesOfTestCards } from "../../office/tally/recover.js";
import { openBallots, tally } from "../../office/tally/tally.js";
import { layoutOfImage, recordsInImage, resultsInImage } from "../../office/tally/image.js";
import { inspect } from "../../office/inspect/inspect.js";
import { belongTogether, verificationCode } from "../../firmware/tally/results.js";
import type { StoredResults } from "../../firmware/tally/results-store.js";
import { slipMark } from "../../sim/bench/slip-mark.js";
import type { VirtualCard } from "../../sim/devices/card.js";
import type { ShareHolder } from "../../office/package/keys.js";
import { drawReport, paperOf } from "../support/report.js";
import { Scene, exampleYaml } from "../support/scene.js";

const second = 1_000_000;
/** Three contests, the last of which few ballots have; results of fewer than three ballots are merged upwards. */
const election = `title: آزمایش
kind: test
station: { number: 7, name: بهار }
policy: { capacity: 40, k: 3 }
styles:
  - { id: 1, contests: [1] }
  - { id: 2, contests: [1, 2] }
contests:
  - id: 1
    kind: n-of-m
    title: شورا
    votesAllowed: 2
    options: [{ code: 10, name: یوسف }, { code: 12, name: نرگس }, { code: 300, name: مریم }]
  - id: 2
    kind: question
    title: پرسش
    options: [{ code: 1, name: آری }, { code: 2, name: نه }]
`;

/** Votes: style, then choices by contest; undefined is blank. */
type Vote = readonly [style: number, ...choices: (readonly number[] | undefined)[]];
const votes: readonly Vote[] = [
  [1, [10, 12]],
  [1, [10]],
  [1, undefined],
  [2, [12, 300], [1]],
  [2, [10, 300], [2]],
];

async function closed(
  t: Parameters<typeof Scene.open>[0],
  seed: string,
  cast: readonly Vote[] = votes,
): Promise<Scene> {
  const scene = await Scene.open(t, { seed, election });
  const { people, station } = scene;
  for (const [style, ...marks] of cast) {
    const card = station.card();
    await station.grant(card, style as never);
    await people.vote(
      card,
      marks.map((choices, i) => ({ contest: i + 1, blank: choices === undefined, choices: choices ?? [] })),
    );
  }
  await people.officials("close", () => scene.polls === "closed");
  return scene;
}

/** The first card, then the second; what is shown at the end. */
async function count(
  scene: Scene,
  first: ShareHolder | VirtualCard = "executive",
  second_: ShareHolder | VirtualCard = "supervision",
): Promise<string> {
  const { people, station } = scene;
  await people.until("idle");
  const cardOf = (card: ShareHolder | VirtualCard): VirtualCard =>
    typeof card === "string" ? station.official(card) : card;
  await people.showOfficial("executive", cardOf(first));
  await people.until("official-menu");
  await people.press("next");
  await people.press("select");
  if ((await people.until("official-second", "refused")) !== "official-second") return people.screen;
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision", cardOf(second_));
  return people.until("official-result", "refused", "out-of-service");
}

function results(scene: Scene, medium: "a" | "b" = "b"): StoredResults | undefined {
  const { crypto, election, chips } = scene.station;
  return resultsInImage(crypto, election, election.terminals[0]!, chips[medium].cells);
}

test("counted by hand, by the terminal and with escrow and cards: the same; signed, on both media, at the collector, on paper dot by dot", async (t) => {
  const scene = await closed(t, "count");
  const { station, people } = scene;
  t.is(await count(scene), "official-result");
  scene.lift();
  await people.until("idle");
  const stored = results(scene)!;
  t.deepEqual(results(scene, "a")?.signedResults, stored.signedResults);
  t.is(stored.results.ballots, 5);
  // three have 10, two have 12, two have 300; one is blank, one vote was not used
  t.deepEqual(
    stored.results.contests,
    [
      { contest: 1, ballots: 5, blank: 1, undervotes: 1, votes: [3, 2, 2] },
      { contest: 2, votes: undefined },
    ] as never,
    "the second contest has two ballots, fewer than three",
  );
  t.true(belongTogether(station.crypto, stored.results, stored.list));
  const opened = openBallots(
    station.crypto,
    station.pack,
    station.election.terminals,
    recordsInImage(station.chips.a.cells, station.pack.election),
    station.tallyKeyOf,
  );
  t.deepEqual(
    tally(station.pack, opened.ballots).contests[0]!.votes.map((each) => each.votes),
    [3, 2, 2],
  );

  await station.terminal.runUntil(
    () => scene.traces.includes("results received"),
    station.clock.nowUs() + 600 * second,
  );
  t.is(Buffer.compare((await station.store.results(station.pack.election.id)).get(2)!, stored.signedResults), 0);
  const printedAt = scene.journal().findLast((entry) => entry.event === "reportBegun")!.time;
  const wanted = drawReport(station, {
    kind: "results",
    terminal: 2,
    results: stored.results,
    code: verificationCode(station.crypto, stored.signedResults),
    generatedAt: stored.results.generatedAt,
    printedAt,
  });
  t.is(Buffer.compare(paperOf(scene.reports.at(-1)!), wanted), 0);
  const found = inspect(station.crypto, station.election, { a: station.chips.a.cells, b: station.chips.b.cells });
  t.deepEqual(found.problems, []);
  t.is(found.results?.results.ballots, 5);

  // printed again later: the same results, another time of printing
  await people.wait(600 * second);
  let again = false;
  await people.officials("report", () => again || !(again = true));
  t.is(scene.reports.length, 4);
  t.not(Buffer.compare(paperOf(scene.reports[3]!), paperOf(scene.reports[2]!)), 0);
});

test("the deputy's card counts as well as the executive's", async (t) => {
  const scene = await closed(t, "deputy");
  t.is(await count(scene, "deputy"), "official-result");
  t.is(results(scene)?.results.ballots, 5);
});

/** The office's own card, but for what it makes of its share. */
class LyingCard extends OfficialCard {
  readonly #shareFor: () => Uint8Array;

  constructor(options: SecureCardOptions, shareFor: () => Uint8Array) {
    super(options);
    this.#shareFor = shareFor;
  }

  protected override execute(ins: number, data: Uint8Array, reader: Verified): Executed {
    const closed =
      ins === INS_OPEN_SHARE ? readClosed(this.crypto, data.slice(97), reader.assignment.signKey) : undefined;
    if (closed?.ok !== true) return super.execute(ins, data, reader);
    return { word: 0x9000, data: this.crypto.seal(this.#shareFor(), closed.value.freshKey)! };
  }
}

function lying({ station }: Scene, holder: ShareHolder, shareFor: () => Uint8Array): VirtualCard {
  return new LyingCard({ crypto: station.crypto, keeps: station.cardKeeps(holder) }, shareFor);
}

test("a card that the terminal was not loaded for, one that gives another share, and one that gives none: nothing is opened, and the right cards still count", async (t) => {
  const scene = await closed(t, "wrong shares");
  const { station } = scene;
  const { crypto, keys, loading } = station;
  const stranger = station.anotherOfficial("late-executive");
  t.is(await count(scene, stranger), "refused O-12");
  scene.lift();
  const late = station.anotherOfficial("late-supervision");
  t.is(await count(scene, "executive", late), "refused O-12");
  scene.lift();
  const invented = lying(scene, "supervision", () => new Uint8Array(33).fill(1));
  t.is(await count(scene, "executive", invented), "refused O-11");
  scene.lift();
  const [executive] = sharesOfTestCards(crypto, loading!, [keys.officials.executive]);
  const others = lying(scene, "supervision", () => executive!.share);
  t.is(await count(scene, "executive", others), "refused O-11", "the other office's share is not this one's");
  scene.lift();
  t.is(results(scene), undefined);
  t.deepEqual(
    scene
      .journal()
      .filter((entry) => entry.event === "sharesRefused")
      .map((entry) => entry.detail),
    [1, 1, 2, 2],
  );
  t.is(await count(scene), "official-result");
});

test("one share alone: the second official does not come, or the power goes; nothing is counted, and it can be done from the beginning", async (t) => {
  const scene = await closed(t, "one share");
  const { station, people } = scene;
  await people.firstOfficial("count");
  await people.until("official-second");
  scene.lift();
  await people.wait(1801 * second);
  t.is(people.screen, "idle");
  await people.firstOfficial("count");
  await people.until("official-second");
  scene.lift();
  station.powerOff();
  await people.start();
  t.is(results(scene), undefined);
  t.is(await count(scene), "official-result");
});

test("paper out, and the power, in the results report: what was counted stays, the torn piece gets VOID, the report is printed again whole", async (t) => {
  const scene = await closed(t, "report");
  const { station, people } = scene;
  let rows = 0;
  station.printer.onPaper = (moved) => {
    rows += moved;
    if (rows > 700) station.printer.paperOut = true;
  };
  await people.firstOfficial("count");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  await station.terminal.runUntil(() => people.screen === "official-acting O-16", station.clock.nowUs() + 180 * second);
  t.is(people.screen, "official-acting O-16");
  const first = results(scene)!.signedResults;
  station.printer.onPaper = undefined;
  station.printer.paperOut = false;
  await people.until("official-result");
  scene.lift();
  await people.until("idle");

  rows = 0;
  station.printer.onPaper = (moved) => {
    rows += moved;
    if (rows > 900) station.powerOff();
  };
  await t.throwsAsync(
    people.firstOfficial("report").then(async () => {
      await people.until("official-second");
      scene.lift();
      await people.wait(second);
      await people.showOfficial("supervision");
      await people.until("official-result");
    }),
  );
  station.printer.onPaper = undefined;
  scene.lift();
  await people.start();
  let done = false;
  await people.officials("report", () => done || !(done = true));
  t.deepEqual(results(scene)!.signedResults, first, "not counted again");
  t.deepEqual(scene.reports.map(slipMark).slice(2), ["void", "report", "void", "report"]);
  t.is(scene.events().filter((event) => event === "counted").length, 1);
});

test("a power cut at any moment of the count: the same results in the end", async (t) => {
  const scene = await closed(t, "cut count");
  const { station, people } = scene;
  let wanted: string | undefined;
  for (const afterMs of [5, 40, 80, 120, 160, 220, 300, 500]) {
    const back = rememberAll(station);
    await people.firstOfficial("count");
    await people.until("official-second");
    scene.lift();
    await people.wait(second);
    await people.showOfficial("supervision");
    await station.terminal.runUntil(station.clock.nowUs() + afterMs * 1000);
    station.powerOff();
    scene.lift();
    await people.start();
    if (results(scene) === undefined) t.is(await count(scene), "official-result", `${afterMs} ms`);
    scene.lift();
    const contests = JSON.stringify(results(scene)!.results.contests);
    wanted ??= contests;
    t.is(contests, wanted, `${afterMs} ms`);
    station.powerOff();
    back();
    await people.start();
  }
});

/** All three chips: media alone that are put back as they were are refused (test/attacks). */
function rememberAll({ chips }: Scene["station"]): () => void {
  const main = chips.main.cells.slice(epochAddress, epochAddress + epochLength);
  const [a, b] = [chips.a.cells.slice(), chips.b.cells.slice()];
  return () => {
    chips.main.cells.set(main, epochAddress);
    chips.a.cells.set(a);
    chips.b.cells.set(b);
  };
}

test("a ballot changed on one medium is counted from the other; one changed on both, taken away or added stops the terminal", async (t) => {
  const scene = await closed(t, "changed");
  const { station, people } = scene;
  const layout = layoutOfImage(station.chips.a.cells, station.pack.election);
  const back = rememberAll(station);
  const used = Array.from(
    { length: layout.slots },
    (_, slot) => layout.store.address + slot * layout.slotLength,
  ).filter((at) => station.chips.a.cells[at] !== 0xff);
  t.is(used.length, votes.length);
  const flip = (cells: Uint8Array): number => (cells[used[1]! + 120]! ^= 8);
  const changes: readonly (readonly [string, () => unknown, string])[] = [
    ["one medium", () => flip(station.chips.b.cells), "official-result"],
    ["both", () => [flip(station.chips.a.cells), flip(station.chips.b.cells)], "out-of-service S-02"],
    [
      "taken away",
      () =>
        [station.chips.a, station.chips.b].map(({ cells }) => cells.fill(0xff, used[2], used[2]! + layout.slotLength)),
      "out-of-service S-02",
    ],
    [
      "copied",
      () =>
        [station.chips.a, station.chips.b].map(({ cells }) =>
          cells.copyWithin(
            layout.store.address + (used[0] === layout.store.address ? layout.slotLength : 0),
            used[0]!,
            used[0]! + layout.slotLength,
          ),
        ),
      "out-of-service S-02",
    ],
  ];
  for (const [name, change, ends] of changes) {
    station.powerOff();
    back();
    scene.lift();
    await people.start();
    change();
    t.is(await count(scene), ends, name);
  }
});

test("a parked voter when the polls are to be closed: an official ends the session, NOT cast, and the close goes on", async (t) => {
  const scene = await Scene.open(t, { seed: "parked at close", election });
  const { station, people } = scene;
  const card = station.card();
  await station.grant(card, 1 as never);
  people.hold(card);
  await people.until("voting");
  await people.mark({ contest: 1, blank: false, choices: [10, 12] });
  await people.press("green");
  await people.until("review");
  scene.lift();
  await people.until("parked");
  await people.firstOfficial("end-session", "supervision");
  t.is(await people.until("not-cast"), "not-cast V-02");
  scene.lift();
  await people.officials("close", () => scene.polls === "closed");
  t.is(scene.ballots().length, 0);
  t.is(scene.journal().findLast((entry) => entry.event === "notCast")?.detail, 3);
  t.is(await count(scene), "official-result", "nothing is counted as nothing");
  t.deepEqual(results(scene)?.results.contests[0], {
    contest: 1,
    ballots: 0,
    blank: 0,
    undervotes: 0,
    votes: [0, 0, 0],
  } as never);
});

test("the example election: its 164 options on paper", async (t) => {
  t.true(exampleYaml.includes("code: 253"));
  const scene = await Scene.open(t, { seed: "long" });
  await scene.people.officials("close", () => scene.polls === "closed");
  t.is(await count(scene), "official-result");
  t.true(scene.reports.at(-1)!.height > 8_000);
});
