/*
 * What the harness says to the board on the first UART: link.h says what each frame means. Batches are kept here until
 * their frames are taken; the SPI controller, whose far end is the harness, answers here too.
 */
#ifndef SANDOGH_BOARD_FROM_HARNESS_H
#define SANDOGH_BOARD_FROM_HARNESS_H

#include <stddef.h>
#include <stdint.h>

#define BATCH_MAX 16384u
#define BOARD_BOOT_LENGTH 84

/* Chips on the SPI controller: spi_transfer of platform/native/nor.h. */
#define SPI_CHIPS 3

/* Frames of batches that have come and have not yet been given to the host: from `at` to `end`. */
struct batch {
	uint8_t bytes[BATCH_MAX];
	size_t at;
	size_t end;
};
extern struct batch batch;

/* Takes one whole frame; returns 0 when there is none. */
int take_from_harness(void);

/* Says READY and waits for BOOT. */
void await_boot(uint8_t boot[BOARD_BOOT_LENGTH]);

/* What is said when the harness asks for figures: text of at most `length` bytes; returns how many. */
extern int (*board_statistics)(char* text, size_t length);

#endif
