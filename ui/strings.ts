export type TextKey = string;
