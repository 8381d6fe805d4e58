// The words of the journal's events, for people who read it elsewhere: no terminal carries them.

import type { EventName } from "./events.js";

export interface EventText {
  readonly fa: string;
  readonly en: string;
  /** What the number beside the event is, in English; absent when there is none. */
  readonly detail?: string;
}

export const eventTexts: Readonly<Record<EventName, EventText>> = {
  started: { fa: "پایانه روشن شد", en: "Terminal started" },
  recovered: {
    fa: "رأی‌دهیِ نیمه‌کاره پس از قطع برق تعیین تکلیف شد",
    en: "A cast under way when the power went was settled",
    detail: "1 = VALID, 0 = VOID",
  },
  opened: { fa: "رأی‌گیری آغاز شد", en: "Polls opened", detail: "ballots stored; cards given at a desk" },
  paused: { fa: "رأی‌گیری موقتاً متوقف شد", en: "Polls paused", detail: "ballots stored" },
  resumed: { fa: "رأی‌گیری از سر گرفته شد", en: "Polls resumed", detail: "ballots stored" },
  closed: { fa: "رأی‌گیری پایان یافت", en: "Polls closed", detail: "ballots stored; cards given at a desk" },
  hourly: { fa: "شمار رأی‌ها", en: "Ballots stored", detail: "ballots stored" },
  checkpoint: { fa: "امضای دفتر رویداد", en: "Journal signed" },
  officialIn: { fa: "مسئول وارد شد", en: "Official logged in", detail: "1 = executive, 2 = supervision" },
  officialRefused: { fa: "کارت یا رمز مسئول پذیرفته نشد", en: "Official's card or PIN refused" },
  commandRefused: { fa: "فرمان در این وضعیت پذیرفته نشد", en: "Command refused in this state" },
  cardRefused: {
    fa: "کارت رأی پذیرفته نشد",
    en: "Activation card refused",
    detail: "1 spent, 2 empty, 3 other election, 4 other terminal, 5 foreign, 6 full, 7 revoked, 8 no right, 9 copied",
  },
  parked: { fa: "کارت پیش از پایان برداشته شد", en: "Card lifted before the end: session parked" },
  resumedSession: { fa: "کارت بازگشت و نشست ادامه یافت", en: "Card returned: session resumed" },
  notCast: {
    fa: "نشست بدون ثبت رأی پایان یافت",
    en: "Session ended, NOT cast",
    detail: "1 inactivity, 2 card not returned, 3 by an official",
  },
  slipRejected: { fa: "برگه به خواست رأی‌دهنده باطل شد", en: "Slip voided by the voter" },
  slipVoided: { fa: "برگه باطل شد", en: "Slip voided" },
  printerFault: {
    fa: "ایراد چاپگر",
    en: "Printer fault",
    detail:
      "1 no answer, 2 paper out, 3 cover open, 4 jam, 5 cutter, 6 overheated, 7 false echo, 8 broken, 9 flow control",
  },
  printerReady: { fa: "چاپگر آماده شد", en: "Printer ready" },
  readerFault: { fa: "ایراد کارتخوان", en: "Card reader fault" },
  readerReady: { fa: "کارتخوان آماده شد", en: "Card reader ready" },
  faultCleared: { fa: "مسئول ایراد را برطرف کرد", en: "An official cleared a fault" },
  mediumFault: { fa: "ایراد حافظه", en: "Storage medium fault", detail: "1 = medium A, 2 = medium B" },
  oneMedium: {
    fa: "ادامه با یک حافظه به تصمیم دو مسئول",
    en: "Running on one medium, by two officials' decision",
    detail: "1 = without A, 2 = without B",
  },
  protectionCleared: {
    fa: "قفل نوشتن حافظه برداشته شد",
    en: "Write protection of a storage medium cleared",
    detail: "1 = medium A, 2 = medium B",
  },
  mediumRebuilt: {
    fa: "حافظه از روی حافظهٔ دیگر بازسازی شد",
    en: "Medium written anew from the other one",
    detail: "1 = medium A, 2 = medium B",
  },
  epochForgotten: {
    fa: "پایانه از آغازِ این رأی‌گیری چیزی به یاد نداشت",
    en: "The terminal's own flash knew nothing of the polls on its media",
  },
  deviceLogHarmed: {
    fa: "سرگذشتِ دستگاه دست خورده است",
    en: "The device log was found changed",
    detail: "0 = its length, else its entry + 1",
  },
  mainsLost: { fa: "برق شهر قطع شد", en: "Mains lost" },
  mainsBack: { fa: "برق شهر بازگشت", en: "Mains back" },
  caseOpened: { fa: "درِ دستگاه باز شد", en: "Case opened" },
  caseClosed: { fa: "درِ دستگاه بسته شد", en: "Case closed" },
  lineUp: { fa: "ارتباط با مرکز برقرار شد", en: "Line to the collector up" },
  lineDown: { fa: "ارتباط با مرکز قطع شد", en: "Line to the collector down" },
  allReceived: { fa: "مرکز دریافت همهٔ رأی‌ها را گواهی کرد", en: "The collector has receipted every ballot" },
  resultsReceived: { fa: "مرکز دریافت نتیجه‌ها را گواهی کرد", en: "The collector has receipted the results" },
  testFailed: {
    fa: "آزمون پیش از آغاز پذیرفته نشد",
    en: "A test before opening failed",
    detail: "1 random generator, 2 printer, 3 store not empty, 4 election package",
  },
  zeroReport: { fa: "گزارش صفر از حافظه گرفته شد", en: "Zero report taken from the store", detail: "slots voided" },
  reportBegun: {
    fa: "چاپ گزارش آغاز شد",
    en: "Printing of a report begun",
    detail: "1 printer test, 2 zero report, 3 results",
  },
  reportPrinted: { fa: "گزارش چاپ شد", en: "Report printed whole", detail: "1 printer test, 2 zero report, 3 results" },
  sharesRefused: {
    fa: "سهم‌های کلید شمارش پذیرفته نشد",
    en: "Shares of the tally key refused",
    detail: "1 no share for the card, 2 they do not fit",
  },
  counted: { fa: "رأی‌ها شمرده شد", en: "Ballots counted", detail: "ballots" },
  released: { fa: "انتخابات پس از بایگانی آزاد شد", en: "Election released after its archive was verified" },
  rightRefused: {
    fa: "کارت رأی داده نشد",
    en: "Card not given at the desk",
    detail: "1 not in the roll, 2 given before, 3 card not empty, 4 full, 5 card revoked",
  },
  rightUnanswered: { fa: "کارت رأی بی‌پاسخ ماند", en: "Card at the desk gave no answer" },
  rightRepeated: { fa: "دو مسئول کارت دوباره را اجازه دادند", en: "Card given again, by two officials' decision" },
  cardReturned: { fa: "کارت بی‌استفاده برگشت", en: "Unused card taken back" },
  nearlyFull: { fa: "ظرفیت رو به پایان است", en: "Capacity nearly used", detail: "per cent" },
  stopped: { fa: "پایانه از کار بازایستاد", en: "Terminal out of service" },
};
