// Blender of firmware/platform.ts in C: platform/native/blend.c, typeset.c, layout.c

export function typeset(store, at, atlas, faceAt, record, medium, bold, digits, first, second, source) @ "xs_typeset";
export function putBox(pen, list, x, y, width, height, fill, border, borderColor, radius) @ "xs_put_box";
export function putMask(pen, list, x, y, width, height, color, mask, source) @ "xs_put_mask";
export function putIcon(pen, list, atlas, faceAt, icon, x, y, width, color) @ "xs_put_icon";
export function putRuns(pen, list, store, at, count, x, width, align, y, pitch, color) @ "xs_put_runs";
export function putCopies(pen, list, items, count, x, y) @ "xs_put_copies";
export function paint565(bitmap, stride, left, top, rows, list, items, store, atlas, other) @ "xs_paint565";
export function paint1(bitmap, at, stride, left, top, rows, list, items, store, atlas, other) @ "xs_paint1";
export function wipe(bytes) @ "xs_wipe";
export function find(bytes, first, second) @ "xs_find";
