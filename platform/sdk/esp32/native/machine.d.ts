/** Milliseconds since the start, whole. */
export function monotonic(): number;
/** Seconds since 1970-01-01 UTC, whole; from 0 on after a loss of power, until somebody sets the clock. */
export function wall(): number;
/** Collects garbage and overwrites everything of the JavaScript heap that is free. */
export function wipeHeap(): void;
/**
 * Adds noise to the generator; false when the source has failed its test. To be called before anything random is drawn.
 */
export function gather(): boolean;
