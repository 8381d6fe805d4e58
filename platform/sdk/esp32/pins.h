/*
 * Pins of the reference terminal: a module of ESP32-S3, 16 MB of flash and 8 MB of octal PSRAM (which takes 26 to 37),
 * every other pin in use.
 *
 *   panel    16 data, clock and data enable; the panel needs no sync lines (DE mode)
 *   SPI2     the two storage media, nothing else: what fails elsewhere cannot hold their bus
 *   SPI3     the network controller; its interrupt and reset lines have no pin
 *   UART0    card reader; the pins by which the factory flashes, with the reader unplugged
 *   UART1    printer, with clear to send
 *   UART2    front panel controller (touch, keypad, switches), which is sent nothing
 *
 * 0, 3, 45 and 46 are read by the chip at reset: they go to the panel's inputs, which leave them alone.
 */
#ifndef SANDOGH_PINS_H
#define SANDOGH_PINS_H

#define PIN_NONE (-1)

/* clang-format off */
#define PANEL_DATA_PINS { 0, 3, 45, 46, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16 }
/* clang-format on */
#define PANEL_CLOCK_PIN 14
#define PANEL_ENABLE_PIN 21

#define NOR_CLOCK_PIN 38
#define NOR_OUT_PIN 39
#define NOR_IN_PIN 40
#define NOR_SELECT_A_PIN 41
#define NOR_SELECT_B_PIN 42

#define NETWORK_CLOCK_PIN 19
#define NETWORK_OUT_PIN 20
#define NETWORK_IN_PIN 47
#define NETWORK_SELECT_PIN 48

#define READER_OUT_PIN 43
#define READER_IN_PIN 44
#define PRINTER_OUT_PIN 17
#define PRINTER_IN_PIN 18
#define PRINTER_CLEAR_TO_SEND_PIN 1
#define FRONT_PANEL_IN_PIN 2

#endif
