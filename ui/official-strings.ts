// Texts of the officials' acts and of their printed reports; part of strings.ts.

import { version } from "../firmware/version.js";
import type { Faces, UiString } from "./text/string.js";

const act: Faces = ["frame-bold", "title"];
const row: Faces = ["frame"];
const rowBold: Faces = ["frame-bold"];
const slip: Faces = ["slip"];
const slipBold: Faces = ["slip-bold"];
const stamp: Faces = ["slip", "frame"];

/** In the digits of its language. */
const persian = (digits: string): string => digits.replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[Number(digit)]!);

export const officialStrings = {
  version: { fa: `نسخهٔ ${persian(version)}`, en: `Version ${version}`, faces: ["frame", "slip"] },
  "act.count": { fa: "شمارش رأی‌ها", en: "Count ballots", faces: act },
  "act.report": { fa: "چاپ نتیجه‌ها", en: "Print results", faces: act },
  "act.release": { fa: "آزادسازی", en: "Release", faces: act },
  "act.service": { fa: "سرویس", en: "Service", faces: act },
  "status.station": { fa: "شعبه", en: "Station", faces: row },
  "status.voids": { fa: "برگه‌های باطل‌شده", en: "Voided slips", faces: row },
  "status.journal": { fa: "جای خالی روزنگار", en: "Journal, entries left", faces: row },
  "status.log": { fa: "سرگذشت دستگاه", en: "Device log", faces: row },
  "log.whole": { fa: "سالم", en: "Whole", faces: act },
  "log.changed": { fa: "دست‌خورده", en: "Changed", faces: act },
  "log.not-kept": { fa: "نوشته نشد", en: "Not kept", faces: act },
  "act.end-session": { fa: "پایان نشست", en: "End session", faces: act },

  "step.leave-card": { fa: "کارت را برندارید.", en: "Leave the card where it is.", faces: row },
  "step.package": { fa: "بستهٔ انتخابات", en: "Election package", faces: row },
  "step.entropy": { fa: "آزمون مولد تصادفی", en: "Test of the random generator", faces: row },
  "step.printer": { fa: "آزمون چاپگر", en: "Test of the printer", faces: row },
  "step.storage": { fa: "هر دو حافظه در کارند", en: "Both storage media are in use", faces: row },
  "step.clock": { fa: "ساعت دستگاه", en: "The terminal's clock", faces: row },
  "step.empty": { fa: "حافظه خوانده شد و خالی است", en: "The store was read and is empty", faces: row },
  "step.zero-report": { fa: "چاپ گزارش صفر", en: "Zero report", faces: row },
  "step.share": { fa: "سهم کارت از کلید شمارش", en: "The card's share of the tally key", faces: row },
  "step.key": { fa: "ساختن کلید شمارش", en: "Tally key put together", faces: row },
  "step.count": { fa: "باز کردن و شمردن رأی‌ها", en: "Ballots opened and counted", faces: row },
  "step.sign": { fa: "امضا و نگهداری نتیجه‌ها", en: "Results signed and kept", faces: row },
  "step.report": { fa: "چاپ نتیجه‌ها", en: "Results printed", faces: row },
  "step.archive": { fa: "رسید بایگانی", en: "Receipt for the archive", faces: row },
  "step-state.running": { fa: "در حال انجام", en: "Running", faces: row },
  "step-state.passed": { fa: "انجام شد", en: "Done", faces: rowBold },
  "step-state.flagged": { fa: "بررسی کنید", en: "Look at this", faces: rowBold },

  "report.title-zero": { fa: "گزارش صفر", en: "Zero report", faces: slipBold },
  "report.title-results": { fa: "گزارش نتیجه‌ها", en: "Results", faces: slipBold },
  "report.title-printer-test": { fa: "آزمون چاپگر", en: "Printer test", faces: slipBold },
  "report.terminal": { fa: "پایانهٔ {0}", en: "Terminal {0}", faces: slip },
  "report.generated": { fa: "زمان تهیه", en: "Generated at", faces: slip },
  "report.printed": { fa: "زمان چاپ", en: "Printed at", faces: slip },
  "report.ballots": { fa: "برگه‌های رأی", en: "Ballots stored", faces: slipBold },
  "report.voids": { fa: "جایگاه‌های باطل‌شده", en: "Slots voided", faces: slip },
  "report.media-2": { fa: "هر دو حافظه خوانده شد", en: "Both storage media were read", faces: slip },
  "report.media-1": { fa: "تنها یک حافظه خوانده شد", en: "Only one storage medium was read", faces: slip },
  "report.contest-ballots": { fa: "برگه‌های این بخش", en: "Ballots with this part", faces: slip },
  "report.blank": { fa: "رأی سفید", en: "Blank votes", faces: slip },
  "report.undervotes": { fa: "انتخاب‌های به‌کارنرفته", en: "Choices not used", faces: slip },
  "report.withheld": {
    fa: "کمتر از {0} برگه: در سطح بالاتر شمرده می‌شود",
    en: "Fewer than {0} ballots: counted at a higher level",
    faces: slip,
    wrap: 540,
  },
  "report.package": { fa: "کد بستهٔ انتخابات", en: "Election package", faces: slip },
  "report.code": { fa: "کد راستی‌آزمایی", en: "Verification code", faces: slip },
  "report.sign-executive": { fa: "امضای مسئول اجرایی", en: "Executive official's signature", faces: slip },
  "report.sign-supervision": { fa: "امضای مسئول نظارت", en: "Supervision official's signature", faces: slip },
  "report.end": { fa: "پایان گزارش", en: "End of the report", faces: slipBold },
  "stamp.slash": { fa: "/", en: "/", faces: stamp },
  "stamp.colon": { fa: ":", en: ":", faces: stamp },
} as const satisfies Record<string, UiString>;
