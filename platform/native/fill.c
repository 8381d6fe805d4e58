#include "fill.h"

/* Two pixels; they are read one by one. */
typedef uint32_t __attribute__((may_alias)) word;

/* Rows of `width` pixels, above 0, that begin alike within their words. */
static void fill_rows565(uint16_t* at, size_t width, size_t step, int32_t rows, uint32_t color)
{
	word two = color | (color << 16);
	size_t first = (uintptr_t)at >> 1 & 1;
	size_t pairs = (width - first) / 2;
	size_t over = pairs & 15;
	for (; rows > 0; rows--, at += step) {
		word* pair = (word*)(void*)(at + first) + over;
		word* end = (word*)(void*)(at + first) + pairs;
		/* also when they are in a pair */
		at[0] = at[width - 1] = (uint16_t)color;
		/* most rows are short */
/* clang-format off */
#define PAIR(N) case N: pair[-N] = two; __attribute__((fallthrough))
		switch (over) {
			PAIR(15); PAIR(14); PAIR(13); PAIR(12); PAIR(11); PAIR(10); PAIR(9); PAIR(8);
			PAIR(7); PAIR(6); PAIR(5); PAIR(4); PAIR(3); PAIR(2); PAIR(1);
		default: break;
		}
#undef PAIR
/* clang-format on */
		for (; pair < end; pair += 16) {
			pair[0] = pair[1] = pair[2] = pair[3] = pair[4] = pair[5] = pair[6] = pair[7] = two;
			pair[8] = pair[9] = pair[10] = pair[11] = pair[12] = pair[13] = pair[14] = pair[15] = two;
		}
	}
}

/* `box` is inside the canvas and not empty. */
static void fill565(const struct canvas* canvas, struct box box, uint32_t color)
{
	uint16_t* at = pixel565(canvas, box.left, box.top);
	size_t width = (size_t)(box.right - box.left);
	size_t step = canvas->row_length / 2;
	int32_t rows = box.bottom - box.top;
	/* whole rows are one long one */
	if (width == step) {
		width *= (size_t)rows;
		rows = 1;
	}
	if ((step & 1) == 0)
		fill_rows565(at, width, step, rows, color);
	else
		for (; rows > 0; rows--, at += step)
			fill_rows565(at, width, step, 1, color);
}

static void fill1(const struct canvas* canvas, struct box box, uint32_t color)
{
	int32_t left = box.left - canvas->box.left;
	int32_t right = box.right - canvas->box.left;
	uint8_t first = (uint8_t)(0xff >> (left & 7));
	uint8_t last = (uint8_t)(0xff00 >> (((right - 1) & 7) + 1));
	int32_t row, byte;
	for (row = box.top; row < box.bottom; row++) {
		uint8_t* at = canvas->at + (size_t)(row - canvas->box.top) * canvas->row_length;
		for (byte = left >> 3; byte <= (right - 1) >> 3; byte++) {
			uint8_t bits = 0xff;
			if (byte == left >> 3)
				bits &= first;
			if (byte == (right - 1) >> 3)
				bits &= last;
			if (color != 0)
				at[byte] |= bits;
			else
				at[byte] &= (uint8_t)~bits;
		}
	}
}

/*
 * `box` is inside the canvas and not empty. Without what later items paint over: more than half of what is filled for a
 * screen would not be seen.
 */
static void fill_seen(const struct canvas* canvas, struct box box, uint32_t color, const struct cover* cover)
{
	for (; cover < canvas->covers_end; cover++) {
		struct box part = box;
		if (cover->box.top >= box.bottom || cover->box.bottom <= box.top || cover->box.left >= box.right ||
			cover->box.right <= box.left)
			continue;
		if (cover->box.top > box.top) {
			part.bottom = box.top = cover->box.top;
			fill_seen(canvas, part, color, cover + 1);
		}
		if (cover->box.bottom < box.bottom) {
			part.bottom = box.bottom;
			part.top = box.bottom = cover->box.bottom;
			fill_seen(canvas, part, color, cover + 1);
		}
		part = box;
		if (cover->box.left > box.left) {
			part.right = cover->box.left;
			fill_seen(canvas, part, color, cover + 1);
		}
		if (cover->box.right >= box.right)
			return;
		box.left = cover->box.right;
	}
	if (canvas->depth == 16)
		fill565(canvas, box, color);
	else
		fill1(canvas, box, color);
}

void fill(const struct canvas* canvas, struct box box, uint32_t color)
{
	box = meet(box, canvas->box);
	if (!is_empty(box))
		fill_seen(canvas, box, color, canvas->cover);
}
