// Every text of the terminal's own, in both languages, with the sizes in which it is shown. The text tools shape them
// at build time; the device has only their names (text/key.ts) and the shaped bundle. {0} to {9} are numbers that the
// device puts in.

import { keyboard } from "./keyboard.js";
import { officialStrings } from "./official-strings.js";
import type { Faces, UiString } from "./text/string.js";

const caption: Faces = ["caption"];
/** A sentence, and smaller where it would not fit. */
const body: Faces = ["body", "caption", "frame"];
const title: Faces = ["title", "frame-bold"];
const frame: Faces = ["frame"];
/** Buttons and the header's title. */
const button: Faces = ["frame-bold"];
const slip: Faces = ["slip"];
const slipBold: Faces = ["slip-bold"];
const strip: Faces = ["strip-bold"];
const digit: Faces = [
  "caption",
  "caption-bold",
  "body",
  "body-bold",
  "frame",
  "frame-bold",
  "mark",
  "title",
  "key",
  "code",
  "slip",
  "slip-bold",
];
/** Pixels at which a sentence across the screen breaks. */
const across = 940;

export const strings = {
  digits: { fa: "۰۱۲۳۴۵۶۷۸۹", en: "0123456789", faces: digit, apart: "pieces" },

  number: { fa: "{0}", en: "{0}", faces: digit },
  // "rehearsal" is wider than the place of the mark
  "rehearsal.mark": { fa: "تمرینی", en: "MOCK", faces: ["mark"] },
  "test.mark": { fa: "آزمایشی", en: "TEST", faces: ["mark"] },

  "starting.title": { fa: "پایانه آماده می‌شود", en: "The terminal is starting", faces: title, wrap: across },
  "starting.text": {
    fa: "حافظه و بستهٔ انتخابات بررسی می‌شود.",
    en: "Storage and election package are being checked.",
    faces: body,
    wrap: across,
  },

  "reading.title": { fa: "کارت خوانده می‌شود", en: "Your card is being read", faces: title, wrap: across },
  "reading.text": { fa: "کارت را برندارید.", en: "Leave the card where it is.", faces: body, wrap: across },

  "idle.title": {
    fa: "کارت رأی خود را روی محل مشخص‌شده بگذارید",
    en: "Place your ballot card on the marked spot",
    faces: title,
    wrap: across,
  },
  "idle.other": {
    fa: "Place your ballot card on the marked spot",
    en: "کارت رأی خود را روی محل مشخص‌شده بگذارید",
    faces: body,
    wrap: across,
  },
  "idle.closed": { fa: "رأی‌گیری باز نیست", en: "The polls are not open", faces: title, wrap: across },
  "idle.closed-other": { fa: "The polls are not open", en: "رأی‌گیری باز نیست", faces: body, wrap: across },
  "idle.station": { fa: "شعبهٔ {0}", en: "Station {0}", faces: ["frame", "frame-bold"] },
  "idle.radio-off": { fa: "بی‌سیم خاموش", en: "Radio off", faces: frame },
  "poll.before-opening": { fa: "رأی‌گیری هنوز باز نشده است", en: "Polls not yet open", faces: frame },
  "poll.open": { fa: "رأی‌گیری باز است", en: "Polls are open", faces: frame },
  "poll.paused": { fa: "رأی‌گیری متوقف است", en: "Polls are paused", faces: frame },
  "poll.closed": { fa: "رأی‌گیری پایان یافته است", en: "Polls are closed", faces: frame },

  "voting.count": { fa: "{0} از {1}", en: "{0} of {1}", faces: ["frame-bold", "mark"] },
  "voting.up-to": { fa: "تا {0} نفر را برگزینید", en: "Choose up to {0}", faces: ["frame", "body", "caption"] },
  "voting.one": { fa: "یک گزینه را برگزینید", en: "Choose one", faces: ["frame", "body", "caption"] },
  "voting.open-list": {
    fa: "یک فهرست و تا {0} نامزد آن",
    en: "One list and up to {0} of it",
    faces: ["frame", "body", "caption"],
  },
  "voting.part": { fa: "بخش {0} از {1}", en: "Part {0} of {1}", faces: ["frame", "body", "caption"] },
  "voting.page": { fa: "{0} از {1}", en: "{0} of {1}", faces: frame },
  "voting.code": { fa: "ورود کد", en: "By code", faces: button },
  "voting.list": { fa: "فهرست", en: "List", faces: button },
  "voting.white": { fa: "سفید", en: "Blank", faces: ["frame-bold", "mark"] },
  "voting.correct": { fa: "تصحیح", en: "Erase", faces: ["frame-bold", "mark"] },
  "voting.enter": { fa: "ثبت کد", en: "Take code", faces: button },
  "voting.next": { fa: "ادامه", en: "Next", faces: button },
  "voting.back": { fa: "بازگشت", en: "Back", faces: button },
  "voting.type-code": { fa: "کد را وارد کنید", en: "Type the code", faces: frame },
  "voting.press-take": {
    fa: "برای برگزیدن، «ثبت کد» را بزنید",
    en: "Press “Take code” to choose",
    faces: frame,
    wrap: 470,
  },
  "voting.chosen": { fa: "برگزیده شد", en: "Chosen", faces: button },
  "voting.blank-on": { fa: "رأی سفید برگزیده شد", en: "A blank vote is chosen", faces: frame },
  "problem.overvote": {
    fa: "همهٔ {0} انتخاب به کار رفته؛ نخست یکی را بردارید",
    en: "All {0} are used: take one back first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.no-such-code": {
    fa: "هیچ گزینه‌ای این کد را ندارد",
    en: "No option has this code",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.choice-with-blank": {
    fa: "رأی سفید برگزیده شده است؛ نخست آن را بردارید",
    en: "A blank vote is chosen: take it back first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.blank-with-choices": {
    fa: "برای رأی سفید، نخست انتخاب‌هایتان را بردارید",
    en: "For a blank vote take your choices back first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.list-first": {
    fa: "نخست فهرستِ این نامزد را برگزینید",
    en: "Choose the candidate's list first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.other-list": {
    fa: "فهرست دیگری برگزیده شده؛ نخست آن را بردارید",
    en: "Another list is chosen: take it back first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.list-has-choices": {
    fa: "نخست نامزدهای این فهرست را بردارید",
    en: "Take back the candidates of this list first",
    faces: ["mark"],
    wrap: 420,
  },
  "problem.blank-not-allowed": {
    fa: "این بخش رأی سفید ندارد",
    en: "This part has no blank vote",
    faces: ["mark"],
    wrap: 420,
  },

  "voting.search": { fa: "جست‌وجو", en: "Search", faces: button },
  "search.keys-0": { fa: keyboard[0], en: keyboard[0], faces: button, apart: "lines" },
  "search.keys-1": { fa: keyboard[1], en: keyboard[1], faces: button, apart: "lines" },
  "search.keys-2": { fa: keyboard[2], en: keyboard[2], faces: button, apart: "lines" },
  "search.type": { fa: "نام را بنویسید", en: "Type the name", faces: frame },
  "search.none": { fa: "هیچ نامی این‌گونه آغاز نمی‌شود", en: "No name begins like this", faces: body, wrap: across },
  "intro.start": { fa: "آغاز", en: "Begin", faces: button },
  "intro.how": {
    fa: "از فهرست برگزینید، کد را وارد کنید، یا نام را جست‌وجو کنید.",
    en: "Choose from the list, type a code, or search for a name.",
    faces: body,
    wrap: across,
  },
  "intro.blank": {
    fa: "کلید سفید رأی سفید می‌دهد.",
    en: "The white key casts a blank vote.",
    faces: body,
    wrap: across,
  },

  "panel.done": { fa: "بستن", en: "Close", faces: button },
  "settings.title": { fa: "نمایش", en: "Display", faces: button },
  "settings.language": { fa: "زبان · Language", en: "Language · زبان", faces: frame },
  "settings.fa": { fa: "فارسی", en: "فارسی", faces: button },
  "settings.en": { fa: "English", en: "English", faces: button },
  "settings.size": { fa: "اندازهٔ نوشته", en: "Text size", faces: frame },
  "settings.size-0": { fa: "ریز", en: "Small", faces: button },
  "settings.size-1": { fa: "معمولی", en: "Normal", faces: button },
  "settings.size-2": { fa: "درشت", en: "Large", faces: button },
  "settings.size-3": { fa: "بسیار درشت", en: "Largest", faces: button },
  "settings.contrast": { fa: "رنگ", en: "Contrast", faces: frame },
  "settings.normal": { fa: "معمولی", en: "Normal", faces: button },
  "settings.high": { fa: "سیاه و سفید", en: "High", faces: button },
  "settings.low": { fa: "ملایم", en: "Soft", faces: button },

  "help.title": { fa: "راهنما", en: "Help", faces: button },
  "help.start": {
    fa: "کارت رأی خود را روی محل مشخص‌شده بگذارید و تا پایان همان‌جا بماند.",
    en: "Place your ballot card on the marked spot and leave it there to the end.",
    faces: body,
    wrap: across,
  },
  "help.look": {
    fa: "با دکمهٔ نمایش، زبان و اندازهٔ نوشته و رنگ را برگزینید.",
    en: "The display button changes language, text size and contrast.",
    faces: body,
    wrap: across,
  },
  "help.ask": {
    fa: "مسئولان شعبه به شما کمک می‌کنند، بی آنکه رأی شما را ببینند.",
    en: "The officials help you without seeing your vote.",
    faces: body,
    wrap: across,
  },
  "help.choose": {
    fa: "روی نامی بزنید تا برگزیده شود؛ دوباره بزنید تا برداشته شود.",
    en: "Touch a name to choose it, touch it again to take it back.",
    faces: body,
    wrap: across,
  },
  "help.code": {
    fa: "کد را با کلیدهای عدد وارد کنید و کلید سبز را بزنید. کلید تصحیح آخرین رقم یا انتخاب را برمی‌دارد.",
    en: "Type a code with the digit keys and press green. The correction key takes back the last digit or choice.",
    faces: body,
    wrap: across,
  },
  "help.blank": {
    fa: "کلید سفید، در بخشی که رأی سفید دارد، رأی سفید می‌دهد.",
    en: "The white key casts a blank vote in a part that has one.",
    faces: body,
    wrap: across,
  },
  "help.next": {
    fa: "کلید سبز به بخش بعد می‌رود. پیش از ثبت، همه چیز را می‌بینید و می‌توانید تغییر دهید.",
    en: "Green goes on. Before anything is cast you see it all and can change it.",
    faces: body,
    wrap: across,
  },
  "help.review": {
    fa: "هیچ‌چیز هنوز ثبت نشده است. با «تغییر» به هر بخش برمی‌گردید.",
    en: "Nothing is cast yet. “Change” goes back to a part.",
    faces: body,
    wrap: across,
  },
  "help.slip": {
    fa: "پس از چاپ، برگه را پشت شیشه ببینید. اگر نادرست است، بگویید تا باطل شود.",
    en: "After printing, look at the slip behind the glass. If it is wrong, say so and it is voided.",
    faces: body,
    wrap: across,
  },
  "help.card": {
    fa: "کارت تا پایان روی محل مشخص‌شده بماند.",
    en: "Leave the card on the marked spot to the end.",
    faces: body,
    wrap: across,
  },

  "review.title": { fa: "بازبینی رأی", en: "Review your ballot", faces: button },
  "review.not-cast": { fa: "هنوز ثبت نشده است", en: "Not yet cast", faces: frame },
  "review.contests": { fa: "{0} بخش", en: "{0} parts", faces: button },
  "review.count": { fa: "{0} از {1}", en: "{0} of {1}", faces: caption },
  "review.change": { fa: "تغییر", en: "Change", faces: button },
  "review.under": { fa: "{0} انتخاب دیگر ممکن است", en: "{0} more choices are possible", faces: caption },
  "review.none": { fa: "هیچ انتخابی نشده است", en: "Nothing is chosen", faces: caption },
  "review.blank": { fa: "رأی سفید", en: "Blank vote", faces: caption },
  "review.confirm": { fa: "تأیید", en: "Confirm", faces: button },

  "confirm.title": {
    fa: "رأی شما هنوز ثبت نشده است",
    en: "Your vote is not yet cast",
    faces: ["frame-bold", "mark"],
    wrap: 430,
  },
  "confirm.text": {
    fa: "با فشردن دوبارهٔ کلید سبز، برگهٔ رأی چاپ می‌شود و آن را می‌بینید.",
    en: "Press green once more: the slip is printed and you see it.",
    faces: body,
    wrap: across,
  },
  "confirm.cast": { fa: "ثبت رأی", en: "Cast vote", faces: button },
  "confirm.back": { fa: "بازگشت به بازبینی", en: "Back to review", faces: button },

  "printing.title": { fa: "برگهٔ رأی چاپ می‌شود", en: "Your slip is being printed", faces: title, wrap: across },
  "printing.text": {
    fa: "رأی شما هنوز ثبت نشده است.\nکارت را برندارید.",
    en: "Your vote is not yet cast.\nLeave the card where it is.",
    faces: body,
    wrap: across,
  },

  "slip.title": { fa: "برگه را پشت شیشه ببینید", en: "Look at the slip", faces: button, wrap: 476 },
  "slip.text": {
    fa: "هنوز ثبت نشده است. اگر برگه با رأی شما یکی نیست یا خوانا نیست، «نادرست است» را بزنید. برگه باطل می‌شود و به بازبینی برمی‌گردید.",
    en: "Not yet cast. If the slip is not your vote or cannot be read, press “It is wrong”. The slip is voided and you return to the review.",
    faces: ["caption", "frame"],
    wrap: 470,
  },
  "slip.last": {
    fa: "هنوز ثبت نشده است. این آخرین برگه است؛ اگر نادرست است کارت را بردارید و به مسئول شعبه بگویید.",
    en: "Not yet cast. This is the last slip: if it is wrong, take the card away and tell an official.",
    faces: ["caption", "frame"],
    wrap: 470,
  },
  "slip.reject": { fa: "نادرست است", en: "It is wrong", faces: button },

  "finishing.title": { fa: "رأی شما ثبت شد", en: "Your vote is cast", faces: title, wrap: across },
  "finishing.text": {
    fa: "مهر «معتبر» روی برگه چاپ می‌شود. کمی صبر کنید.",
    en: "The slip is being marked VALID. Please wait a moment.",
    faces: body,
    wrap: across,
  },
  "done.title": { fa: "رأی شما ثبت شد", en: "Your vote is cast", faces: title, wrap: across },
  "done.text": {
    fa: "کارت خود را بردارید و به مسئول شعبه بدهید.",
    en: "Take your card and give it to an official.",
    faces: body,
    wrap: across,
  },
  "done.other": {
    fa: "Your vote is cast. Please take your card.",
    en: "رأی شما ثبت شد. کارت خود را بردارید.",
    faces: body,
    wrap: across,
  },

  "inactive.title": { fa: "آیا هنوز اینجا هستید؟", en: "Are you still there?", faces: title, wrap: across },
  "inactive.text": {
    fa: "رأی شما هنوز ثبت نشده است. اگر ادامه ندهید، نشست بسته می‌شود\nو کارت شما در همین پایانه معتبر می‌ماند.",
    en: "Your vote is not yet cast. If you do not go on, the session ends\nand your card stays good at this terminal.",
    faces: body,
    wrap: across,
  },
  "inactive.go-on": { fa: "ادامه می‌دهم", en: "Go on", faces: button },

  "parked.title": { fa: "کارت خود را دوباره بگذارید", en: "Put your card back", faces: title, wrap: across },
  "parked.text": {
    fa: "رأی شما هنوز ثبت نشده است. همان کارت را روی محل مشخص‌شده بگذارید تا ادامه دهید.",
    en: "Your vote is not yet cast. Put the same card on the marked spot to go on.",
    faces: body,
    wrap: across,
  },

  "awaits.official": { fa: "مسئول شعبه: کارت خود را بگذارید", en: "Official: place your card", faces: button },
  "awaits.card-return": { fa: "کارت رأی خود را دوباره بگذارید", en: "Put your ballot card back", faces: button },
  "awaits.card-removal": { fa: "کارت خود را بردارید", en: "Take your card", faces: button },
  "awaits.key": { fa: "ادامه", en: "Go on", faces: button },

  "official.badge": { fa: "مسئولان", en: "Officials", faces: button },
  "official.pin-executive": {
    fa: "رمز کارت مسئول اجرایی",
    en: "PIN: executive official",
    faces: ["frame-bold", "mark"],
    wrap: 420,
  },
  "official.pin-supervision": {
    fa: "رمز کارت مسئول نظارت",
    en: "PIN: supervision official",
    faces: ["frame-bold", "mark"],
    wrap: 420,
  },
  "official.pin-text": { fa: "رمز را وارد کنید و کلید سبز را بزنید", en: "Type the PIN and press green", faces: frame },
  "official.pin-enter": { fa: "ورود", en: "Enter", faces: button },
  "official.wait-executive": {
    fa: "مسئول اجرایی کارت خود را بگذارد",
    en: "The executive official places the card",
    faces: title,
    wrap: across,
  },
  "official.wait-supervision": {
    fa: "مسئول نظارت کارت خود را بگذارد",
    en: "The supervision official places the card",
    faces: title,
    wrap: across,
  },
  "official.second-text": {
    fa: "این کار را دو مسئول با هم انجام می‌دهند.",
    en: "Two officials do this together.",
    faces: body,
    wrap: across,
  },
  "official.cards-left": {
    fa: "{0} کارت از این نهاد لازم است، یکی پس از دیگری.",
    en: "{0} cards of this office are needed, one after the other.",
    faces: body,
    wrap: across,
  },
  "official.title-executive": { fa: "مسئول اجرایی", en: "Executive official", faces: button },
  "official.title-supervision": { fa: "مسئول نظارت", en: "Supervision official", faces: button },
  "act.open": { fa: "آغاز رأی‌گیری", en: "Open the polls", faces: ["frame-bold", "title"] },
  "act.pause": { fa: "توقف موقت", en: "Pause", faces: ["frame-bold", "title"] },
  "act.resume": { fa: "ازسرگیری", en: "Resume", faces: ["frame-bold", "title"] },
  "act.close": { fa: "پایان رأی‌گیری", en: "Close the polls", faces: ["frame-bold", "title"] },
  "act.clear-fault": { fa: "رفع ایراد شد", en: "Fault cleared", faces: ["frame-bold", "title"] },
  "act.one-medium": { fa: "ادامه با یک حافظه", en: "Go on with one medium", faces: ["frame-bold", "title"] },
  ...officialStrings,
  "act.log-out": { fa: "خروج", en: "Log out", faces: ["frame-bold", "title"] },
  "progress.text": {
    fa: "در حال انجام است. کارت را برندارید.",
    en: "In progress. Leave the card where it is.",
    faces: body,
    wrap: across,
  },
  "result.text": { fa: "انجام شد.", en: "Done.", faces: body, wrap: across },
  "status.ballots": { fa: "برگه‌های رأی", en: "Ballots", faces: frame },
  "status.capacity": { fa: "ظرفیت {0}", en: "Capacity {0}", faces: frame },
  "status.polls": { fa: "رأی‌گیری", en: "Polls", faces: frame },
  "status.before-opening": { fa: "باز نشده", en: "Not open", faces: button },
  "status.open": { fa: "باز", en: "Open", faces: button },
  "status.paused": { fa: "متوقف", en: "Paused", faces: button },
  "status.closed": { fa: "پایان‌یافته", en: "Closed", faces: button },
  "status.paper": { fa: "کاغذ", en: "Paper", faces: frame },
  "paper.ok": { fa: "کافی", en: "Enough", faces: button },
  "paper.near-end": { fa: "رو به پایان", en: "Near its end", faces: button },
  "paper.out": { fa: "تمام شده", en: "Out", faces: button },
  "paper.unknown": { fa: "نامعلوم", en: "Unknown", faces: button },
  "status.power": { fa: "برق", en: "Power", faces: frame },
  "power.mains": { fa: "شبکه", en: "Mains", faces: button },
  "power.battery": { fa: "باتری", en: "Battery", faces: button },
  "status.media": { fa: "حافظه", en: "Storage", faces: frame },
  "media.both": { fa: "سالم", en: "Sound", faces: button },
  "media.one": { fa: "یک واسط", en: "One medium", faces: button },
  "media.none": { fa: "خراب", en: "Failed", faces: button },
  "status.sync": { fa: "ارسال", en: "Sending", faces: frame },
  "sync.off": { fa: "خاموش", en: "Off", faces: button },
  "sync.waiting": { fa: "در انتظار", en: "Waiting", faces: button },
  "sync.offline": { fa: "خط قطع است", en: "No line", faces: button },
  "sync.done": { fa: "انجام شد", en: "Done", faces: button },

  "paper.title": { fa: "برگهٔ رأی", en: "Ballot slip", faces: ["slip-bold", "frame-bold"] },
  "paper.station": { fa: "شعبهٔ {0}", en: "Station {0}", faces: ["slip", "frame"] },
  "paper.rehearsal": {
    fa: "تمرین – بی‌اعتبار در شمارش",
    en: "REHEARSAL (MOCK): not to be counted",
    faces: slipBold,
    wrap: 540,
  },
  "paper.test": { fa: "آزمایشی – بی‌اعتبار در شمارش", en: "TEST - not to be counted", faces: slipBold, wrap: 540 },
  "paper.blank": { fa: "رأی سفید", en: "Blank vote", faces: slip },
  "paper.none": { fa: "بدون انتخاب", en: "No choice", faces: slip },
  "paper.under": { fa: "{0} انتخاب به کار نرفته", en: "{0} choices not used", faces: slip },
  "paper.valid": { fa: "معتبر", en: "VALID", faces: strip },
  "paper.void": { fa: "باطل", en: "VOID", faces: strip },
} as const satisfies Record<string, UiString>;

export const messageFaces = { title, text: body, note: frame } as const satisfies Record<string, Faces>;
/** Pixels at which a message's texts break. */
export const messageWrap = across;
