/*
 * What the board says to the harness on the first UART, in the cable's frames: link.h says what each means. Its last
 * words too, and its end.
 */
#ifndef SANDOGH_BOARD_TO_HARNESS_H
#define SANDOGH_BOARD_TO_HARNESS_H

#include <stddef.h>
#include <stdint.h>

#define CHANNEL_BOARD 15
enum {
	BOARD_READY = 0,
	BOARD_BOOT = 1,
	BOARD_BATCH = 2,
	BOARD_SPI = 3,
	BOARD_REPORT = 4,
	BOARD_COUNT = 5,
	BOARD_STATS = 6,
};

static inline uint32_t read_u32(const uint8_t* at)
{
	return (uint32_t)at[0] | ((uint32_t)at[1] << 8) | ((uint32_t)at[2] << 16) | ((uint32_t)at[3] << 24);
}

static inline void write_u32(uint8_t* at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

void write_head(uint8_t* at, unsigned channel, unsigned op, unsigned port, size_t length);

/* One frame. */
void tell(unsigned channel, unsigned op, unsigned port, const void* payload, size_t length);

/* Ends the emulation. */
void board_finish(int code) __attribute__((noreturn));

#endif
