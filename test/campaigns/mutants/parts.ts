// Which tests reach which part of the firmware, the nearest and quickest first. A mutant is run against one step
// after the other until a test fails. Tests of stations run in the test's own process (test/support/node-
// machine.ts).

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
    ["test/vault/one-medium.test.ts"],
    ["test/vault/mending.test.ts"],
    ["test/vault/pairing.test.ts", "test/vault/superblock.test.ts", "test/vault/record.test.ts"],
    ["test/vault/tamper.test.ts"],
    ["test/vault/power-cut.test.ts"],
    ["test/crash/corruption.test.ts"],
  ],
  storage: [["test/storage/media.test.ts"], ["test/vault/mending.test.ts"], ["test/crash/corruption.test.ts"]],
  cast: [["test/session/cast.test.ts"], ["test/session/voter.test.ts"], ["test/drivers/printer.test.ts"]],
  journal: [
    ["test/journal/journal.test.ts", "test/journal/events.test.ts", "test/journal/medium-away.test.ts"],
    ["test/journal/budget.test.ts"],
    ["test/crash/corruption.test.ts"],
  ],
  session: [
    ["test/session/voter.test.ts"],
    ["test/session/officials.test.ts"],
    ["test/session/cast.test.ts"],
    ["test/session/marking.test.ts", "test/session/open-list.test.ts", "test/session/medium-decision.test.ts"],
  ],
  checkin: [["test/checkin/desk.test.ts"], ["test/checkin/number-entry.test.ts"], ["test/checkin/check-ins.test.ts"]],
  access: [
    ["test/access/odd-cards.test.ts"],
    ["test/access/pin-entry.test.ts", "test/devices/official-card.test.ts"],
    ["test/devices/activation-card.test.ts"],
  ],
  cose: [
    ["test/cose/sign1.test.ts"],
    ["test/vault/record.test.ts"],
    ["test/sync/messages.test.ts"],
    ["test/limits/limits.test.ts"],
  ],
  sync: [
    ["test/sync/uplink.test.ts"],
    ["test/sync/mqtt-client.test.ts"],
    ["test/sync/messages.test.ts", "test/sync/mqtt.test.ts"],
    ["test/limits/limits.test.ts"],
  ],
  tally: [
    ["test/tally/count.test.ts"],
    ["test/tally/results-store.test.ts"],
    ["test/tally/tally.test.ts"],
    ["test/crash/corruption.test.ts"],
  ],
  service: [
    ["test/service/acts.test.ts"],
    ["test/tally/before-opening.test.ts"],
    ["test/session/officials.test.ts"],
    ["test/limits/limits.test.ts"],
    ["test/limits/packager.test.ts"],
  ],
};

/** Whole days, for what the near tests let pass: some of these take a minute. */
export const farSteps: Readonly<Record<PartName, readonly Step[]>> = {
  vault: [["test/vault/fill.test.ts"], ["test/crash/campaign.test.ts"], station("start", "medium", "voids")],
  storage: [["test/crash/campaign.test.ts"], station("medium", "start")],
  cast: [station("voids", "vote", "printer-faults")],
  journal: [["test/vault/mending.test.ts"], ["test/crash/campaign.test.ts"], station("pin", "opening")],
  session: [station("vote", "voids", "pin", "case"), station("card-pulled", "printer-faults", "medium")],
  checkin: [["test/identity/desk.test.ts"]],
  access: [station("pin"), ["test/identity/desk.test.ts"], station("counting")],
  cose: [["test/package/package.test.ts"]],
  sync: [station("network", "other-servers")],
  tally: [["test/crash/campaign.test.ts"], station("opening"), station("counting")],
  service: [["test/limits/terminal.test.ts"], station("opening", "release"), station("counting")],
};
