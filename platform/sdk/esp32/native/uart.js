// The ESP32's UARTs in C: platform/sdk/esp32/uart.c

export function open(line, baud) @ "xs_uart_open";
export function close(line) @ "xs_uart_close";
export function waiting(line) @ "xs_uart_waiting";
export function free(line) @ "xs_uart_free";
export function read(line, out) @ "xs_uart_read";
export function write(line, bytes) @ "xs_uart_write";
