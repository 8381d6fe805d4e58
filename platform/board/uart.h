/*
 * Five 16550 UARTs (PC16550D data sheet, section 8), each with a ring for each direction that its interrupt fills and
 * drains.
 */
#ifndef SANDOGH_BOARD_UART_H
#define SANDOGH_BOARD_UART_H

#include <stddef.h>
#include <stdint.h>

/* The card's four in the order of their addresses. */
enum { LINE_CONTROL = 0, LINE_READER = 1, LINE_PRINTER = 2, LINE_PANEL = 3, LINE_UPLINK = 4, LINE_COUNT = 5 };

/*
 * Bytes received that nobody has taken; powers of two. What comes when a ring is full is a broken promise of the
 * harness.
 */
#define UART_RECEIVE_MAX 32768u
#define UART_TRANSMIT_MAX 4096u

/* `overrun` is called, and must not return, when a ring of received bytes is full. */
void uart_start(void (*overrun)(void));

/* The interrupt of a PLIC source; 0 when the source is no UART. */
int uart_interrupt(uint32_t source);

/* Puts all bytes into the ring; waits while it is full. */
void uart_write(int line, const void* bytes, size_t length);

/* Waits until everything has left. */
void uart_flush(int line);

/* Bytes that have been received. */
size_t uart_available(int line);

/* Copies `length` bytes, which must be available, from `skip` bytes after the oldest on, and leaves them. */
void uart_peek(int line, size_t skip, void* out, size_t length);

/* Forgets the oldest bytes, overwriting them. */
void uart_drop(int line, size_t length);

#endif
