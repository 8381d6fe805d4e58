// The simulator's side of sim/sdk/lin/loop.c

export function isSimulator() @ "xs_is_simulator";
export function flush() @ "xs_flush";
export function unplug() @ "xs_unplug";
