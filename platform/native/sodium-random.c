#include "random.h"

#include <sodium/randombytes.h>

/* libsodium was built with RANDOMBYTES_CUSTOM_IMPLEMENTATION and takes this one. */

static const char* name(void)
{
	return "sandogh";
}

static uint32_t random_u32(void)
{
	uint32_t value;
	random_fill(&value, sizeof(value));
	return value;
}

static void fill(void* const out, const size_t length)
{
	random_fill(out, length);
}

const randombytes_implementation sandogh_randombytes = { name, random_u32, NULL, NULL, fill, NULL };
