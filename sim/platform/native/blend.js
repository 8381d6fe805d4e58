// Blender of firmware/platform.ts in C: sim/host/native/blend.c

export function typeset(store, at, atlas, faceAt, record, medium, bold, digits, first, second) @ "xs_typeset";
export function paint565(bitmap, stride, left, top, rows, list, items, store, atlas, other) @ "xs_paint565";
export function paint1(bitmap, at, stride, left, top, rows, list, items, store, atlas, other) @ "xs_paint1";
export function wipe(bytes) @ "xs_wipe";
export function find(bytes, first, second) @ "xs_find";
