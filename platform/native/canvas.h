/* The part of the picture that is painted, and the rectangles in it. */
#ifndef SANDOGH_CANVAS_H
#define SANDOGH_CANVAS_H

#include <stddef.h>
#include <stdint.h>

#include "picture.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels are written as words"
#endif

struct box {
	int32_t left, top, right, bottom;
};

/* Where an item of the list is sure to paint over whatever is there. */
struct cover {
	struct box box;
	const int32_t* item;
};

/* More would seldom be used, and cutting around them goes as deep. */
#define COVERS_MAX 32
#define MIXED_COLORS 4

/* The part of the picture that is painted: its left top corner is (left, top) of the picture. */
struct canvas {
	uint8_t* at;
	/* bytes from row to row */
	size_t row_length;
	struct box box;
	int depth;
	/* of the items after the one that is painted now */
	const struct cover* cover;
	const struct cover* covers_end;
	struct cover covers[COVERS_MAX];
	/*
	 * of some colors, by alpha: the ground that the color was last mixed into, high, and what came of it, low; the
	 * first is the color itself, twice
	 */
	uint32_t mixed[MIXED_COLORS][15];
};

static inline struct box meet(struct box a, struct box b)
{
	struct box both = {
		larger(a.left, b.left),
		larger(a.top, b.top),
		smaller(a.right, b.right),
		smaller(a.bottom, b.bottom),
	};
	return both;
}

static inline int is_empty(struct box box)
{
	return box.left >= box.right || box.top >= box.bottom;
}

static inline uint16_t* pixel565(const struct canvas* canvas, int32_t x, int32_t y)
{
	return (uint16_t*)(void*)(canvas->at + (size_t)(y - canvas->box.top) * canvas->row_length) + (x - canvas->box.left);
}

#endif
