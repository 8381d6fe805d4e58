/*
 * Raw NOR chips as a driver meets them, over an SPI bus that the microcontroller's platform provides (platform/board,
 * platform/sdk/esp32): JEDEC JESD216 (SFDP) for what a part is, and the commands that Winbond W25Q, GigaDevice GD25Q,
 * Macronix MX25L, ISSI IS25LP and Micron MT25QL parts have in common.
 */
#ifndef SANDOGH_NOR_H
#define SANDOGH_NOR_H

#include <stddef.h>
#include <stdint.h>

#define NOR_CHIPS 3
#define NOR_PAGE 256u
#define NOR_SECTOR 4096u
/* 128 MB */
#define NOR_SIZE_MAX 0x8000000u

struct nor_part {
	/* bytes */
	uint32_t size;
	/* JEDEC id: manufacturer, memory type, capacity */
	uint8_t id[3];
	/* Block protection was found set, and was cleared, since the microcontroller started. */
	uint8_t was_protected;
	/* It could not be cleared: programs and erases are refused. */
	uint8_t is_protected;
};

/*
 * Wakes the chip, waits for what it is doing, and says what it is; the first time also resets it and clears its block
 * protection. 0 when no chip answers, or one that cannot serve: no sectors of 4 KiB, more than NOR_SIZE_MAX bytes.
 */
int nor_open(int chip, struct nor_part* part);
/* Each of these returns 0 when the chip does not answer, or refuses. The chip is open. */
int nor_read(int chip, uint32_t address, void* out, uint32_t length);
/* May cross pages: one page program for each. */
int nor_program(int chip, uint32_t address, const uint8_t* data, uint32_t length);
int nor_erase(int chip, uint32_t sector);

/* The platform's: selects the chip, sends `out`, then receives `in`, and returns when that is done. */
void spi_transfer(int chip, const void* out, size_t out_length, void* in, size_t in_length);

/*
 * The platform's: lets time pass between two looks at a busy chip, of which `looks` have been in vain. 0 when it has
 * waited long enough.
 */
int spi_pause(int looks);

/* The platform's: returns after so long at least, where time passes for the chip. */
void spi_delay(uint32_t microseconds);

#endif
