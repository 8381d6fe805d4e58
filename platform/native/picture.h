/* The words of lists and runs (Blender in firmware/platform.ts), for what sets, places and paints them. */
#ifndef SANDOGH_PICTURE_H
#define SANDOGH_PICTURE_H

#include <stdint.h>

/* Coordinates beyond this are a bug; with it no sum or product of them leaves 32 bits. */
#define COORDINATE_MAX 16383
#define MASK_SIDE_MAX 512

enum { ITEM_COLOR, ITEM_LEFT_TOP, ITEM_RIGHT_BOTTOM, ITEM_A, ITEM_B, ITEM_C, ITEM_D, ITEM_WORDS };
enum { KIND_NONE, KIND_BOX, KIND_ICON, KIND_RUN };
enum { RUN_COUNT, RUN_LEFT, RUN_TOP, RUN_RIGHT, RUN_BOTTOM, RUN_WIDTH, RUN_SOURCE, RUN_HEAD };
enum { GLYPH_MASK, GLYPH_PLACE, GLYPH_SIZE, GLYPH_WORDS };

static inline int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static inline int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* Two signed numbers of 16 bits in one word, the first one low. */
static inline int32_t low(int32_t word)
{
	return (int16_t)((uint32_t)word & 0xffff);
}

static inline int32_t high(int32_t word)
{
	return (int16_t)((uint32_t)word >> 16);
}

static inline int32_t pair(int32_t first, int32_t second)
{
	return (int32_t)(((uint32_t)first & 0xffff) | ((uint32_t)second << 16));
}

#endif
