// The event catalogue: one source for what the journal can say. No event can carry a choice, a slot, a token, a digest of the vault
// or a voter: `detail` is a number with a meaning and a bound, or absent. "hour" events belong to a voter's session, so their time
// is the hour; the others carry seconds.

export interface EventKind {
  readonly id: number;
  readonly time: "second" | "hour";
  readonly fa: string;
  readonly en: string;
  /** What the number beside the event is, in English; absent when there is none. */
  readonly detail?: string;
  /** Whose doing it is, and so how many cells it must leave: see `keeps`. */
  readonly by: keyof typeof keeps;
}

/**
 * Cells that stay free behind an entry, by whose doing it is. What the world does can never take the cells that a day still needs: acts of officials come
 * before it, and each act leaves room for those that can come after it. The release is the last act, and takes the last cells.
 */
export const keeps = { world: 1024, official: 512, poll: 256, report: 192, close: 128, count: 64, release: 0 } as const;

export const events = {
  started: { id: 1, by: "world", time: "second", fa: "پایانه روشن شد", en: "Terminal started" },
  recovered: { id: 2, by: "world", time: "second", fa: "رأی‌دهیِ نیمه‌کاره پس از قطع برق تعیین تکلیف شد", en: "A cast under way when the power went was settled", detail: "1 = VALID, 0 = VOID" },
  opened: { id: 10, by: "poll", time: "second", fa: "رأی‌گیری آغاز شد", en: "Polls opened", detail: "ballots stored; cards given at a desk" },
  paused: { id: 11, by: "poll", time: "second", fa: "رأی‌گیری موقتاً متوقف شد", en: "Polls paused", detail: "ballots stored" },
  resumed: { id: 12, by: "poll", time: "second", fa: "رأی‌گیری از سر گرفته شد", en: "Polls resumed", detail: "ballots stored" },
  closed: { id: 13, by: "close", time: "second", fa: "رأی‌گیری پایان یافت", en: "Polls closed", detail: "ballots stored; cards given at a desk" },
  hourly: { id: 14, by: "world", time: "hour", fa: "شمار رأی‌ها", en: "Ballots stored", detail: "ballots stored" },
  checkpoint: { id: 15, by: "release", time: "second", fa: "امضای دفتر رویداد", en: "Journal signed" },
  officialIn: { id: 20, by: "official", time: "second", fa: "مسئول وارد شد", en: "Official logged in", detail: "1 = executive, 2 = supervision" },
  officialRefused: { id: 21, by: "official", time: "second", fa: "کارت یا رمز مسئول پذیرفته نشد", en: "Official's card or PIN refused" },
  commandRefused: { id: 22, by: "world", time: "second", fa: "فرمان در این وضعیت پذیرفته نشد", en: "Command refused in this state" },
  cardRefused: { id: 30, by: "world", time: "hour", fa: "کارت رأی پذیرفته نشد", en: "Activation card refused", detail: "1 spent, 2 empty, 3 other election, 4 other terminal, 5 foreign, 6 full" },
  parked: { id: 31, by: "world", time: "hour", fa: "کارت پیش از پایان برداشته شد", en: "Card lifted before the end: session parked" },
  resumedSession: { id: 32, by: "world", time: "hour", fa: "کارت بازگشت و نشست ادامه یافت", en: "Card returned: session resumed" },
  notCast: { id: 33, by: "world", time: "hour", fa: "نشست بدون ثبت رأی پایان یافت", en: "Session ended, NOT cast", detail: "1 inactivity, 2 card not returned, 3 by an official" },
  slipRejected: { id: 34, by: "world", time: "hour", fa: "برگه به خواست رأی‌دهنده باطل شد", en: "Slip voided by the voter" },
  slipVoided: { id: 35, by: "world", time: "hour", fa: "برگه باطل شد", en: "Slip voided" },
  printerFault: { id: 40, by: "world", time: "second", fa: "ایراد چاپگر", en: "Printer fault", detail: "1 no answer, 2 paper out, 3 cover open, 4 jam, 5 cutter, 6 overheated, 7 false echo" },
  printerReady: { id: 41, by: "world", time: "second", fa: "چاپگر آماده شد", en: "Printer ready" },
  readerFault: { id: 42, by: "world", time: "second", fa: "ایراد کارتخوان", en: "Card reader fault" },
  readerReady: { id: 43, by: "world", time: "second", fa: "کارتخوان آماده شد", en: "Card reader ready" },
  faultCleared: { id: 44, by: "official", time: "second", fa: "مسئول ایراد را برطرف کرد", en: "An official cleared a fault" },
  mediumFault: { id: 45, by: "world", time: "second", fa: "ایراد حافظه", en: "Storage medium fault", detail: "1 = medium A, 2 = medium B" },
  oneMedium: { id: 50, by: "official", time: "second", fa: "ادامه با یک حافظه به تصمیم دو مسئول", en: "Running on one medium, by two officials' decision", detail: "1 = without A, 2 = without B" },
  mediumRebuilt: { id: 51, by: "official", time: "second", fa: "حافظه از روی حافظهٔ دیگر بازسازی شد", en: "Medium written anew from the other one", detail: "1 = medium A, 2 = medium B" },
  mainsLost: { id: 46, by: "world", time: "second", fa: "برق شهر قطع شد", en: "Mains lost" },
  mainsBack: { id: 47, by: "world", time: "second", fa: "برق شهر بازگشت", en: "Mains back" },
  caseOpened: { id: 48, by: "world", time: "second", fa: "درِ دستگاه باز شد", en: "Case opened" },
  caseClosed: { id: 49, by: "world", time: "second", fa: "درِ دستگاه بسته شد", en: "Case closed" },
  lineUp: { id: 60, by: "world", time: "second", fa: "ارتباط با مرکز برقرار شد", en: "Line to the collector up" },
  lineDown: { id: 61, by: "world", time: "second", fa: "ارتباط با مرکز قطع شد", en: "Line to the collector down" },
  allReceived: { id: 62, by: "world", time: "second", fa: "مرکز دریافت همهٔ رأی‌ها را گواهی کرد", en: "The collector has receipted every ballot" },
  resultsReceived: { id: 63, by: "world", time: "second", fa: "مرکز دریافت نتیجه‌ها را گواهی کرد", en: "The collector has receipted the results" },
  testFailed: { id: 80, by: "world", time: "second", fa: "آزمون پیش از آغاز پذیرفته نشد", en: "A test before opening failed", detail: "1 random generator, 2 printer, 3 store not empty, 4 election package" },
  zeroReport: { id: 81, by: "poll", time: "second", fa: "گزارش صفر از حافظه گرفته شد", en: "Zero report taken from the store", detail: "slots voided" },
  reportBegun: { id: 82, by: "report", time: "second", fa: "چاپ گزارش آغاز شد", en: "Printing of a report begun", detail: "1 printer test, 2 zero report, 3 results" },
  reportPrinted: { id: 83, by: "report", time: "second", fa: "گزارش چاپ شد", en: "Report printed whole", detail: "1 printer test, 2 zero report, 3 results" },
  sharesRefused: { id: 84, by: "world", time: "second", fa: "سهم‌های کلید شمارش پذیرفته نشد", en: "Shares of the tally key refused", detail: "1 no share on the card, 2 they do not fit" },
  counted: { id: 85, by: "count", time: "second", fa: "رأی‌ها شمرده شد", en: "Ballots counted", detail: "ballots" },
  released: { id: 86, by: "release", time: "second", fa: "انتخابات پس از بایگانی آزاد شد", en: "Election released after its archive was verified" },
  rightRefused: { id: 64, by: "world", time: "hour", fa: "کارت رأی داده نشد", en: "Card not given at the desk", detail: "1 not in the roll, 2 given before, 3 card not empty, 4 full" },
  rightUnanswered: { id: 65, by: "world", time: "hour", fa: "کارت رأی بی‌پاسخ ماند", en: "Card at the desk gave no answer" },
  rightRepeated: { id: 66, by: "official", time: "hour", fa: "دو مسئول کارت دوباره را اجازه دادند", en: "Card given again, by two officials' decision" },
  cardReturned: { id: 67, by: "world", time: "hour", fa: "کارت بی‌استفاده برگشت", en: "Unused card taken back" },
  nearlyFull: { id: 70, by: "world", time: "hour", fa: "ظرفیت رو به پایان است", en: "Capacity nearly used", detail: "per cent" },
  stopped: { id: 90, by: "world", time: "second", fa: "پایانه از کار بازایستاد", en: "Terminal out of service" },
} as const satisfies Record<string, EventKind>;

export type EventName = keyof typeof events;
