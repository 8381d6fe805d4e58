// Texts of the identity desk's own, and which of the terminal's it shows too: together the texts of its image.

import type { MessageCode } from "../../firmware/messages.js";
import type { strings } from "../strings.js";
import type { Faces, UiString } from "../text/string.js";

const body: Faces = ["body", "caption", "frame"];
const title: Faces = ["title", "frame-bold"];
const frame: Faces = ["frame"];
const button: Faces = ["frame-bold"];
const problem: Faces = ["mark"];
const across = 940;

export const deskStrings = {
  "desk.title": { fa: "میز شناسایی، شعبهٔ {0}", en: "Identity desk, station {0}", faces: ["frame-bold", "mark"] },
  "desk.closed": { fa: "میز شناسایی باز نیست", en: "The desk is not open", faces: title, wrap: across },
  "desk.closed-text": {
    fa: "مسئولان کارت خود را روی محل مشخص‌شده بگذارند.",
    en: "Officials place their card on the marked spot.",
    faces: body,
    wrap: across,
  },
  "desk.number": { fa: "شمارهٔ ملی را وارد کنید", en: "Type the national number", faces: frame },
  // beside the number that they are about: the check digit is wrong, not in the roll, given before, no room
  "desk.problem-D-01": {
    fa: "شماره درست نیست: رقم آخر با رقم‌های دیگر نمی‌خواند (D-01)",
    en: "Not right: the last digit does not go with the others (D-01)",
    faces: problem,
    wrap: 420,
  },
  "desk.problem-D-02": {
    fa: "این شماره در فهرست نیست. با مدرک مقایسه کنید (D-02)",
    en: "Not in the roll. Compare it with the document (D-02)",
    faces: problem,
    wrap: 420,
  },
  "desk.problem-D-03": {
    fa: "به این شماره پیش‌تر کارت داده شده است (D-03)",
    en: "This number has been given a card before (D-03)",
    faces: problem,
    wrap: 420,
  },
  "desk.problem-D-10": {
    fa: "ظرفیت این دستگاه پر است. دستگاه دیگر (D-10)",
    en: "This device is full. Use another one (D-10)",
    faces: problem,
    wrap: 420,
  },
  "desk.look-up": { fa: "جست‌وجو", en: "Look up", faces: button },
  "desk.found": { fa: "در فهرست هست. حوزهٔ {0}", en: "In the roll. Area {0}", faces: title, wrap: across },
  "desk.found-text": {
    fa: "اگر شماره و عکسِ مدرک از این شخص است، کلید سبز را بزنید.",
    en: "If number and picture of the document are this person's, press green.",
    faces: body,
    wrap: across,
  },
  "desk.found-open": {
    fa: "برای این شماره نوشتن یک کارت نیمه‌کاره مانده است.",
    en: "For this number the writing of a card was broken off.",
    faces: body,
    wrap: across,
  },
  "desk.give": { fa: "دادن کارت", en: "Give a card", faces: button },
  "desk.card": { fa: "یک کارت خالی بگذارید", en: "Place an empty card", faces: title, wrap: across },
  "desk.card-text": {
    fa: "روی محل مشخص‌شده، و تا پایان برندارید.",
    en: "On the marked spot; leave it there to the end.",
    faces: body,
    wrap: across,
  },
  "desk.card-same": { fa: "همان کارت را دوباره بگذارید", en: "Put the same card back", faces: title, wrap: across },
  "desk.working": { fa: "کمی صبر کنید", en: "Wait a moment", faces: title, wrap: across },
  "desk.working-text": { fa: "کارت را برندارید.", en: "Leave the card where it is.", faces: body, wrap: across },
  "desk.granted": { fa: "کارت آماده است", en: "The card is ready", faces: title, wrap: across },
  "desk.granted-text": {
    fa: "کارت را بردارید و به رأی‌دهنده بدهید.",
    en: "Take the card and give it to the voter.",
    faces: body,
    wrap: across,
  },
  "desk.unused": {
    fa: "این کارت حق رأی دارد و به کار نرفته است",
    en: "This card holds a right that was not used",
    faces: title,
    wrap: across,
  },
  "desk.unused-text": {
    fa: "برای پس گرفتن کلید سبز را بزنید؛ وگرنه کارت را بردارید. به جای آن کارتی داده نمی‌شود.",
    en: "Press green to take it back, or take the card away. No other is given for it.",
    faces: body,
    wrap: across,
  },
  "desk.take-back": { fa: "پس گرفتن", en: "Take back", faces: button },
  "desk.given": { fa: "کارت‌های داده‌شده", en: "Cards given", faces: frame },
  "desk.open-cards": { fa: "نیمه‌کاره", en: "Broken off", faces: frame },
  "desk.returned": { fa: "برگشتهٔ بی‌استفاده", en: "Returned unused", faces: frame },
  "desk.act-open": { fa: "باز کردن میز", en: "Open the desk", faces: ["frame-bold", "title"] },
  "desk.act-close": { fa: "بستن میز", en: "Close the desk", faces: ["frame-bold", "title"] },
  "desk.act-again": {
    fa: "کارت دوباره برای این شخص",
    en: "Another card for this person",
    faces: ["frame-bold", "title"],
  },
  "desk.other-language": { fa: "English", en: "فارسی", faces: button },
} as const satisfies Record<string, UiString>;

/** Of the terminal's texts (ui/strings.ts). */
export const sharedStrings = [
  "digits",
  "number",
  "test.mark",
  "rehearsal.mark",
  "starting.title",
  "starting.text",
  "poll.before-opening",
  "poll.open",
  "poll.closed",
  "voting.back",
  "voting.correct",
  "awaits.official",
  "awaits.card-removal",
  "awaits.key",
  "official.badge",
  "version",
  "official.pin-executive",
  "official.pin-supervision",
  "official.pin-text",
  "official.pin-enter",
  "official.wait-executive",
  "official.wait-supervision",
  "official.second-text",
  "status.capacity",
] as const satisfies readonly (keyof typeof strings)[];

/** Of the messages that both roles have. */
export const sharedMessages = [
  "I-01",
  "I-02",
  "I-03",
  "I-04",
  "I-05",
  "I-06",
  "E-06",
  "E-08",
  "E-09",
  "O-01",
  "O-02",
  "O-03",
  "O-06",
  "O-07",
] as const satisfies readonly MessageCode[];
