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
    fa: {
      title: "چاپگر پاسخ نمی‌دهد",
      text: "رأی شما هنوز ثبت نشده است. ایراد از شما نیست.\nمسئول شعبه کابل و برق چاپگر را بررسی می‌کند.",
    },
    en: {
      title: "The printer does not answer",
      text: "Your vote is not cast yet. It is no fault of yours.\nAn official checks the printer's cable and power.",
    },
  },
  "P-02": {
    tone: "fault",
    fa: {
      title: "کاغذ چاپگر تمام شده است",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه کاغذ را عوض می‌کند و از همین‌جا ادامه می‌دهید.",
    },
    en: {
      title: "The printer is out of paper",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official changes the paper and you go on from here.",
    },
  },
  "P-03": {
    tone: "fault",
    fa: {
      title: "درِ چاپگر باز است",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه در را می‌بندد و از همین‌جا ادامه می‌دهید.",
    },
    en: {
      title: "The printer's cover is open",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official closes it and you go on from here.",
    },
  },
  "P-04": {
    tone: "fault",
    fa: {
      title: "کاغذ در چاپگر گیر کرده است",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه کاغذ گیرکرده را بیرون می‌آورد.",
    },
    en: {
      title: "Paper is jammed in the printer",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official removes the jammed paper.",
    },
  },
  "E-01": {
    tone: "fault",
    fa: {
      title: "حافظهٔ برنامه پاسخ نمی‌دهد",
      text: "رأی‌گیری با این دستگاه ممکن نیست. ایراد از شما نیست.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد.",
    },
    en: {
      title: "The program memory does not answer",
      text: "Voting is not possible on this terminal. It is no fault of yours.\nAn official sets it aside and calls the support.",
    },
  },
  "E-02": {
    tone: "fault",
    fa: {
      title: "بستهٔ انتخابات در دستگاه نیست",
      text: "رأی‌گیری با این دستگاه ممکن نیست.\nمسئول شعبه دستگاه را کنار می‌گذارد و بستهٔ این شعبه را درخواست می‌کند.",
    },
    en: {
      title: "There is no election package",
      text: "Voting is not possible on this terminal.\nAn official sets it aside and asks for this station's package.",
    },
  },
  "E-03": {
    tone: "fault",
    fa: {
      title: "امضای بستهٔ انتخابات درست نیست",
      text: "رأی‌گیری با این دستگاه ممکن نیست. بسته از مرجع این انتخابات نیست یا تغییر کرده است.\nمسئول شعبه دستگاه را کنار می‌گذارد و به ناظر خبر می‌دهد.",
    },
    en: {
      title: "The election package is not signed properly",
      text: "Voting is not possible on this terminal. The package is not from this election's authority or was changed.\nAn official sets it aside and tells the supervisor.",
    },
  },
  "E-04": {
    tone: "fault",
    fa: {
      title: "بستهٔ انتخابات آسیب دیده است",
      text: "رأی‌گیری با این دستگاه ممکن نیست. بخشی از بسته با امضا نمی‌خواند.\nمسئول شعبه دستگاه را کنار می‌گذارد و به ناظر خبر می‌دهد.",
    },
    en: {
      title: "The election package is damaged",
      text: "Voting is not possible on this terminal. A part of the package does not match its signature.\nAn official sets it aside and tells the supervisor.",
    },
  },
  "E-05": {
    tone: "fault",
    fa: {
      title: "بستهٔ انتخابات برای این نسخه نیست",
      text: "رأی‌گیری با این دستگاه ممکن نیست. بسته چیزی دارد که برنامهٔ دستگاه نمی‌شناسد.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد.",
    },
    en: {
      title: "The election package is not for this version",
      text: "Voting is not possible on this terminal. The package holds something that its program does not know.\nAn official sets it aside and calls the support.",
    },
  },
  "E-06": {
    tone: "fault",
    fa: {
      title: "حکم گمارش برای دستگاه دیگری است",
      text: "این دستگاه با آن کار نمی‌کند.\nمسئول شعبه دستگاه را کنار می‌گذارد و حکم این دستگاه را درخواست می‌کند.",
    },
    en: {
      title: "The assignment is for another device",
      text: "This device does not work with it.\nAn official sets it aside and asks for this device's assignment.",
    },
  },
  "E-07": {
    tone: "fault",
    fa: {
      title: "این انتخابات در دستگاه جا نمی‌گیرد",
      text: "رأی‌گیری با این دستگاه ممکن نیست. انتخابات بزرگ‌تر از گنجایش دستگاه است.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد.",
    },
    en: {
      title: "This election does not fit the terminal",
      text: "Voting is not possible on this terminal. The election is larger than it can hold.\nAn official sets it aside and calls the support.",
    },
  },
  "E-09": {
    tone: "fault",
    fa: {
      title: "این دستگاه برای این نوع انتخابات نیست",
      text: "دستگاهِ واقعی انتخابات آزمایشی نمی‌پذیرد و دستگاهِ آزمایشی جز آن را.\nمسئول شعبه به دفتر انتخابات خبر دهد.",
    },
    en: {
      title: "The device is not for this kind of election",
      text: "A device for elections takes no test, and one for tests nothing else.\nAn official tells the election office.",
    },
  },
  "E-08": {
    tone: "fault",
    fa: {
      title: "بستهٔ انتخابات نسخهٔ دیگری است",
      text: "حکم یا حافظهٔ این دستگاه برای نسخهٔ دیگری است. دو شناسه پایین نوشته شده است.\nمسئول شعبه هر دو را به دفتر انتخابات بخواند.",
    },
    en: {
      title: "This is another edition of the election package",
      text: "The assignment, or what is stored, belongs to another edition. Both hashes stand below.\nAn official reads both to the election office.",
    },
  },
  "P-05": {
    tone: "fault",
    fa: {
      title: "تیغهٔ چاپگر کار نکرد",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه برش کاغذ را درست می‌کند.",
    },
    en: {
      title: "The printer's cutter failed",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official frees the cutter.",
    },
  },
  "P-06": {
    tone: "fault",
    fa: {
      title: "چاپگر بیش از حد گرم است",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nچند دقیقه بعد مسئول شعبه ادامه می‌دهد.",
    },
    en: {
      title: "The printer is too hot",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official goes on in a few minutes.",
    },
  },
  "P-07": {
    tone: "fault",
    fa: {
      title: "پاسخ چاپگر درست نیست",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه چاپگر را عوض می‌کند.",
    },
    en: {
      title: "The printer's answer is not credible",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official has the printer replaced.",
    },
  },
  "P-08": {
    tone: "fault",
    fa: {
      title: "چاپگر خراب است",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nمسئول شعبه چاپگر را عوض می‌کند.",
    },
    en: {
      title: "The printer is broken",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nAn official has the printer replaced.",
    },
  },
  "P-10": {
    tone: "fault",
    fa: {
      title: "تنظیم خط چاپگر درست نیست",
      text: "رأی شما هنوز ثبت نشده و انتخاب‌هایتان محفوظ است. ایراد از شما نیست.\nچاپگر روی XON/XOFF است؛ مسئول شعبه چاپگر را عوض می‌کند.",
    },
    en: {
      title: "The printer's line is set wrong",
      text: "Your vote is not cast yet and your choices are kept. It is no fault of yours.\nThe printer is set to XON/XOFF: an official has it replaced.",
    },
  },
  "P-09": {
    tone: "fault",
    fa: {
      title: "رأی شما ثبت شد؛ برگه هنوز مهر نشده است",
      text: "رأی شما شمرده می‌شود. ایراد از شما نیست.\nمسئول شعبه چاپگر را درست می‌کند تا مهر «معتبر» چاپ شود.",
    },
    en: {
      title: "Your vote is cast; the slip is not yet marked",
      text: "Your vote counts. It is no fault of yours.\nAn official sees to the printer, so that VALID is printed.",
    },
  },
  "C-01": {
    tone: "notice",
    fa: {
      title: "این کارت خوانده نشد",
      text: "کارت را بردارید و دوباره روی محل مشخص‌شده بگذارید.\nاگر باز هم نشد، به مسئول شعبه نشان دهید.",
    },
    en: {
      title: "This card could not be read",
      text: "Take the card and place it on the marked spot again.\nIf it fails again, show it to an official.",
    },
  },
  "C-02": {
    tone: "notice",
    fa: { title: "این کارت برای این انتخابات نیست", text: "کارت را بردارید و به مسئول شعبه نشان دهید." },
    en: { title: "This card is not of this election", text: "Take the card and show it to an official." },
  },
  "C-03": {
    tone: "notice",
    fa: {
      title: "با این کارت پیش‌تر رأی داده شده است",
      text: "هر کارت یک بار رأی می‌دهد.\nکارت را بردارید و به مسئول شعبه بدهید.",
    },
    en: { title: "This card has been used", text: "Each card votes once.\nTake the card and give it to an official." },
  },
  "C-04": {
    tone: "notice",
    fa: { title: "این کارت هنوز فعال نشده است", text: "کارت را بردارید و به میز شناسایی برگردید." },
    en: { title: "This card has not been activated", text: "Take the card and go back to the identification desk." },
  },
  "C-05": {
    tone: "notice",
    fa: {
      title: "این کارت در پایانهٔ دیگری به کار رفته است",
      text: "کارت را بردارید و رأی خود را در همان پایانه ادامه دهید.",
    },
    en: {
      title: "This card is in use at another terminal",
      text: "Take the card and go on at the terminal where you began.",
    },
  },
  "C-06": {
    tone: "notice",
    fa: { title: "نشست رأی‌دهندهٔ دیگری نیمه‌کاره است", text: "کارت را بردارید و کمی صبر کنید." },
    en: { title: "Another voter's session is not finished", text: "Take the card and wait a moment." },
  },
  "C-07": {
    tone: "notice",
    fa: {
      title: "بیش از یک کارت روی کارتخوان است",
      text: "همهٔ کارت‌ها را بردارید و فقط کارت خود را بگذارید.",
    },
    en: {
      title: "More than one card lies on the reader",
      text: "Take all cards and place your own alone.",
    },
  },
  "C-08": {
    tone: "notice",
    fa: {
      title: "این کارت از اعتبار افتاده است",
      text: "این کارت گم‌شده گزارش شده و پذیرفته نمی‌شود.\nکارت را بردارید و به مسئول شعبه بدهید.",
    },
    en: {
      title: "This card is no longer valid",
      text: "It was reported lost and is not accepted.\nTake the card and give it to an official.",
    },
  },
  "C-09": {
    tone: "notice",
    fa: {
      title: "این کارت در این شعبه فعال نشده است",
      text: "کارت را بردارید و به مسئول شعبه نشان دهید.",
    },
    en: { title: "This card was not activated at this station", text: "Take the card and show it to an official." },
  },
  "V-01": {
    tone: "notice",
    fa: {
      title: "رأی شما ثبت نشد",
      text: "زمان بی‌حرکتی به پایان رسید. کارت شما در همین پایانه معتبر است.\nکارت را بردارید؛ برای رأی دادن آن را دوباره بگذارید.",
    },
    en: {
      title: "Your vote is NOT cast",
      text: "The time without a touch ran out. Your card stays good at this terminal.\nTake your card; place it again to vote.",
    },
  },
  "V-02": {
    tone: "notice",
    fa: {
      title: "رأی شما ثبت نشد",
      text: "کارت پیش از پایان برداشته شد. کارت در همین پایانه معتبر است.\nبرای رأی دادن آن را دوباره بگذارید.",
    },
    en: {
      title: "Your vote is NOT cast",
      text: "The card was lifted before the end. It stays good at this terminal.\nPlace it again to vote.",
    },
  },
  "V-03": {
    tone: "notice",
    fa: {
      title: "رأی‌گیری باز نیست",
      text: "اکنون نمی‌توان رأی داد. کارت شما معتبر می‌ماند.\nکارت را بردارید و از مسئول شعبه بپرسید.",
    },
    en: {
      title: "The polls are not open",
      text: "No vote can be cast now. Your card stays good.\nTake your card and ask an official.",
    },
  },
  "V-04": {
    tone: "notice",
    fa: { title: "ظرفیت این پایانه پر است", text: "کارت شما معتبر می‌ماند.\nکارت را بردارید و پایانهٔ دیگری برگزینید." },
    en: { title: "This terminal is full", text: "Your card stays good.\nTake your card and use another terminal." },
  },
  "V-05": {
    tone: "notice",
    fa: { title: "ظرفیت این پایانه رو به پایان است", text: "مسئول شعبه پایانهٔ دیگری آماده کند." },
    en: { title: "This terminal is nearly full", text: "An official prepares another terminal." },
  },
  "V-06": {
    tone: "notice",
    fa: {
      title: "برگه‌های باطل‌شده بیش از اندازه است",
      text: "رأی بعدی پذیرفته نمی‌شود. کارت شما معتبر می‌ماند.\nدو مسئول چاپگر و علت را بررسی می‌کنند و کارت‌های خود را می‌گذارند.",
    },
    en: {
      title: "Too many slips were voided",
      text: "No further voter is admitted. Your card stays good.\nBoth officials look at the printer and the cause, and place their cards.",
    },
  },
  "V-07": {
    tone: "notice",
    fa: {
      title: "رأی شما ثبت نشد؛ برق قطع شده بود",
      text: "برگهٔ شما مهر «باطل» گرفت و شمرده نمی‌شود. ایراد از شما نیست.\nکارت شما در همین پایانه معتبر است: آن را بردارید و برای رأی دادن دوباره بگذارید.",
    },
    en: {
      title: "Your vote is NOT cast: the power was cut",
      text: "Your slip was marked VOID and does not count. It is no fault of yours.\nYour card stays good at this terminal: take it, and place it again to vote.",
    },
  },
  "S-01": {
    tone: "fault",
    fa: {
      title: "حافظهٔ دستگاه پاسخ نمی‌دهد",
      text: "هیچ رأیی از دست نرفته است. ایراد از شما نیست.\nمسئول شعبه پایانه را خاموش و روشن می‌کند تا دربارهٔ حافظه تصمیم گرفته شود.",
    },
    en: {
      title: "The storage does not answer",
      text: "No vote is lost. It is no fault of yours.\nAn official switches the terminal off and on to decide about the storage.",
    },
  },
  "S-02": {
    tone: "fault",
    fa: {
      title: "محتوای حافظه با خود سازگار نیست",
      text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانه را مهر و موم و گزارش کند.",
    },
    en: {
      title: "The stored records contradict each other",
      text: "The terminal takes no votes.\nAn official seals the terminal and reports it.",
    },
  },
  "S-03": {
    tone: "fault",
    fa: { title: "حافظه برای این انتخابات بسنده نیست", text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانهٔ دیگری بخواهد." },
    en: {
      title: "The storage is too small or holds another election",
      text: "The terminal takes no votes.\nAn official asks for another terminal.",
    },
  },
  "S-04": {
    tone: "fault",
    fa: { title: "دفتر رویداد پر یا خراب است", text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانه را گزارش کند." },
    en: {
      title: "The journal is full or broken",
      text: "The terminal takes no votes.\nAn official reports the terminal.",
    },
  },
  "S-05": {
    tone: "fault",
    fa: {
      title: "رأی شما مهر و موم نشد",
      text: "رأی شما ثبت نشده است. ایراد از شما نیست.\nمسئول شعبه پایانه را از کار بردارد.",
    },
    en: {
      title: "Your vote could not be sealed",
      text: "Your vote is not cast. It is no fault of yours.\nAn official takes the terminal out of use.",
    },
  },
  "S-06": {
    tone: "fault",
    fa: {
      title: "پایانه از کار ایستاد",
      text: "خطایی در برنامه رخ داد. رأی‌های ثبت‌شده محفوظ‌اند.\nمسئول شعبه پایانه را خاموش و روشن کند.",
    },
    en: {
      title: "The terminal has stopped",
      text: "An error in the program. Votes that were cast are safe.\nAn official switches the terminal off and on.",
    },
  },
  "S-07": {
    tone: "fault",
    fa: {
      title: "یکی از دو حافظه پاسخ نمی‌دهد",
      text: "هیچ رأیی از دست نرفته است: حافظهٔ دیگر همه را دارد.\nدو مسئول با هم می‌توانند با همان یک حافظه ادامه دهند.",
    },
    en: {
      title: "One of the two storage media does not answer",
      text: "No vote is lost: the other medium has them all.\nTwo officials together can go on with that one.",
    },
  },
  "R-01": {
    tone: "fault",
    fa: {
      title: "کارتخوان پاسخ نمی‌دهد",
      text: "رأی شما هنوز ثبت نشده است. ایراد از شما نیست.\nمسئول شعبه کارتخوان را بررسی می‌کند.",
    },
    en: {
      title: "The card reader does not answer",
      text: "Your vote is not cast yet. It is no fault of yours.\nAn official checks the card reader.",
    },
  },
  "T-01": {
    tone: "fault",
    fa: {
      title: "درِ دستگاه باز شده است",
      text: "رأیی که ثبت شده محفوظ است. ایراد از شما نیست.\nدو مسئول دستگاه را بررسی می‌کنند و کارت‌های خود را می‌گذارند؛ رویداد ثبت شده است.",
    },
    en: {
      title: "The case has been opened",
      text: "Votes that were cast are safe. It is no fault of yours.\nBoth officials inspect the terminal and place their cards; the event is recorded.",
    },
  },
  "S-10": {
    tone: "fault",
    fa: {
      title: "انتخابات دیگری در حافظه است",
      text: "پایانه رأی نمی‌گیرد. آن انتخابات هنوز بایگانی و آزاد نشده یا از دستگاه دیگری است.\nمسئول شعبه دستگاه را کنار می‌گذارد و با پشتیبانی تماس می‌گیرد.",
    },
    en: {
      title: "The storage holds another election",
      text: "The terminal takes no votes. That election is not yet archived and released, or is another terminal's.\nAn official sets the terminal aside and calls the support.",
    },
  },
  "S-11": {
    tone: "fault",
    fa: {
      title: "دفتر رویداد بریده یا عوض شده است",
      text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانه را مهر و موم و گزارش کند.",
    },
    en: {
      title: "The journal was cut off or changed",
      text: "The terminal takes no votes.\nAn official seals the terminal and reports it.",
    },
  },
  "S-12": {
    tone: "fault",
    fa: {
      title: "محتوای حافظه با دفتر رویداد سازگار نیست",
      text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانه را مهر و موم و گزارش کند.",
    },
    en: {
      title: "The storage and the journal contradict each other",
      text: "The terminal takes no votes.\nAn official seals the terminal and reports it.",
    },
  },
  "S-13": {
    tone: "fault",
    fa: {
      title: "محتوای حافظه کهنه است",
      text: "پایانه رأی نمی‌گیرد.\nمسئول شعبه پایانه را مهر و موم و گزارش کند.",
    },
    en: {
      title: "The storage is older than the terminal remembers",
      text: "The terminal takes no votes.\nAn official seals the terminal and reports it.",
    },
  },
  "S-14": {
    tone: "fault",
    fa: {
      title: "کلید آرای این دستگاه در حافظه نیست",
      text: "پایانه رأی نمی‌گیرد: آنچه هنگام بارگذاری ساخته شد از دست رفته است یا ساخته نمی‌شود.\nمسئول شعبه دستگاه را مهر و موم می‌کند و پایانهٔ دیگری می‌خواهد.",
    },
    en: {
      title: "The key to this terminal's ballots is missing",
      text: "The terminal takes no votes: what was made when it was loaded is lost, or cannot be made.\nAn official seals the terminal and asks for another one.",
    },
  },
  "O-01": {
    tone: "notice",
    fa: { title: "رمز درست نیست", text: "رمز کارت را دوباره وارد کنید." },
    en: { title: "The PIN is wrong", text: "Enter the card's PIN again." },
  },
  "O-02": {
    tone: "notice",
    fa: { title: "این کارت مسدود است", text: "پس از پانزده بار رمز نادرست، کارت دیگر کار نمی‌کند.\nکارت را بردارید." },
    en: { title: "This card is blocked", text: "After fifteen wrong PINs the card no longer works.\nTake the card." },
  },
  "O-03": {
    tone: "notice",
    fa: { title: "این کارتِ مسئول این انتخابات نیست", text: "کارت را بردارید." },
    en: { title: "This is not an official's card of this election", text: "Take the card." },
  },
  "O-04": {
    tone: "notice",
    fa: { title: "کارت مسئول دیگر لازم است", text: "این کار را دو مسئول با هم انجام می‌دهند.\nکارت را بردارید." },
    en: {
      title: "The other official's card is needed",
      text: "This is done by two officials together.\nTake the card.",
    },
  },
  "O-05": {
    tone: "fault",
    fa: { title: "این کار اکنون شدنی نیست", text: "در این وضعیت رأی‌گیری این فرمان پذیرفته نمی‌شود." },
    en: { title: "This cannot be done now", text: "In this state of the polls the command is refused." },
  },
  "O-06": {
    tone: "notice",
    fa: { title: "کارت خود را بردارید", text: "کار شما با پایانه به پایان رسید." },
    en: { title: "Take your card", text: "You are logged out." },
  },
  "O-07": {
    tone: "notice",
    fa: { title: "کمی صبر کنید", text: "رمز چند بار نادرست بوده است.\nپس از مدتی دوباره وارد کنید." },
    en: { title: "Wait a moment", text: "The PIN was wrong several times.\nEnter it again after a while." },
  },
  "O-08": {
    tone: "fault",
    fa: {
      title: "آزمون مولد تصادفی پذیرفته نشد",
      text: "رأی‌گیری با این دستگاه آغاز نمی‌شود. ایراد از دستگاه است.\nپایانهٔ دیگری بخواهید.",
    },
    en: {
      title: "The random generator failed its test",
      text: "The polls are not opened on this terminal. The fault is the device's.\nAsk for another terminal.",
    },
  },
  "O-09": {
    tone: "fault",
    fa: {
      title: "چاپ کامل نشد",
      text: "کاغذ و چاپگر را بررسی کنید و همین کار را از نو آغاز کنید.\nتکهٔ چاپ‌شده مهر «باطل» می‌گیرد.",
    },
    en: {
      title: "Printing was not completed",
      text: "See to the paper and the printer, then begin this act again.\nWhat was printed so far is marked VOID.",
    },
  },
  "O-10": {
    tone: "fault",
    fa: {
      title: "حافظه خالی نیست",
      text: "رأی‌گیری آغاز نمی‌شود: در حافظه چیزی هست که باید نباشد.\nپایانه را مهر و موم و گزارش کنید.",
    },
    en: {
      title: "The storage is not empty",
      text: "The polls are not opened: something is stored that must not be there.\nSeal the terminal and report it.",
    },
  },
  "O-11": {
    tone: "fault",
    fa: {
      title: "سهم‌های دو کارت کلید را نمی‌سازند",
      text: "هیچ رأیی باز نشد. کارت‌های همین شعبه و همین پایانه را به کار ببرید\nیا با ستاد تماس بگیرید.",
    },
    en: {
      title: "The two cards' shares do not make the key",
      text: "No ballot was opened. Use the cards of this station and terminal,\nor call the headquarters.",
    },
  },
  "O-12": {
    tone: "notice",
    fa: {
      title: "این کارت برای این پایانه سهمی ندارد",
      text: "کارت را بردارید. کارت دیگری از همین مسئولیت به کار ببرید.",
    },
    en: {
      title: "This card has no share for this terminal",
      text: "Take the card. Use another card of the same office.",
    },
  },
  "O-13": {
    tone: "notice",
    fa: {
      title: "بایگانی این انتخابات تأیید نشده است",
      text: "تا رسید معتبر بایگانی در دستگاه نباشد، انتخابات آزاد نمی‌شود.\nکارت را بردارید.",
    },
    en: {
      title: "This election's archive is not verified",
      text: "Without a valid receipt for the archive the election is not released.\nTake the card.",
    },
  },
  "O-14": {
    tone: "notice",
    fa: {
      title: "این کار دیگر در دفتر رویداد جا ندارد",
      text: "جای مانده برای پایان رأی‌گیری، شمارش و آزادسازی نگه داشته شده است.\nیکی از این کارها را انجام دهید.",
    },
    en: {
      title: "The journal has no room for this act",
      text: "What is left is kept for closing, counting and the release.\nGo on with one of these.",
    },
  },
  "O-15": {
    tone: "notice",
    fa: { title: "ایراد برطرف شد", text: "پایانه آمادهٔ رأی‌گیری است.\nکارت خود را بردارید." },
    en: { title: "The fault is cleared", text: "The terminal is ready for voters.\nTake your card." },
  },
  "O-16": {
    tone: "fault",
    fa: {
      title: "گزارش نیمه‌کاره ماند: کاغذ تمام شد",
      text: "چیزی از دست نرفته است. کاغذ تازه در چاپگر بگذارید.\nتکهٔ چاپ‌شده مهر «باطل» می‌گیرد و گزارش خودبه‌خود از نو چاپ می‌شود.",
    },
    en: {
      title: "The report broke off: the paper ran out",
      text: "Nothing is lost. Put new paper into the printer.\nWhat was printed is marked VOID, and the report begins anew by itself.",
    },
  },
  "O-17": {
    tone: "fault",
    fa: {
      title: "گزارش نیمه‌کاره ماند: درِ چاپگر باز است",
      text: "چیزی از دست نرفته است. درِ چاپگر را ببندید.\nتکهٔ چاپ‌شده مهر «باطل» می‌گیرد و گزارش خودبه‌خود از نو چاپ می‌شود.",
    },
    en: {
      title: "The report broke off: the printer's cover is open",
      text: "Nothing is lost. Close the printer's cover.\nWhat was printed is marked VOID, and the report begins anew by itself.",
    },
  },
  "O-18": {
    tone: "fault",
    fa: {
      title: "گزارش نیمه‌کاره ماند: کاغذ گیر کرد",
      text: "چیزی از دست نرفته است. کاغذ گیرکرده را بیرون بیاورید.\nتکهٔ چاپ‌شده مهر «باطل» می‌گیرد و گزارش خودبه‌خود از نو چاپ می‌شود.",
    },
    en: {
      title: "The report broke off: the paper is jammed",
      text: "Nothing is lost. Remove the jammed paper.\nWhat was printed is marked VOID, and the report begins anew by itself.",
    },
  },
  "O-19": {
    tone: "notice",
    fa: {
      title: "این کارت سهم خود را داده است: کارت دیگری بگذارید",
      text: "کارت دیگری از همین نهاد لازم است.\nاین کارت را بردارید.",
    },
    en: {
      title: "This card has given its share: place another",
      text: "Another card of the same office is needed.\nTake this one.",
    },
  },
  "I-01": {
    tone: "fault",
    fa: { title: "حافظهٔ اصلی دستگاه پاسخ نمی‌دهد", text: "دستگاه کار نمی‌کند.\nمسئول شعبه دستگاه دیگری بخواهد." },
    en: {
      title: "The device's main memory does not answer",
      text: "The device does not work.\nAn official asks for another device.",
    },
  },
  "I-02": {
    tone: "fault",
    fa: {
      title: "کلیدهای دستگاه آسیب دیده است",
      text: "دستگاه کار نمی‌کند. آرای ذخیره‌شده سر جای خود است.\nمسئول شعبه دستگاه را خاموش نگه دارد و با پشتیبانی تماس بگیرد.",
    },
    en: {
      title: "The device's keys are damaged",
      text: "The device does not work. What is stored stays where it is.\nAn official keeps it switched off and calls the support.",
    },
  },
  "I-03": {
    tone: "fault",
    fa: {
      title: "مولد عدد تصادفی درست کار نمی‌کند",
      text: "دستگاه نمی‌تواند کلید بسازد.\nآن را به کارخانه برگردانید.",
    },
    en: {
      title: "The random generator does not work",
      text: "The device cannot make its keys.\nReturn it to the factory.",
    },
  },
  "I-04": {
    tone: "fault",
    fa: {
      title: "دستگاه هنوز گواهی ندارد",
      text: "درخواست گواهی آماده است.\nکارخانه آن را می‌خواند و گواهی دستگاه را می‌نویسد.",
    },
    en: {
      title: "This device has no certificate yet",
      text: "Its request is ready.\nThe factory reads it and writes the device's certificate.",
    },
  },
  "I-05": {
    tone: "fault",
    fa: {
      title: "گواهی دستگاه درست نیست",
      text: "گواهی از مرجع این نرم‌افزار نیست یا برای دستگاه دیگری است.\nدستگاه را کنار بگذارید و با پشتیبانی تماس بگیرید.",
    },
    en: {
      title: "The device's certificate is not right",
      text: "It is not by this software's authority, or for another device.\nSet the device aside and call the support.",
    },
  },
  "I-06": {
    tone: "fault",
    fa: {
      title: "دستگاه به شعبه‌ای گمارده نشده است",
      text: "حکم گمارش نیست یا امضایش درست نیست.\nمسئول شعبه حکم این دستگاه را از دفتر انتخابات بخواهد.",
    },
    en: {
      title: "The device is not assigned to a station",
      text: "There is no assignment, or its signature is wrong.\nAn official asks the election office for this device's assignment.",
    },
  },
  // hinders nothing: it stands on the screen before the polls open, and where officials look
  "I-07": {
    tone: "notice",
    fa: {
      title: "سرگذشتِ این دستگاه دست خورده است",
      text: "رأی‌گیری ممکن است. مسئول شعبه به دفتر انتخابات خبر دهد.",
    },
    en: {
      title: "The log of this device was changed",
      text: "It can be voted on. An official tells the election office.",
    },
  },
  "I-08": {
    tone: "notice",
    fa: {
      title: "دستگاه سرگذشت خود را نگه نمی‌دارد",
      text: "رأی‌گیری ممکن است. مسئول شعبه به پشتیبانی خبر دهد.",
    },
    en: {
      title: "The device does not keep its log",
      text: "It can be voted on. An official tells the support.",
    },
  },
} as const satisfies Record<string, Message>;

export type MessageCode = keyof typeof messages;
