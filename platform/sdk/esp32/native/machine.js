// Time, the heap and the noise source in C: platform/sdk/esp32/clock.c, entropy.c

export function monotonic() @ "xs_monotonic";
export function wall() @ "xs_wall_clock";
export function wipeHeap() @ "xs_wipe_free_heap";
export function gather() @ "xs_gather";
