// How a person wants the screen: at a ballot terminal and at an identity desk alike. At every session's end all
// settings are what they were at the start.

export type Language = "fa" | "en";

export interface Settings {
  readonly language: Language;
  /** Of text: 3.9, 5.0, 6.8 or 8.7 mm. */
  readonly size: 0 | 1 | 2 | 3;
  readonly contrast: "normal" | "high" | "low";
}

export const settingsAtRest: Settings = { language: "fa", size: 1, contrast: "normal" };
