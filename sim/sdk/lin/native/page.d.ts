/** Is there a page, or is the terminal run without a window? */
export function isSimulator(): boolean;
/** What was sent outside of a turn leaves. */
export function flush(): void;
/** The simulator lets the library go: the cable is pulled. */
export function unplug(): void;
