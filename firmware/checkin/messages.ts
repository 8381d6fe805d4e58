// Every message that people at an identity desk can meet, besides those about officials' cards that both roles have
// (firmware/messages.ts). A message says what happened, whose matter it is, and what to do; `\n` is a line break of the
// screen. D-01 to D-03 are about the number that is typed, and stand beside it (ui/desk/strings.ts).

import type { Message } from "../messages.js";

export const deskMessages = {
  "D-04": {
    tone: "notice",
    fa: {
      title: "این کارت خالی نیست",
      text: "روی این کارت حق رأی دیگری است یا در پایانه‌ای به کار رفته است.\nآن را بردارید و کارت خالی بگذارید.",
    },
    en: {
      title: "This card is not empty",
      text: "It holds another right, or is in use at a terminal.\nTake it away and place an empty card.",
    },
  },
  "D-05": {
    tone: "notice",
    fa: { title: "کارت زود برداشته شد", text: "شاید حق رأی روی آن نوشته شده باشد. همان کارت را دوباره بگذارید." },
    en: { title: "The card was lifted too early", text: "It may hold the right already. Put the same card back." },
  },
  "D-06": {
    tone: "notice",
    fa: {
      title: "این کارت خوانده نشد",
      text: "این کارتِ رأی این شعبه نیست یا خراب است.\nآن را بردارید و کارت دیگری بگذارید.",
    },
    en: {
      title: "This card could not be read",
      text: "It is no ballot card of this station, or it is broken.\nTake it away and place another one.",
    },
  },
  "D-07": {
    tone: "notice",
    fa: {
      title: "دو مسئول باید تصمیم بگیرند",
      text: "نوشتن کارت این شخص نیمه‌کاره مانده و این کارت خالی است. اگر کارت دیگری نگرفته است،\nهر دو مسئول با کارت خود اجازه می‌دهند.",
    },
    en: {
      title: "Two officials must decide",
      text: "Writing this person's card was broken off, and this card is empty. If no other card was given,\nboth officials allow it with their cards.",
    },
  },
  "D-08": {
    tone: "fault",
    fa: { title: "کارتخوان پاسخ نمی‌دهد", text: "اکنون کارتی داده نمی‌شود. کابل کارتخوان را بررسی کنید." },
    en: { title: "The card reader does not answer", text: "No card can be given now. Check the reader's cable." },
  },
  "D-09": {
    tone: "fault",
    fa: {
      title: "فهرست رأی‌دهندگان آسیب دیده است",
      text: "با این دستگاه کارتی داده نمی‌شود. بخشی از فهرست با امضا نمی‌خواند.\nدستگاه را کنار بگذارید و به ناظر خبر دهید.",
    },
    en: {
      title: "The roll is damaged",
      text: "No card can be given with this device. A part of the roll does not match its signature.\nSet the device aside and tell the supervisor.",
    },
  },
  "D-10": {
    tone: "notice",
    fa: {
      title: "ظرفیت این دستگاه پر است",
      text: "کارت دیگری با این دستگاه داده نمی‌شود. از دستگاه دیگری استفاده کنید.",
    },
    en: { title: "This device is full", text: "It gives no further card. Use another device." },
  },
  "D-11": {
    tone: "fault",
    fa: {
      title: "حافظهٔ دستگاه پاسخ نمی‌دهد",
      text: "کارتی داده نمی‌شود. آنچه ثبت شده محفوظ است.\nدستگاه را خاموش و روشن کنید؛ اگر بهتر نشد کنار بگذارید.",
    },
    en: {
      title: "The storage does not answer",
      text: "No card is given. What was recorded is safe.\nSwitch the device off and on; if that does not help, set it aside.",
    },
  },
  "D-12": {
    tone: "notice",
    fa: { title: "میز شناسایی باز نیست", text: "دو مسئول با کارت و رمز خود آن را باز می‌کنند." },
    en: { title: "The desk is not open", text: "Two officials open it with their cards and PINs." },
  },
  "D-13": {
    tone: "fault",
    fa: {
      title: "حافظه برای این انتخابات نیست",
      text: "در آن انتخابات دیگر، فهرست دیگر یا ثبت‌های پیشین است.\nدستگاه را کنار بگذارید و با پشتیبانی تماس بگیرید.",
    },
    en: {
      title: "The storage is not for this election",
      text: "It holds another election, another roll, or earlier check-ins.\nSet the device aside and call the support.",
    },
  },
  "D-14": {
    tone: "fault",
    fa: {
      title: "فهرست رأی‌دهندگان در دستگاه نیست",
      text: "با این دستگاه کارتی داده نمی‌شود. فهرست این شعبه را درخواست کنید.",
    },
    en: { title: "There is no roll in the device", text: "No card can be given with it. Ask for this station's roll." },
  },
  "D-15": {
    tone: "fault",
    fa: {
      title: "فهرست از مرجع این انتخابات نیست",
      text: "امضا درست نیست یا فهرست برای دستگاه دیگری است.\nدستگاه را کنار بگذارید و به ناظر خبر دهید.",
    },
    en: {
      title: "The roll is not for this device",
      text: "Its signature is not the authority's, or it names other devices.\nSet the device aside and tell the supervisor.",
    },
  },
  "D-16": {
    tone: "fault",
    fa: { title: "مولد تصادفی آزمون را نگذراند", text: "میز باز نمی‌شود. دستگاه را کنار بگذارید." },
    en: { title: "The random generator failed its test", text: "The desk stays closed. Set the device aside." },
  },
  "D-18": {
    tone: "fault",
    fa: {
      title: "از ثبت‌های این دستگاه چیزی کم یا عوض شده است",
      text: "کارتی داده نمی‌شود. شاید کسی به حافظه دست زده باشد.\nدستگاه را کنار بگذارید و به ناظر خبر دهید.",
    },
    en: {
      title: "Check-ins of this device are missing or changed",
      text: "No card is given. Somebody may have worked on its storage.\nSet the device aside and tell the supervisor.",
    },
  },
  "D-19": {
    tone: "fault",
    fa: {
      title: "از دفتر رویداد چیزی کم یا عوض شده است",
      text: "کارتی داده نمی‌شود. شاید کسی به حافظه دست زده باشد.\nدستگاه را کنار بگذارید و به ناظر خبر دهید.",
    },
    en: {
      title: "Entries of the journal are missing or changed",
      text: "No card is given. Somebody may have worked on the storage.\nSet the device aside and tell the supervisor.",
    },
  },
  "D-20": {
    tone: "notice",
    fa: { title: "این کارت برای این انتخابات نیست", text: "آن را بردارید و کارت دیگری بگذارید." },
    en: { title: "This card is not of this election", text: "Take it away and place another one." },
  },
  "D-21": {
    tone: "notice",
    fa: {
      title: "این کارت از اعتبار افتاده است",
      text: "این کارت گم‌شده گزارش شده و پذیرفته نمی‌شود.\nآن را بردارید، نگه دارید و کارت دیگری بگذارید.",
    },
    en: {
      title: "This card is no longer valid",
      text: "It was reported lost and is not accepted.\nTake it away, keep it, and place another one.",
    },
  },
  "D-17": {
    tone: "fault",
    fa: { title: "درِ دستگاه باز شده است", text: "رویداد ثبت شده است. دستگاه را بررسی کنید." },
    en: { title: "The case has been opened", text: "The event is recorded. Inspect the device." },
  },
} as const satisfies Record<string, Message>;

export type DeskMessageCode = keyof typeof deskMessages;
