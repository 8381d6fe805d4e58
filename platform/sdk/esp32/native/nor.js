// The storage media in C: platform/sdk/esp32/nor-bus.c

export function size(chip) @ "xs_nor_size";
export function wasProtected(chip) @ "xs_nor_was_protected";
export function read(chip, address, out) @ "xs_nor_read";
export function program(chip, address, data) @ "xs_nor_program";
export function erase(chip, sector) @ "xs_nor_erase";
