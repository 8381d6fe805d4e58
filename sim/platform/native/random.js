// Platform.random in C: sim/host/native/generator.c

export function random(out) @ "xs_random";
