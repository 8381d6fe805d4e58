/* Arguments of native functions. Each throws a TypeError or RangeError that names the argument. */
#ifndef SANDOGH_ARGUMENTS_H
#define SANDOGH_ARGUMENTS_H

#include "xsmc.h"

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t* at;
	size_t length;
};

/*
 * The bytes of a Uint8Array or ArrayBuffer. The engine moves buffers when it collects garbage: take all pointers after
 * everything that may allocate, and allocate nothing while they are used. Refuses a detached buffer.
 */
struct bytes argument_bytes(xsMachine* the, int index);

/* The same, to be written into. */
struct bytes argument_writable(xsMachine* the, int index);

/* With an exact length. */
uint8_t* argument_exact(xsMachine* the, int index, size_t length);
uint8_t* argument_exact_writable(xsMachine* the, int index, size_t length);

/* Words of 32 bits. */
struct words {
	int32_t* at;
	size_t length;
};

/* Bytes as words: they must begin at a whole one. */
struct words argument_words(xsMachine* the, int index, struct bytes bytes);

/* A whole number within -2^53..2^53 given as a number; anything else is a TypeError. */
double argument_whole(xsMachine* the, int index);

/* The same within min..max, else a RangeError. */
int32_t argument_range(xsMachine* the, int index, int32_t min, int32_t max);

/* Do two ranges share a byte? */
int bytes_overlap(struct bytes a, struct bytes b);

#endif
