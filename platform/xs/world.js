// The cable, time, the display and the text bundle in C: platform/xs/world.c

export function send(channel, op, port, payload) @ "xs_cable_send";
export function request(channel, op, port, payload) @ "xs_cable_request";
export function flashRead(chip, address, out) @ "xs_flash_read";
export function flashProgram(chip, address, data) @ "xs_flash_program";
export function listen(onFrame, onTimer) @ "xs_listen";
export function deadline(timeUs) @ "xs_deadline";
export function now() @ "xs_now";
export function wall() @ "xs_wall";
export function trace(line) @ "xs_trace";
export function wipeHeap() @ "xs_wipe_heap";
export function displaySize() @ "xs_display_size";
export function displayWrite(x, y, width, rows, pixels) @ "xs_display_write";
export function text() @ "xs_text";
