#include "nor.h"

#include <string.h>

/* Winbond W25Q64JV data sheet table 8.1.2; the others have these, too. */
enum {
	WRITE_STATUS_1 = 0x01,
	PAGE_PROGRAM = 0x02,
	READ_DATA = 0x03,
	READ_STATUS_1 = 0x05,
	WRITE_ENABLE = 0x06,
	READ_STATUS_3 = 0x15,
	SECTOR_ERASE = 0x20,
	WRITE_STATUS_2 = 0x31,
	READ_STATUS_2 = 0x35,
	READ_SFDP = 0x5a,
	ENABLE_RESET = 0x66,
	GLOBAL_UNLOCK = 0x98,
	RESET = 0x99,
	JEDEC_ID = 0x9f,
	RELEASE_POWER_DOWN = 0xab
};
/* The same with an address of 4 bytes, whatever mode the chip is in: JESD216B, 4-byte address instruction table. */
enum { PAGE_PROGRAM_4 = 0x12, READ_DATA_4 = 0x13, SECTOR_ERASE_4 = 0x21 };

#define STATUS_BUSY 0x01u
#define STATUS_WRITE_ENABLED 0x02u
#define STATUS_2_COMPLEMENT 0x40u
#define STATUS_3_INDIVIDUAL 0x04u
/* What is read when no chip drives the line. */
#define NOTHING 0xffu
/* A chip is addressed with 3 bytes up to here. */
#define SIZE_OF_3_BYTES 0x1000000u
/*
 * Larger parts are stacked dies, and a read does not go from one into the next (Micron MT25QL01G, "Device overview").
 */
#define DIE 0x4000000u
/* The longest of the makers': Macronix MX25L, tRES1 30 us; tREADY2 of an idle chip 40 us. */
#define WAKE_US 50
#define RESET_US 100

struct maker {
	uint8_t id;
	/* Bits of status register 1 that protect blocks; the others mean nothing while these are 0. */
	uint8_t protection;
	/* Status register 2 has a bit that turns them round. */
	uint8_t has_complement;
	/* Status register 3 has a bit that locks each block by itself. */
	uint8_t has_individual;
};

/* Data sheets, "Status Register Memory Protection". */
static const struct maker makers[] = {
	{ 0xef, 0x1c, 1, 1 }, /* Winbond W25Q-JV: BP0 to BP2, CMP, WPS */
	{ 0xc8, 0x1c, 1, 0 }, /* GigaDevice GD25Q: BP0 to BP2, CMP */
	{ 0xc2, 0x3c, 0, 0 }, /* Macronix MX25L: BP0 to BP3 */
	{ 0x9d, 0x3c, 0, 0 }, /* ISSI IS25LP: BP0 to BP3 */
	{ 0x20, 0x5c, 0, 0 }, /* Micron MT25QL: BP0 to BP2, BP3 */
};

static struct nor_part parts[NOR_CHIPS];
/* In RAM that the controller reads: command, address, data. */
static uint8_t command[5 + NOR_PAGE];

static void send(int chip, uint8_t op)
{
	command[0] = op;
	spi_transfer(chip, command, 1, NULL, 0);
}

static uint8_t look(int chip, uint8_t op)
{
	uint8_t is = NOTHING;
	command[0] = op;
	spi_transfer(chip, command, 1, &is, 1);
	return is;
}

/* Is a chip there, and idle? `status`: of register 1, when it is. */
static int ready(int chip, uint8_t* status)
{
	int looks = 0;
	do {
		*status = look(chip, READ_STATUS_1);
		if (*status == NOTHING)
			return 0;
		if (!(*status & STATUS_BUSY))
			return 1;
	} while (spi_pause(++looks));
	return 0;
}

/* Before a program, an erase or a write to a register. 0 when the latch does not take it. */
static int enable(int chip)
{
	uint8_t is;
	if (!ready(chip, &is))
		return 0;
	send(chip, WRITE_ENABLE);
	is = look(chip, READ_STATUS_1);
	return is != NOTHING && (is & STATUS_WRITE_ENABLED);
}

/* A chip that did what it was told has put its latch back. */
static int done(int chip)
{
	uint8_t is;
	return ready(chip, &is) && !(is & STATUS_WRITE_ENABLED);
}

/* How many bytes the command takes with its address. */
static size_t set_address(int chip, uint8_t op, uint8_t op_4, uint32_t address)
{
	uint8_t* at = command;
	int is_long = parts[chip].size > SIZE_OF_3_BYTES;
	*at++ = is_long ? op_4 : op;
	if (is_long)
		*at++ = (uint8_t)(address >> 24);
	*at++ = (uint8_t)(address >> 16);
	*at++ = (uint8_t)(address >> 8);
	*at++ = (uint8_t)address;
	return (size_t)(at - command);
}

static void read_sfdp(int chip, uint32_t address, uint8_t* out, size_t length)
{
	memset(out, NOTHING, length);
	command[0] = READ_SFDP;
	command[1] = (uint8_t)(address >> 16);
	command[2] = (uint8_t)(address >> 8);
	command[3] = (uint8_t)address;
	command[4] = 0;
	spi_transfer(chip, command, 5, out, length);
}

static uint32_t word_at(const uint8_t* at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* JESD216, sections 6.2 to 6.4: bytes by the basic flash parameter table; 0 when there is none, or no 4 KiB sectors. */
static uint32_t size_by_sfdp(int chip)
{
	enum { HEADER = 8, BASIC = 8, WORDS_MIN = 2 };
	uint8_t head[HEADER + BASIC];
	uint8_t table[4 * WORDS_MIN];
	uint32_t density;
	read_sfdp(chip, 0, head, sizeof(head));
	/* the first parameter header is that of the basic table: id 00, length in words */
	if (memcmp(head, "SFDP", 4) != 0 || head[HEADER] != 0 || head[HEADER + 3] < WORDS_MIN)
		return 0;
	read_sfdp(chip, word_at(head + HEADER + 4) & 0xffffffu, table, sizeof(table));
	if ((table[0] & 3) != 1 || table[1] != SECTOR_ERASE)
		return 0;
	density = word_at(table + 4);
	if (density & 0x80000000u) {
		density &= 0x7fffffffu;
		return density >= 3 + 12 && density <= 30 ? 1u << (density - 3) : 0;
	}
	return (density + 1) / 8;
}

static int write_status(int chip, uint8_t op, uint8_t value)
{
	if (!enable(chip))
		return 0;
	command[0] = op;
	command[1] = value;
	spi_transfer(chip, command, 2, NULL, 0);
	return done(chip);
}

static int is_protected(int chip, const struct maker* maker)
{
	if (look(chip, READ_STATUS_1) & maker->protection)
		return 1;
	if (maker->has_complement && (look(chip, READ_STATUS_2) & STATUS_2_COMPLEMENT))
		return 1;
	return maker->has_individual && (look(chip, READ_STATUS_3) & STATUS_3_INDIVIDUAL);
}

/* Of every block; all other bits stay as they are, one-time ones and the pins' among them. */
static void unprotect(int chip, struct nor_part* part)
{
	const struct maker* maker = NULL;
	uint8_t is;
	size_t i;
	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (makers[i].id == part->id[0])
			maker = &makers[i];
	if (!maker || !is_protected(chip, maker))
		return;
	is = look(chip, READ_STATUS_1);
	if (is & maker->protection)
		write_status(chip, WRITE_STATUS_1, is & (uint8_t) ~(maker->protection | STATUS_WRITE_ENABLED));
	if (maker->has_complement) {
		is = look(chip, READ_STATUS_2);
		if (is & STATUS_2_COMPLEMENT)
			write_status(chip, WRITE_STATUS_2, is & (uint8_t)~STATUS_2_COMPLEMENT);
	}
	if (maker->has_individual && (look(chip, READ_STATUS_3) & STATUS_3_INDIVIDUAL)) {
		/* the bit stays: it says how blocks are locked, not that they are. All are, after a power-up */
		if (enable(chip))
			send(chip, GLOBAL_UNLOCK);
	}
	else
		part->is_protected = (uint8_t)is_protected(chip, maker);
	part->was_protected = 1;
}

int nor_open(int chip, struct nor_part* out)
{
	struct nor_part* part = &parts[chip];
	uint8_t id[3] = { NOTHING, NOTHING, NOTHING };
	uint8_t status;
	/* in power-down a chip hears nothing else, and drives nothing */
	if (part->size == 0) {
		send(chip, RELEASE_POWER_DOWN);
		spi_delay(WAKE_US);
	}
	/* the microcontroller may have been reset in the middle of an erase: no other command is heard until it is done */
	if (!ready(chip, &status))
		return 0;
	command[0] = JEDEC_ID;
	spi_transfer(chip, command, 1, id, sizeof(id));
	if (part->size == 0 || memcmp(id, part->id, sizeof(id)) != 0) {
		memset(part, 0, sizeof(*part));
		send(chip, ENABLE_RESET);
		send(chip, RESET);
		spi_delay(RESET_US);
		if (!ready(chip, &status))
			return 0;
		command[0] = JEDEC_ID;
		spi_transfer(chip, command, 1, part->id, sizeof(part->id));
		part->size = size_by_sfdp(chip);
		if (part->size < NOR_SECTOR || part->size > NOR_SIZE_MAX) {
			part->size = 0;
			return 0;
		}
		unprotect(chip, part);
	}
	*out = *part;
	return 1;
}

int nor_read(int chip, uint32_t address, void* out, uint32_t length)
{
	uint8_t* into = out;
	uint8_t status;
	while (length > 0) {
		uint32_t length_here = DIE - address % DIE;
		if (length_here > length)
			length_here = length;
		if (!ready(chip, &status))
			return 0;
		spi_transfer(chip, command, set_address(chip, READ_DATA, READ_DATA_4, address), into, length_here);
		address += length_here;
		into += length_here;
		length -= length_here;
	}
	return 1;
}

int nor_program(int chip, uint32_t address, const uint8_t* data, uint32_t length)
{
	while (length > 0) {
		uint32_t part = NOR_PAGE - address % NOR_PAGE;
		size_t head;
		if (part > length)
			part = length;
		if (!enable(chip))
			return 0;
		head = set_address(chip, PAGE_PROGRAM, PAGE_PROGRAM_4, address);
		memcpy(command + head, data, part);
		spi_transfer(chip, command, head + part, NULL, 0);
		memset(command + head, 0, part);
		if (!done(chip))
			return 0;
		address += part;
		data += part;
		length -= part;
	}
	return 1;
}

int nor_erase(int chip, uint32_t sector)
{
	if (!enable(chip))
		return 0;
	spi_transfer(chip, command, set_address(chip, SECTOR_ERASE, SECTOR_ERASE_4, sector * NOR_SECTOR), NULL, 0);
	return done(chip);
}
