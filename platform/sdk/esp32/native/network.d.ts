/** Once; 0, or ESP-IDF's number of what failed. */
export function start(): number;
