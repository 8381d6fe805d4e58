// The same layout with the longest that an election may have: names of every length up to the limit, titles, codes of
// five digits, a full station.

import test from "ava";
import { openPackage } from "../../firmware/election/package.js";
import type { Contest, ElectionPackage, Mark, OptionIndex } from "../../firmware/election/types.js";
import type { ReviewItem, StationStatus, VotingView } from "../../firmware/session/view.js";
import type { Settings } from "../../firmware/settings.js";
import { capacityMax } from "../../firmware/election/layout.js";
import { nameLengthMax, titleLengthMax } from "../../office/package/definition.js";
import { buildPackage } from "../../office/package/build.js";
import { textSizes } from "../../ui/text/faces.js";
import { type TextSource, textSource } from "../../ui/text/typesetter.js";
import { crypto, keys, parse } from "../package/support.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { faults } from "./layout.js";
import { type Shown, draw, text, touch } from "./views.js";

const long = [
  "سیده‌فاطمه زهرا پورحسینی‌نژاد اصل تبریزی خراسانی شیرازی مقدم",
  "محمدعلی اکبر رستگارپور بهشتی‌نژاد قره‌داغی لاله‌زاری چشمه",
  "نیک‌آیین‌پور شهریاران‌تبار توکلی‌منش‌اصل موسوی‌زادگان‌فر",
].map((name) => name.slice(0, nameLengthMax));
const affiliation = "جبههٔ بزرگ همدلی و پیوند محله‌های شهر و روستاهای استان سبز".slice(0, nameLengthMax);
const title = "انتخابات شورای اسلامی شهر بزرگ سپیداران و حومهٔ شهرستان‌های پیرامون آن در استان".slice(0, titleLengthMax);
const shortest = 3;
const candidates = nameLengthMax - shortest + 1;
/** 4,800 white pixels. */
const photo = new Uint8Array(300).fill(0x0f);

function election(withPhotos: boolean): ElectionPackage {
  const options = Array.from(
    { length: candidates },
    (_, i) =>
      `      - { code: ${99_900 + i}, name: ${long[i % 3]!.slice(0, shortest + i).trim()}, affiliation: ${affiliation}${withPhotos ? ", photo: all.png" : ""} }`,
  );
  const yaml = `title: ${title}
kind: test
station: { number: 99999, name: ${title} }
styles: [{ id: 1, contests: [1, 2] }]
contests:
  - id: 1
    kind: n-of-m
    title: ${title}
    votesAllowed: 30
    options:
${options.join("\n")}
  - { id: 2, kind: question, title: ${title}, options: [{ code: 1, name: آری }, { code: 2, name: نه }] }
`;
  const opened = openPackage(
    new MemoryFlash(0x20_0000, buildPackage(parse(yaml), keys, new Map([["all.png", photo]]))),
    0,
    crypto,
    keys.authority.publicKey,
  );
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

const pack = election(false);
const source = textSource(text, pack);
const [council, question] = [pack.election.contests[0]!, pack.election.contests[1]!];

const all = Array.from({ length: candidates }, (_, i) => i as OptionIndex);
const marks = (chosen: readonly OptionIndex[]): Mark[] => [
  { contest: council.id, blank: false, choices: chosen.map((index) => pack.option(council.id, index).code) },
  { contest: question.id, blank: true, choices: [] },
];
const review = (chosen: readonly OptionIndex[]): ReviewItem[] => [
  { contest: council, chosen, blank: false, undervotes: 30 - chosen.length },
  { contest: question, chosen: [], blank: true, undervotes: 0 },
];
const voting = (over: Partial<VotingView>): VotingView => ({
  screen: "voting",
  contest: council,
  position: 0,
  of: 2,
  chosen: [],
  blank: false,
  mode: "list",
  typed: "",
  found: undefined,
  problem: undefined,
  ...over,
});
const status: StationStatus = {
  ballots: capacityMax,
  capacity: capacityMax,
  paper: "near-end",
  power: "battery",
  sync: "waiting",
  media: "one",
};

/** Of the choices: a window of names of neighbouring lengths, so that each length is the one name of some screen. */
const windows = [1, 3, 6, 30].flatMap((length) =>
  all
    .filter((index) => index % length === 0 && index + length <= candidates)
    .map((index) => all.slice(index, index + length)),
);
const ballots: readonly (readonly [string, Shown])[] = windows.flatMap((chosen) => {
  const name = `${chosen.length} from ${chosen[0]}`;
  return [
    [`review of ${name}`, { view: { screen: "review", items: review(chosen) } }],
    [`confirm ${name}`, { view: { screen: "confirm", marks: marks(chosen) } }],
    [`slip of ${name}`, { view: { screen: "slip", marks: marks(chosen), secondsLeft: 5, mayReject: true } }],
  ] as const;
});
/** What shows names by themselves; a list is leafed through. */
const names = (contest: Contest): readonly (readonly [string, Shown])[] => [
  ["question", { view: voting({ contest }) }],
  ...[0, 1, 2, 3, 4, 5].map((pages): [string, Shown] => [
    `list ${pages}`,
    { view: voting({ contest, chosen: all.slice(0, 30) }), touch: new Array<string>(pages).fill("page.after") },
  ]),
  ["all chosen", { view: voting({ contest, chosen: all.slice(0, 30), problem: "overvote" }) }],
  ["search", { view: voting({ contest, chosen: all.slice(0, 1) }), touch: ["search", "letter.0.1"] }],
  ...all.map((index): [string, Shown] => [
    `code of ${index}`,
    {
      view: voting({
        contest,
        mode: "code",
        typed: String(99_900 + index),
        found: index,
        chosen: index % 2 === 0 ? [index] : [],
      }),
    },
  ]),
];
const others: readonly (readonly [string, Shown])[] = [
  ["blank question", { view: voting({ contest: question, position: 1, blank: true }) }],
  ["idle", { view: { screen: "idle", poll: "open", warning: "V-05" } }],
  [
    "menu",
    { view: { screen: "official-menu", role: "executive", poll: "open", status, acts: ["pause", "close", "log-out"] } },
  ],
  ...(["whole", "changed", "not-kept"] as const).map((deviceLog): readonly [string, Shown] => [
    `service, log ${deviceLog}`,
    {
      view: {
        screen: "official-service",
        status,
        facts: { station: 99_999, voids: 999, journalRoom: 99_999, deviceLog },
      },
    },
  ]),
  ...(["I-07", "I-08"] as const).map((warning): readonly [string, Shown] => [
    `idle ${warning}`,
    { view: { screen: "idle", poll: "before-opening", warning } },
  ]),
  ["result", { view: { screen: "official-result", act: "open", status } }],
];

function wrongOf(
  shown: readonly (readonly [string, Shown])[],
  settings: Settings,
  from: TextSource,
): Record<string, string[]> {
  const wrong: Record<string, string[]> = {};
  for (const [name, each] of shown) {
    const pages = name.startsWith("list ") ? each.touch!.length : 0;
    const { screen } = draw({ view: each.view, touch: pages > 0 ? [] : (each.touch ?? []) }, settings, from);
    // there may be fewer
    for (let page = 0; page < pages && screen.targets.some((target) => target.id === "page.after"); page++)
      touch(screen, "page.after");
    const found = faults(screen);
    if (found.length > 0) wrong[name] = found;
  }
  return wrong;
}

const withPhotos = election(true);
const photoSource = textSource(text, withPhotos);

for (const language of ["fa", "en"] as const)
  for (const size of textSizes) {
    const settings: Settings = { language, size, contrast: "normal" };
    test(`in ${language}, text size ${size}: names of every length, long titles and large numbers stay in their places`, (t) => {
      t.timeout(120_000);
      t.deepEqual(wrongOf([...names(council), ...others, ...ballots], settings, source), {});
    });
    test(`in ${language}, text size ${size}: so do names beside photos`, (t) => {
      t.timeout(120_000);
      t.deepEqual(wrongOf(names(withPhotos.election.contests[0]!), settings, photoSource), {});
    });
  }
