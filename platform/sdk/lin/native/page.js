// The simulator's side of platform/sdk/lin/loop.c

export function hasPage() @ "xs_has_page";
export function flush() @ "xs_flush";
export function unplug() @ "xs_unplug";
