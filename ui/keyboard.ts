// The keyboard on the screen: keys as on a Persian one, left to right. Here, so that the device has it without the
// texts of ui/strings.ts.

export const keyboard = ["ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزژرذدپو"] as const;
