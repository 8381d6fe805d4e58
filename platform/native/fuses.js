// Platform.fuses in C: platform/native/fuses.c

export function mac(message, out) @ "xs_fuses_mac";
