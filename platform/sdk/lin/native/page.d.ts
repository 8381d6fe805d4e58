/** Is this a simulator with its cable plugged in? */
export function hasPage(): boolean;
/** What was sent outside of a turn leaves. */
export function flush(): void;
/** The simulator lets the library go: the cable is pulled. */
export function unplug(): void;
