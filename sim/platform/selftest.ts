import type { Platform } from "../../firmware/platform.js";

export function selftest(platform: Platform): void {
  platform.trace("ready");
}
