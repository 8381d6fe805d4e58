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
} as const satisfies Record<string, Message>;

export type MessageCode = keyof typeof messages;
