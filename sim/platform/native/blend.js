// Blender of firmware/platform.ts in C: sim/host/native/blend.c

export function fill565(bitmap, stride, x, y, width, height, color) @ "xs_fill565";
export function mask565(bitmap, stride, clipLeft, clipTop, clipRight, clipBottom, mask, maskAt, maskWidth, maskHeight, x, y, color) @ "xs_mask565";
export function mask1(bitmap, stride, clipLeft, clipTop, clipRight, clipBottom, mask, maskAt, maskWidth, maskHeight, x, y) @ "xs_mask1";
