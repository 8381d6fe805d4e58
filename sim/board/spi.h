/*
 * The three NOR chips as a driver meets them: commands of the W25Q family (Winbond W25Q64JV data sheet, section 8.2) through an SPI
 * controller that moves the bytes itself (link.h, op SPI).
 */
#ifndef SANDOGH_BOARD_SPI_H
#define SANDOGH_BOARD_SPI_H

#include <stddef.h>
#include <stdint.h>

#define SPI_CHIPS 3
#define NOR_PAGE 256u
#define NOR_SECTOR 4096u

/* Each returns 0 when the chip does not answer. */
int nor_size(int chip, uint32_t* size);
int nor_read(int chip, uint32_t address, void* out, uint32_t length);
/* May cross pages: one page program for each. */
int nor_program(int chip, uint32_t address, const uint8_t* data, uint32_t length);
int nor_erase(int chip, uint32_t sector);

#endif
