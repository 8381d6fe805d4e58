#include "nor.h"

#include <string.h>

/* Data sheet table 8.1.2. */
enum {
	PAGE_PROGRAM = 0x02,
	READ_DATA = 0x03,
	READ_STATUS_1 = 0x05,
	WRITE_ENABLE = 0x06,
	SECTOR_ERASE = 0x20,
	JEDEC_ID = 0x9f
};
#define STATUS_BUSY 0x01u
#define STATUS_WRITE_ENABLED 0x02u
/* What is read when no chip drives the line. */
#define NOTHING 0xffu
#define MANUFACTURER_WINBOND 0xefu
#define CAPACITY_MIN 10
#define CAPACITY_MAX 24
/* In RAM that the controller reads: command, address, data. */
static uint8_t command[4 + NOR_PAGE];

static uint8_t status(int chip)
{
	uint8_t is = NOTHING;
	command[0] = READ_STATUS_1;
	spi_transfer(chip, command, 1, &is, 1);
	return is;
}

/* Is a chip there, and idle? */
static int ready(int chip)
{
	int looks = 0;
	do {
		uint8_t is = status(chip);
		if (is == NOTHING)
			return 0;
		if (!(is & STATUS_BUSY))
			return 1;
	} while (spi_pause(++looks));
	return 0;
}

static void set_address(uint8_t op, uint32_t address)
{
	command[0] = op;
	command[1] = (uint8_t)(address >> 16);
	command[2] = (uint8_t)(address >> 8);
	command[3] = (uint8_t)address;
}

static int enable(int chip)
{
	command[0] = WRITE_ENABLE;
	spi_transfer(chip, command, 1, NULL, 0);
	return 1;
}

int nor_size(int chip, uint32_t* size)
{
	uint8_t id[3] = { NOTHING, NOTHING, NOTHING };
	command[0] = JEDEC_ID;
	spi_transfer(chip, command, 1, id, sizeof(id));
	if (id[0] != MANUFACTURER_WINBOND || id[2] < CAPACITY_MIN || id[2] > CAPACITY_MAX)
		return 0;
	*size = 1u << id[2];
	return 1;
}

int nor_read(int chip, uint32_t address, void* out, uint32_t length)
{
	if (!ready(chip))
		return 0;
	set_address(READ_DATA, address);
	spi_transfer(chip, command, 4, out, length);
	return 1;
}

int nor_program(int chip, uint32_t address, const uint8_t* data, uint32_t length)
{
	while (length > 0) {
		uint32_t part = NOR_PAGE - address % NOR_PAGE;
		if (part > length)
			part = length;
		if (!ready(chip) || !enable(chip))
			return 0;
		set_address(PAGE_PROGRAM, address);
		memcpy(command + 4, data, part);
		spi_transfer(chip, command, 4 + part, NULL, 0);
		memset(command + 4, 0, part);
		if (!ready(chip))
			return 0;
		address += part;
		data += part;
		length -= part;
	}
	return 1;
}

int nor_erase(int chip, uint32_t sector)
{
	if (!ready(chip) || !enable(chip))
		return 0;
	set_address(SECTOR_ERASE, sector * NOR_SECTOR);
	spi_transfer(chip, command, 4, NULL, 0);
	return ready(chip);
}
