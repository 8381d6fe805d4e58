/*
 * Raw NOR chips as a driver meets them: commands of the W25Q family (Winbond W25Q64JV data sheet, section 8.2) over an
 * SPI bus that the microcontroller's platform provides (platform/board, platform/sdk/esp32).
 */
#ifndef SANDOGH_NOR_H
#define SANDOGH_NOR_H

#include <stddef.h>
#include <stdint.h>

#define NOR_PAGE 256u
#define NOR_SECTOR 4096u

/* Each returns 0 when the chip does not answer. */
int nor_size(int chip, uint32_t* size);
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

#endif
