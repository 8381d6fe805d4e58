// Platform.random in C: platform/native/generator.c

export function random(out) @ "xs_random";
