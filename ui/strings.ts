// Every text of the terminal's own, in both languages, with the sizes in which it is shown. The text tools shape them at build
// time; the device has only their names (type TextKey) and the shaped bundle. {0} to {9} are numbers that the device puts in.

import type { MessageCode } from "../firmware/messages.js";
import type { FaceName } from "./text/faces.js";

export interface UiString {
  readonly fa: string;
  readonly en: string;
  /** Every face it is drawn in; the first decides where lines break. */
  readonly faces: readonly FaceName[];
  /** Pixels at which lines break. */
  readonly wrap?: number;
}

const caption: readonly FaceName[] = ["caption"];
const body: readonly FaceName[] = ["body"];
const bold: readonly FaceName[] = ["body-bold"];
const large: readonly FaceName[] = ["large-bold"];
const slip: readonly FaceName[] = ["slip"];
const slipBold: readonly FaceName[] = ["slip-bold"];
const strip: readonly FaceName[] = ["strip-bold"];
const digit: readonly FaceName[] = ["caption", "caption-bold", "body", "body-bold", "large-bold", "huge-bold", "code-bold", "slip", "slip-bold"];

export const strings = {
  "digit.0": { fa: "۰", en: "0", faces: digit },
  "digit.1": { fa: "۱", en: "1", faces: digit },
  "digit.2": { fa: "۲", en: "2", faces: digit },
  "digit.3": { fa: "۳", en: "3", faces: digit },
  "digit.4": { fa: "۴", en: "4", faces: digit },
  "digit.5": { fa: "۵", en: "5", faces: digit },
  "digit.6": { fa: "۶", en: "6", faces: digit },
  "digit.7": { fa: "۷", en: "7", faces: digit },
  "digit.8": { fa: "۸", en: "8", faces: digit },
  "digit.9": { fa: "۹", en: "9", faces: digit },

  "number": { fa: "{0}", en: "{0}", faces: digit },
  "test.mark": { fa: "آزمایشی", en: "TEST", faces: ["caption-bold"] },
  "language.other": { fa: "En", en: "فا", faces: bold },

  "starting.title": { fa: "پایانه آماده می‌شود", en: "The terminal is starting", faces: large },
  "starting.text": { fa: "حافظه و بستهٔ انتخابات بررسی می‌شود.", en: "Storage and election package are being checked.", faces: body },

  "reading.title": { fa: "کارت خوانده می‌شود", en: "Your card is being read", faces: large },
  "reading.text": { fa: "کارت را برندارید.", en: "Leave the card where it is.", faces: body },

  "idle.title": { fa: "کارت رأی خود را روی محل مشخص‌شده بگذارید", en: "Place your ballot card on the marked spot", faces: large },
  "idle.other": { fa: "Place your ballot card on the marked spot", en: "کارت رأی خود را روی محل مشخص‌شده بگذارید", faces: body },
  "idle.closed": { fa: "رأی‌گیری باز نیست", en: "The polls are not open", faces: large },
  "idle.closed-other": { fa: "The polls are not open", en: "رأی‌گیری باز نیست", faces: body },
  "idle.station": { fa: "شعبهٔ {0}", en: "Station {0}", faces: ["caption", "body-bold"] },
  "idle.radio-off": { fa: "بی‌سیم خاموش", en: "Radio off", faces: caption },
  "poll.before-opening": { fa: "رأی‌گیری هنوز باز نشده است", en: "Polls not yet open", faces: caption },
  "poll.open": { fa: "رأی‌گیری باز است", en: "Polls are open", faces: caption },
  "poll.paused": { fa: "رأی‌گیری متوقف است", en: "Polls are paused", faces: caption },
  "poll.closed": { fa: "رأی‌گیری پایان یافته است", en: "Polls are closed", faces: caption },

  "voting.count": { fa: "{0} از {1}", en: "{0} of {1}", faces: bold },
  "voting.up-to": { fa: "تا {0} نفر را برگزینید", en: "Choose up to {0}", faces: caption },
  "voting.one": { fa: "یک گزینه را برگزینید", en: "Choose one", faces: caption },
  "voting.part": { fa: "بخش {0} از {1}", en: "Part {0} of {1}", faces: caption },
  "voting.page": { fa: "صفحهٔ {0} از {1}", en: "Page {0}/{1}", faces: caption },
  "voting.code": { fa: "ورود کد", en: "By code", faces: bold },
  "voting.list": { fa: "فهرست", en: "List", faces: bold },
  "voting.white": { fa: "سفید", en: "Blank", faces: bold },
  "voting.correct": { fa: "تصحیح", en: "Erase", faces: bold },
  "voting.enter": { fa: "ثبت کد", en: "Take code", faces: bold },
  "voting.next": { fa: "ادامه", en: "Next", faces: bold },
  "voting.back": { fa: "بازگشت", en: "Back", faces: bold },
  "voting.type-code": { fa: "کد را وارد کنید", en: "Type the code", faces: body },
  "voting.press-take": { fa: "برای برگزیدن، «ثبت کد» را بزنید", en: "Press “Take code” to choose", faces: caption },
  "voting.chosen": { fa: "برگزیده شد", en: "Chosen", faces: ["caption-bold"] },
  "voting.blank-on": { fa: "رأی سفید برگزیده شد", en: "A blank vote is chosen", faces: bold },
  "problem.overvote": { fa: "همهٔ {0} انتخاب به کار رفته است؛ برای افزودن، یکی را بردارید", en: "All {0} choices are used: take one back to add another", faces: ["caption-bold"], wrap: 590 },
  "problem.no-such-code": { fa: "هیچ گزینه‌ای این کد را ندارد", en: "No option has this code", faces: ["caption-bold"], wrap: 590 },
  "problem.choice-with-blank": { fa: "رأی سفید برگزیده شده است؛ نخست آن را بردارید", en: "A blank vote is chosen: take it back first", faces: ["caption-bold"], wrap: 590 },
  "problem.blank-with-choices": { fa: "برای رأی سفید، نخست انتخاب‌هایتان را بردارید", en: "For a blank vote take your choices back first", faces: ["caption-bold"], wrap: 590 },
  "problem.blank-not-allowed": { fa: "این بخش رأی سفید ندارد", en: "This part has no blank vote", faces: ["caption-bold"], wrap: 590 },

  "review.title": { fa: "بازبینی رأی", en: "Review your ballot", faces: bold },
  "review.not-cast": { fa: "هنوز ثبت نشده است", en: "Not yet cast", faces: caption },
  "review.contests": { fa: "{0} بخش", en: "{0} parts", faces: bold },
  "review.count": { fa: "{0} از {1}", en: "{0} of {1}", faces: caption },
  "review.change": { fa: "تغییر", en: "Change", faces: bold },
  "review.under": { fa: "{0} انتخاب دیگر ممکن است", en: "{0} more choices are possible", faces: caption },
  "review.none": { fa: "هیچ انتخابی نشده است", en: "Nothing is chosen", faces: caption },
  "review.blank": { fa: "رأی سفید", en: "Blank vote", faces: caption },
  "review.confirm": { fa: "تأیید", en: "Confirm", faces: bold },

  "confirm.title": { fa: "رأی شما هنوز ثبت نشده است", en: "Your vote is not yet cast", faces: large },
  "confirm.text": { fa: "با فشردن دوبارهٔ کلید سبز، برگهٔ رأی چاپ می‌شود و آن را می‌بینید.", en: "Press green once more: the slip is printed and you see it.", faces: body },
  "confirm.cast": { fa: "ثبت رأی", en: "Cast vote", faces: large },
  "confirm.back": { fa: "بازگشت به بازبینی", en: "Back to review", faces: bold },

  "printing.title": { fa: "برگهٔ رأی چاپ می‌شود", en: "Your slip is being printed", faces: large },
  "printing.text": { fa: "رأی شما هنوز ثبت نشده است.\nکارت را برندارید.", en: "Your vote is not yet cast.\nLeave the card where it is.", faces: body },

  "slip.title": { fa: "برگه را پشت شیشه ببینید", en: "Look at the slip", faces: large },
  "slip.text": { fa: "هنوز ثبت نشده است. اگر برگه با رأی شما یکی نیست یا خوانا نیست، «نادرست است» را بزنید. برگه باطل می‌شود و به بازبینی برمی‌گردید.", en: "Not yet cast. If the slip is not your vote or cannot be read, press “It is wrong”. The slip is voided and you return to the review.", faces: body, wrap: 470 },
  "slip.last": { fa: "هنوز ثبت نشده است. این آخرین برگه است؛ اگر نادرست است کارت را بردارید و به مسئول شعبه بگویید.", en: "Not yet cast. This is the last slip: if it is wrong, take the card away and tell an official.", faces: body, wrap: 470 },
  "slip.reject": { fa: "نادرست است", en: "It is wrong", faces: bold },

  "finishing.title": { fa: "رأی شما ثبت شد", en: "Your vote is cast", faces: large },
  "finishing.text": { fa: "مهر «معتبر» روی برگه چاپ می‌شود. کمی صبر کنید.", en: "The slip is being marked VALID. Please wait a moment.", faces: body },
  "done.title": { fa: "رأی شما ثبت شد", en: "Your vote is cast", faces: large },
  "done.text": { fa: "کارت خود را بردارید و به مسئول شعبه بدهید.", en: "Take your card and give it to an official.", faces: body },
  "done.other": { fa: "Your vote is cast. Please take your card.", en: "رأی شما ثبت شد. کارت خود را بردارید.", faces: body },

  "inactive.title": { fa: "آیا هنوز اینجا هستید؟", en: "Are you still there?", faces: large },
  "inactive.text": { fa: "رأی شما هنوز ثبت نشده است. اگر ادامه ندهید، نشست بسته می‌شود\nو کارت شما در همین پایانه معتبر می‌ماند.", en: "Your vote is not yet cast. If you do not go on, the session ends\nand your card stays good at this terminal.", faces: body },
  "inactive.go-on": { fa: "ادامه می‌دهم", en: "Go on", faces: large },

  "parked.title": { fa: "کارت خود را دوباره بگذارید", en: "Put your card back", faces: large },
  "parked.text": { fa: "رأی شما هنوز ثبت نشده است. همان کارت را روی محل مشخص‌شده بگذارید تا ادامه دهید.", en: "Your vote is not yet cast. Put the same card on the marked spot to go on.", faces: body, wrap: 800 },

  "awaits.official": { fa: "مسئول شعبه: کارت خود را بگذارید", en: "Official: place your card", faces: bold },
  "awaits.card-return": { fa: "کارت رأی خود را دوباره بگذارید", en: "Put your ballot card back", faces: bold },
  "awaits.card-removal": { fa: "کارت خود را بردارید", en: "Take your card", faces: bold },
  "awaits.key": { fa: "ادامه", en: "Go on", faces: bold },

  "official.badge": { fa: "مسئولان", en: "Officials", faces: bold },
  "official.pin-executive": { fa: "رمز کارت مسئول اجرایی", en: "PIN of the executive official's card", faces: bold },
  "official.pin-supervision": { fa: "رمز کارت مسئول نظارت", en: "PIN of the supervision official's card", faces: bold },
  "official.pin-text": { fa: "رمز را وارد کنید و کلید سبز را بزنید", en: "Type the PIN and press green", faces: caption },
  "official.pin-enter": { fa: "ورود", en: "Enter", faces: bold },
  "official.wait-executive": { fa: "مسئول اجرایی کارت خود را بگذارد", en: "The executive official places the card", faces: large },
  "official.wait-supervision": { fa: "مسئول نظارت کارت خود را بگذارد", en: "The supervision official places the card", faces: large },
  "official.second-text": { fa: "این کار را دو مسئول با هم انجام می‌دهند.", en: "Two officials do this together.", faces: body },
  "official.title-executive": { fa: "مسئول اجرایی", en: "Executive official", faces: bold },
  "official.title-supervision": { fa: "مسئول نظارت", en: "Supervision official", faces: bold },
  "act.open": { fa: "آغاز رأی‌گیری", en: "Open the polls", faces: ["body-bold", "large-bold"] },
  "act.pause": { fa: "توقف موقت", en: "Pause", faces: ["body-bold", "large-bold"] },
  "act.resume": { fa: "ازسرگیری", en: "Resume", faces: ["body-bold", "large-bold"] },
  "act.close": { fa: "پایان رأی‌گیری", en: "Close the polls", faces: ["body-bold", "large-bold"] },
  "act.clear-fault": { fa: "رفع ایراد شد", en: "Fault cleared", faces: ["body-bold", "large-bold"] },
  "act.one-medium": { fa: "ادامه با یک حافظه", en: "Go on with one medium", faces: ["body-bold", "large-bold"] },
  "act.log-out": { fa: "خروج", en: "Log out", faces: ["body-bold", "large-bold"] },
  "progress.text": { fa: "در حال انجام است. کارت را برندارید.", en: "In progress. Leave the card where it is.", faces: body },
  "result.text": { fa: "انجام شد.", en: "Done.", faces: body },
  "status.ballots": { fa: "برگه‌های رأی", en: "Ballots", faces: caption },
  "status.capacity": { fa: "ظرفیت {0}", en: "Capacity {0}", faces: caption },
  "status.polls": { fa: "رأی‌گیری", en: "Polls", faces: caption },
  "status.before-opening": { fa: "باز نشده", en: "Not open", faces: large },
  "status.open": { fa: "باز", en: "Open", faces: large },
  "status.paused": { fa: "متوقف", en: "Paused", faces: large },
  "status.closed": { fa: "پایان‌یافته", en: "Closed", faces: large },
  "status.paper": { fa: "کاغذ", en: "Paper", faces: caption },
  "paper.ok": { fa: "کافی", en: "Enough", faces: large },
  "paper.near-end": { fa: "رو به پایان", en: "Near its end", faces: large },
  "paper.out": { fa: "تمام شده", en: "Out", faces: large },
  "paper.unknown": { fa: "نامعلوم", en: "Unknown", faces: large },
  "status.power": { fa: "برق", en: "Power", faces: caption },
  "power.mains": { fa: "شبکه", en: "Mains", faces: large },
  "power.battery": { fa: "باتری", en: "Battery", faces: large },
  "status.media": { fa: "حافظه", en: "Storage", faces: caption },
  "media.both": { fa: "سالم", en: "Sound", faces: large },
  "media.one": { fa: "یک واسط", en: "One medium", faces: large },
  "media.none": { fa: "خراب", en: "Failed", faces: large },
  "status.sync": { fa: "ارسال", en: "Sending", faces: caption },
  "sync.off": { fa: "خاموش", en: "Off", faces: large },
  "sync.waiting": { fa: "در انتظار", en: "Waiting", faces: large },
  "sync.offline": { fa: "خط قطع است", en: "No line", faces: large },
  "sync.done": { fa: "انجام شد", en: "Done", faces: large },

  "paper.title": { fa: "برگهٔ رأی", en: "Ballot slip", faces: ["slip-bold", "body-bold"] },
  "paper.station": { fa: "شعبهٔ {0}", en: "Station {0}", faces: ["slip", "caption"] },
  "paper.test": { fa: "آزمایشی – بی‌اعتبار در شمارش", en: "TEST - not to be counted", faces: slipBold, wrap: 540 },
  "paper.blank": { fa: "رأی سفید", en: "Blank vote", faces: slip },
  "paper.none": { fa: "بدون انتخاب", en: "No choice", faces: slip },
  "paper.under": { fa: "{0} انتخاب به کار نرفته", en: "{0} choices not used", faces: slip },
  "paper.valid": { fa: "معتبر", en: "VALID", faces: strip },
  "paper.void": { fa: "باطل", en: "VOID", faces: strip },
} as const satisfies Record<string, UiString>;

/** A message of firmware/messages.ts has three texts: its title, its text, and the small line with the code and the English title. */
export type MessageTextKey = `message.${MessageCode}.${"title" | "text" | "note"}`;
export type TextKey = keyof typeof strings | MessageTextKey;

export const messageFaces = { title: large, text: body, note: caption } as const;
/** Pixels at which a message's text breaks. */
export const messageWrap = 900;
