/*
 * The driver of NOR chips, platform/native/nor.c, with a pipe for its bus: takes requests on stdin, and while it works
 * writes each transfer to stdout and reads what the chip answers. All numbers are 32 bits, little endian.
 *
 *   request:  op (o, r, p, e), address, length; for p the data
 *   transfer: T, length out, length in, out        -> the bytes in
 *   answer:   R, result, length, bytes             for o: size, id, was protected, is protected
 */
#include "../../platform/native/nor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKS_MAX 100

static uint8_t bytes[1 << 16];

static void take(void* out, size_t length)
{
	if (length > 0 && fread(out, 1, length, stdin) != length)
		exit(0);
}

static uint32_t take_number(void)
{
	uint8_t at[4];
	take(at, 4);
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void give_number(uint32_t value)
{
	uint8_t at[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };
	fwrite(at, 1, 4, stdout);
}

void spi_transfer(int chip, const void* out, size_t out_length, void* in, size_t in_length)
{
	(void)chip;
	putchar('T');
	give_number((uint32_t)out_length);
	give_number((uint32_t)in_length);
	fwrite(out, 1, out_length, stdout);
	fflush(stdout);
	take(in, in_length);
}

int spi_pause(int looks)
{
	return looks < LOOKS_MAX;
}

void spi_delay(uint32_t microseconds)
{
	(void)microseconds;
}

int main(void)
{
	for (;;) {
		char op;
		uint32_t address, length, given = 0;
		int good = 0;
		struct nor_part part = { 0 };
		take(&op, 1);
		address = take_number();
		length = take_number();
		if (length > sizeof(bytes))
			return 2;
		if (op == 'p')
			take(bytes, length);
		if (op == 'o')
			good = nor_open(0, &part);
		else if (op == 'r') {
			good = nor_read(0, address, bytes, length);
			given = length;
		}
		else if (op == 'p')
			good = nor_program(0, address, bytes, length);
		else if (op == 'e')
			good = nor_erase(0, address);
		else
			return 2;
		putchar('R');
		give_number((uint32_t)good);
		if (op == 'o') {
			give_number(9);
			give_number(part.size);
			fwrite(part.id, 1, 3, stdout);
			putchar(part.was_protected);
			putchar(part.is_protected);
		}
		else {
			give_number(given);
			fwrite(bytes, 1, given, stdout);
		}
		fflush(stdout);
	}
}
