// Every message a person can meet: one source for the screen, the journal and the documentation.
// A message says what happened, whose matter it is, and what to do; `\n` is a line break of the screen.

export interface Message {
  readonly tone: "notice" | "fault" | "good";
  readonly fa: { readonly title: string; readonly text: string };
  readonly en: { readonly title: string; readonly text: string };
}

export const messages = {
  "P-01": {
    tone: "fault",
    fa: { title: "چاپگر پاسخ نمی‌دهد", text: "رأی شما هنوز ثبت نشده است. ایراد از شما نیست.\nمسئول شعبه کابل و برق چاپگر را بررسی می‌کند." },
    en: { title: "The printer does not answer", text: "Your vote is not cast yet. It is no fault of yours.\nAn official checks the printer's cable and power." },
  },
  "P-02": {
    tone: "fault",
    fa: { title: "کاغذ چاپگر تمام شده است", text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه کاغذ را عوض می‌کند و از همین‌جا ادامه می‌دهید." },
    en: { title: "The printer is out of paper", text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official changes the paper and you go on from here." },
  },
  "P-03": {
    tone: "fault",
    fa: { title: "درِ چاپگر باز است", text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه در را می‌بندد و از همین‌جا ادامه می‌دهید." },
    en: { title: "The printer's cover is open", text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official closes it and you go on from here." },
  },
  "P-04": {
    tone: "fault",
    fa: { title: "کاغذ در چاپگر گیر کرده است", text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه کاغذ گیرکرده را بیرون می‌آورد." },
    en: { title: "Paper is jammed in the printer", text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official removes the jammed paper." },
  },
  "E-01": {
    tone: "fault",
    fa: { title: "حافظهٔ برنامه پاسخ نمی‌دهد", text: "رأی‌گیری با این دستگاه ممکن نیست. ایراد از شما نیست.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد." },
    en: { title: "The program memory does not answer", text: "Voting is not possible on this terminal. It is no fault of yours.\nAn official sets it aside and calls the support." },
  },
  "E-02": {
    tone: "fault",
    fa: { title: "بستهٔ انتخابات در دستگاه نیست", text: "رأی‌گیری با این دستگاه ممکن نیست.\nمسئول شعبه دستگاه را کنار می‌گذارد و بستهٔ این شعبه را درخواست می‌کند." },
    en: { title: "There is no election package", text: "Voting is not possible on this terminal.\nAn official sets it aside and asks for this station's package." },
  },
  "E-03": {
    tone: "fault",
    fa: { title: "امضای بستهٔ انتخابات درست نیست", text: "رأی‌گیری با این دستگاه ممکن نیست. بسته از مرجع این انتخابات نیست یا تغییر کرده است.\nمسئول شعبه دستگاه را کنار می‌گذارد و به ناظر خبر می‌دهد." },
    en: { title: "The election package is not signed properly", text: "Voting is not possible on this terminal. The package is not from this election's authority or was changed.\nAn official sets it aside and tells the supervisor." },
  },
  "E-04": {
    tone: "fault",
    fa: { title: "بستهٔ انتخابات آسیب دیده است", text: "رأی‌گیری با این دستگاه ممکن نیست. بخشی از بسته با امضا نمی‌خواند.\nمسئول شعبه دستگاه را کنار می‌گذارد و به ناظر خبر می‌دهد." },
    en: { title: "The election package is damaged", text: "Voting is not possible on this terminal. A part of the package does not match its signature.\nAn official sets it aside and tells the supervisor." },
  },
  "E-05": {
    tone: "fault",
    fa: { title: "بستهٔ انتخابات برای این نسخه نیست", text: "رأی‌گیری با این دستگاه ممکن نیست. بسته چیزی دارد که برنامهٔ دستگاه نمی‌شناسد.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد." },
    en: { title: "The election package is not for this version", text: "Voting is not possible on this terminal. The package holds something that its program does not know.\nAn official sets it aside and calls the support." },
  },
  "E-06": {
    tone: "fault",
    fa: { title: "بستهٔ انتخابات برای دستگاه دیگری است", text: "رأی‌گیری با این دستگاه ممکن نیست.\nمسئول شعبه دستگاه را کنار می‌گذارد و بستهٔ این دستگاه را درخواست می‌کند." },
    en: { title: "The election package is for another terminal", text: "Voting is not possible on this terminal.\nAn official sets it aside and asks for this terminal's package." },
  },
} as const satisfies Record<string, Message>;

export type MessageCode = keyof typeof messages;
