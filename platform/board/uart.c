#include "uart.h"

#include "registers.h"
#include "wait.h"

#include <string.h>

/* Registers, PC16550D data sheet table II. */
enum { RBR = 0, THR = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };
#define IER_RECEIVED 0x01u
#define IER_TRANSMITTER_EMPTY 0x02u
/* FIFOs on and emptied, interrupt at 14 bytes. */
#define FCR_START 0xc7u
#define LCR_8N1 0x03u
/* DTR, RTS, and OUT2, which gates the interrupt on a PC's card. */
#define MCR_START 0x0bu
#define IIR_NOTHING 0x01u
#define LSR_RECEIVED 0x01u
#define LSR_TRANSMITTER_EMPTY 0x20u
#define FIFO_LENGTH 16

struct ring {
	uint8_t* bytes;
	uint32_t mask;
	/* Counts of bytes ever put in and taken out; the interrupt moves one of them, the program the other. */
	volatile uint32_t in;
	volatile uint32_t out;
};

struct uart {
	uintptr_t base;
	struct ring received;
	struct ring transmit;
};

static uint8_t receive_bytes[LINE_COUNT][UART_RECEIVE_MAX];
static uint8_t transmit_bytes[LINE_COUNT][UART_TRANSMIT_MAX];
static struct uart uarts[LINE_COUNT];
static void (*on_overrun)(void);

static uint32_t held(const struct ring* ring)
{
	return ring->in - ring->out;
}

static void serve(struct uart* uart)
{
	struct ring* received = &uart->received;
	struct ring* transmit = &uart->transmit;
	uint8_t status = REG8(uart->base + LSR);
	while (status & LSR_RECEIVED) {
		if (held(received) > received->mask) {
			on_overrun();
			return;
		}
		received->bytes[received->in & received->mask] = REG8(uart->base + RBR);
		received->in++;
		status = REG8(uart->base + LSR);
	}
	while ((status & LSR_TRANSMITTER_EMPTY) && held(transmit) > 0) {
		int count;
		for (count = 0; count < FIFO_LENGTH && held(transmit) > 0; count++) {
			uint8_t* at = &transmit->bytes[transmit->out & transmit->mask];
			REG8(uart->base + THR) = *at;
			/* A slip is a vote: nothing of it stays behind. */
			*at = 0;
			transmit->out++;
		}
		status = REG8(uart->base + LSR);
	}
	if (held(transmit) == 0)
		REG8(uart->base + IER) = IER_RECEIVED;
}

/* 1 when it asked for something. */
static int serve_pending(struct uart* uart)
{
	if (REG8(uart->base + IIR) & IIR_NOTHING)
		return 0;
	serve(uart);
	return 1;
}

int uart_interrupt(uint32_t source)
{
	int line;
	int served;
	if (source == UART_FIRST_SOURCE) {
		while (serve_pending(&uarts[LINE_CONTROL]))
			;
		return 1;
	}
	if (source != UART_CARD_SOURCE)
		return 0;
	/*
	 * All four of the card share one source, and the emulator's interrupt controller sees only its changes: unless all
	 * four were quiet at one time, what one of them asks for next is never heard.
	 */
	do {
		served = 0;
		for (line = LINE_CONTROL + 1; line < LINE_COUNT; line++)
			served |= serve_pending(&uarts[line]);
	} while (served);
	return 1;
}

/*
 * Lets the transmitters begin. Called whenever the board waits: what answers to the bytes comes back into a wait then,
 * and never into work, whose instructions are counted.
 */
static void uart_transmit(void)
{
	int line;
	/* The interrupt comes at once when the transmitter is empty. */
	for (line = 0; line < LINE_COUNT; line++)
		if (held(&uarts[line].transmit) > 0)
			REG8(uarts[line].base + IER) = IER_RECEIVED | IER_TRANSMITTER_EMPTY;
}

void uart_start(void (*overrun)(void))
{
	int line;
	on_overrun = overrun;
	board_before_wait = uart_transmit;
	/* Base address register 0 of the card, then memory space on. */
	REG32(PCI_CONFIGURATION + PCI_DEVICE_1 + 0x10) = UART_CARD & 0xffffu;
	REG16(PCI_CONFIGURATION + PCI_DEVICE_1 + 4) = 1;
	for (line = 0; line < LINE_COUNT; line++) {
		struct uart* uart = &uarts[line];
		uart->base = line == LINE_CONTROL ? UART_FIRST : UART_CARD + 8u * (uintptr_t)(line - 1);
		uart->received.bytes = receive_bytes[line];
		uart->received.mask = UART_RECEIVE_MAX - 1;
		uart->transmit.bytes = transmit_bytes[line];
		uart->transmit.mask = UART_TRANSMIT_MAX - 1;
		REG8(uart->base + LCR) = LCR_8N1;
		REG8(uart->base + FCR) = FCR_START;
		REG8(uart->base + MCR) = MCR_START;
		REG8(uart->base + IER) = IER_RECEIVED;
	}
}

static void wait_while_held(const struct ring* ring, uint32_t most)
{
	if (held(ring) <= most)
		return;
	board_begin_wait();
	while (held(ring) > most)
		board_wait();
	board_end_wait();
}

void uart_write(int line, const void* bytes, size_t length)
{
	struct uart* uart = &uarts[line];
	struct ring* ring = &uart->transmit;
	const uint8_t* at = bytes;
	while (length > 0) {
		wait_while_held(ring, ring->mask);
		while (length > 0 && held(ring) <= ring->mask) {
			ring->bytes[ring->in & ring->mask] = *at++;
			ring->in++;
			length--;
		}
	}
}

void uart_flush(int line)
{
	wait_while_held(&uarts[line].transmit, 0);
}

size_t uart_available(int line)
{
	return held(&uarts[line].received);
}

void uart_peek(int line, size_t skip, void* out, size_t length)
{
	const struct ring* ring = &uarts[line].received;
	uint8_t* at = out;
	uint32_t from = ring->out + (uint32_t)skip;
	while (length-- > 0)
		*at++ = ring->bytes[from++ & ring->mask];
}

void uart_drop(int line, size_t length)
{
	struct ring* ring = &uarts[line].received;
	while (length-- > 0) {
		ring->bytes[ring->out & ring->mask] = 0;
		ring->out++;
	}
}
