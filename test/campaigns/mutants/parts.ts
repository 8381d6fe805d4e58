// Which tests reach which part of the firmware, the nearest and quickest first. A mutant is run against one step after the
// other until a test fails. Tests of stations run in the test's own process (test/support/node-machine.ts).

export const partNames = [
  "vault",
  "storage",
  "cast",
  "journal",
  "session",
  "checkin",
  "access",
  "cose",
  "sync",
  "tally",
  "service",
] as const;

export type PartName = (typeof partNames)[number];

/** Test files of one run of ava. */
export type Step = readonly string[];

const station = (...names: readonly string[]): Step => names.map((name) => `test/station/${name}.test.ts`);

export const steps: Readonly<Record<PartName, readonly Step[]>> = {
  vault: [
    ["test/vault/record.test.ts", "test/vault/mending.test.ts", "test/vault/claims.test.ts"],
    ["test/vault/tamper.test.ts", "test/vault/power-cut.test.ts"],
  ],
  storage: [
    ["test/storage/media.test.ts", "test/vault/mending.test.ts"],
    ["test/vault/tamper.test.ts", "test/vault/power-cut.test.ts"],
  ],
  cast: [["test/session/cast.test.ts"], station("voids")],
  journal: [["test/journal/journal.test.ts", "test/journal/events.test.ts"], ["test/journal/budget.test.ts"], station("pin")],
  session: [
    ["test/session/marking.test.ts", "test/session/open-list.test.ts", "test/session/parts.test.ts"],
    ["test/session/voter.test.ts", "test/session/officials.test.ts"],
    station("voids", "pin", "case"),
  ],
  checkin: [["test/checkin/check-ins.test.ts", "test/checkin/number-entry.test.ts"], ["test/identity/desk.test.ts"]],
  access: [
    ["test/devices/activation-card.test.ts", "test/devices/official-card.test.ts", "test/access/pin-entry.test.ts"],
    station("pin"),
  ],
  cose: [["test/cose/sign1.test.ts", "test/vault/record.test.ts"]],
  sync: [["test/sync/messages.test.ts", "test/sync/mqtt.test.ts", "test/sync/mqtt-client.test.ts", "test/sync/uplink.test.ts"]],
  tally: [["test/tally/tally.test.ts", "test/tally/before-opening.test.ts", "test/tally/count.test.ts"]],
  service: [
    ["test/service/calendar.test.ts", "test/service/acts.test.ts", "test/tally/before-opening.test.ts"],
    station("opening", "release"),
  ],
};

/** Whole days, for what the near tests let pass: some of these take a minute. */
export const farSteps: Readonly<Record<PartName, readonly Step[]>> = {
  vault: [["test/vault/fill.test.ts"], station("start", "medium", "voids")],
  storage: [station("medium", "start")],
  cast: [station("vote", "card-pulled", "printer-faults", "start")],
  journal: [["test/vault/mending.test.ts"], station("opening", "start")],
  session: [station("vote", "card-pulled", "printer-faults"), station("opening", "medium"), station("start", "counting")],
  checkin: [],
  access: [station("card-pulled"), ["test/identity/desk.test.ts"], station("counting")],
  cose: [["test/package/package.test.ts"]],
  sync: [station("network", "other-servers")],
  tally: [station("opening"), station("counting")],
  service: [station("counting"), station("medium")],
};
