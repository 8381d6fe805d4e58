// What the journal can say, as the terminal needs it: one source for the code; its words are in event-texts.ts. No
// event can carry a choice, a slot, a token, a digest of the vault or a voter: a detail is a number with a bound, or
// absent. "hour" events belong to a voter's session, so their time is the hour; the others carry seconds.

export interface EventKind {
  readonly id: number;
  /** Whose doing it is, and so how many cells it must leave: see `keeps`. */
  readonly by: keyof typeof keeps;
  readonly time: "second" | "hour";
  /** A number stands beside it; event-texts.ts says what it means. */
  readonly detail?: true;
}

/**
 * Cells that stay free behind an entry, by whose doing it is. What the world does can never take the cells that a day
 * still needs: acts of officials come before it, and each act leaves room for those that can come after it. The release
 * is the last act, and takes the last cells.
 */
export const keeps = { world: 1024, official: 512, poll: 256, report: 192, close: 128, count: 64, release: 0 } as const;

export const events = {
  started: { id: 1, by: "world", time: "second" },
  recovered: { id: 2, by: "world", time: "second", detail: true },
  opened: { id: 10, by: "poll", time: "second", detail: true },
  paused: { id: 11, by: "poll", time: "second", detail: true },
  resumed: { id: 12, by: "poll", time: "second", detail: true },
  closed: { id: 13, by: "close", time: "second", detail: true },
  hourly: { id: 14, by: "world", time: "hour", detail: true },
  checkpoint: { id: 15, by: "release", time: "second" },
  officialIn: { id: 20, by: "official", time: "second", detail: true },
  officialRefused: { id: 21, by: "official", time: "second" },
  commandRefused: { id: 22, by: "world", time: "second" },
  cardRefused: { id: 30, by: "world", time: "hour", detail: true },
  parked: { id: 31, by: "world", time: "hour" },
  resumedSession: { id: 32, by: "world", time: "hour" },
  notCast: { id: 33, by: "world", time: "hour", detail: true },
  slipRejected: { id: 34, by: "world", time: "hour" },
  slipVoided: { id: 35, by: "world", time: "hour" },
  printerFault: { id: 40, by: "world", time: "second", detail: true },
  printerReady: { id: 41, by: "world", time: "second" },
  readerFault: { id: 42, by: "world", time: "second" },
  readerReady: { id: 43, by: "world", time: "second" },
  faultCleared: { id: 44, by: "official", time: "second" },
  mediumFault: { id: 45, by: "world", time: "second", detail: true },
  oneMedium: { id: 50, by: "official", time: "second", detail: true },
  mediumRebuilt: { id: 51, by: "official", time: "second", detail: true },
  protectionCleared: { id: 52, by: "world", time: "second", detail: true },
  epochForgotten: { id: 53, by: "world", time: "second" },
  deviceLogHarmed: { id: 54, by: "world", time: "second", detail: true },
  mainsLost: { id: 46, by: "world", time: "second" },
  mainsBack: { id: 47, by: "world", time: "second" },
  caseOpened: { id: 48, by: "world", time: "second" },
  caseClosed: { id: 49, by: "world", time: "second" },
  lineUp: { id: 60, by: "world", time: "second" },
  lineDown: { id: 61, by: "world", time: "second" },
  allReceived: { id: 62, by: "world", time: "second" },
  resultsReceived: { id: 63, by: "world", time: "second" },
  testFailed: { id: 80, by: "world", time: "second", detail: true },
  zeroReport: { id: 81, by: "poll", time: "second", detail: true },
  reportBegun: { id: 82, by: "report", time: "second", detail: true },
  reportPrinted: { id: 83, by: "report", time: "second", detail: true },
  sharesRefused: { id: 84, by: "world", time: "second", detail: true },
  counted: { id: 85, by: "count", time: "second", detail: true },
  released: { id: 86, by: "release", time: "second" },
  rightRefused: { id: 64, by: "world", time: "hour", detail: true },
  rightUnanswered: { id: 65, by: "world", time: "hour" },
  rightRepeated: { id: 66, by: "official", time: "hour" },
  cardReturned: { id: 67, by: "world", time: "hour" },
  nearlyFull: { id: 70, by: "world", time: "hour", detail: true },
  stopped: { id: 90, by: "world", time: "second" },
} as const satisfies Record<string, EventKind>;

export type EventName = keyof typeof events;
