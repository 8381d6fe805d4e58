// Names with every awkward case that a register of persons has: letters written in other ways, marks, joiners, hamzas
// on all seats, ligatures, digits, brackets and Latin letters between Persian ones. No person of such a name is meant.

import { example } from "../package/support.js";

const given = [
  "محمدامین",
  "سیده‌فاطمه",
  "ابوالفضل",
  "مؤمنه",
  "آتنا",
  "رؤیا",
  "هدی",
  "عبدالله",
  "فاطمة‌الزهرا",
  "یحیی",
  "موسی",
  "مائده",
  "سهیلا",
  "ژاله",
  "چیستا",
  "گیو",
  "پگاه",
  "طاهره",
  "ضحی",
  "ظهیر",
  "ثریّا",
  "ذبیح‌الله",
  "غلام‌علی",
  "قمر",
  "حجّت",
  "خشایار",
  "صغری",
  "لاله",
  "علاءالدین",
  "بهاءالدین",
] as const;
const family = [
  "لالایی",
  "میرزائی‌نژاد",
  "کریمي",
  "كاظمي",
  "قائم‌مقام فراهانی",
  "جلالی (اصل)",
  "رضایی ۲",
  "نیک‌آیین",
  "پورمحمدی الله‌آبادی",
  "شاه‌اله",
  "بِهْرُوزی",
  "مُحَمَّدی",
  "ابراهیمی Smith",
  "De la Cruz نیا",
  "آل‌احمد",
  "سوء‌نیت",
  "شیئی",
  "جزءخوان",
  "اسلام‌پناه",
] as const;
/** Alone, each with something of its own. */
const alone = [
  "لا",
  "ﷲ",
  "اللّه",
  "«نام»",
  "م. ح. کاظمی",
  "۱۴۰۴",
  "علی ۱۲ (دوم)",
  "A-ب-C",
  "خانهٔ مردم",
  "همهٔ ما",
  "ئـا",
  "ـب ـب",
  "۰۱۲۳۴۵۶۷۸۹",
  "٠١٢٣",
  "حسن/حسین",
  "نیم‌ فاصله",
] as const;

/** At least 500. */
export function awkwardNames(): readonly string[] {
  const listed = example().contests.flatMap((contest) => contest.options.map((option) => option.name));
  return [
    ...new Set([...listed, ...given.flatMap((first) => family.map((last) => `${first} ${last}`)), ...alone]),
  ].slice(0, 800);
}
