// The panel in C: platform/sdk/esp32/panel.c

export function start() @ "xs_panel_start";
export function write(x, y, width, rows, pixels) @ "xs_panel_write";
