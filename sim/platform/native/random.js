// Platform.random in C: sim/host/native/random.c

export function random(out) @ "xs_random";
