/*
 * Pixel operations of firmware/platform.ts (Blender). Bitmaps are RGB565, little endian.
 *
 * Rule of blending, for each channel of 5, 6 and 5 bits: dst + (src - dst) * alpha / 15, rounded to the nearest (15 is odd, so there
 * are no ties): with v = (src - dst) * alpha, dst + (v >= 0 ? v + 7 : v - 7) / 15, the division truncating toward zero.
 *
 * Whatever the arguments, nothing outside the bitmap is written: every rectangle is cut to the whole rows that the bitmap holds, and
 * a mask that is shorter than its width and height say is refused.
 */
#include "arguments.h"

/* Coordinates beyond this are a bug; with it no product below leaves 32 bits. */
#define COORDINATE_MAX 16383
#define STRIDE_MAX 16383

struct box {
	int32_t left, top, right, bottom;
};

static int32_t coordinate(xsMachine* the, int index)
{
	return argument_range(the, index, -COORDINATE_MAX, COORDINATE_MAX);
}

static int32_t length(xsMachine* the, int index)
{
	return argument_range(the, index, 0, COORDINATE_MAX);
}

static int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static void cut(struct box* box, struct box to)
{
	box->left = larger(box->left, to.left);
	box->top = larger(box->top, to.top);
	box->right = smaller(box->right, to.right);
	box->bottom = smaller(box->bottom, to.bottom);
}

void xs_fill565(xsMachine* the)
{
	int32_t stride = argument_range(the, 1, 1, STRIDE_MAX);
	int32_t x = coordinate(the, 2);
	int32_t y = coordinate(the, 3);
	struct box box = { x, y, x + length(the, 4), y + length(the, 5) };
	int32_t color = argument_range(the, 6, 0, 0xffff);
	struct bytes bitmap = argument_writable(the, 0);
	struct box whole = { 0, 0, stride, (int32_t)smaller(2 * COORDINATE_MAX, (int32_t)(bitmap.length / (2 * (size_t)stride) & 0x7fffffff)) };
	int32_t row, column;
	cut(&box, whole);
	for (row = box.top; row < box.bottom; row++) {
		uint8_t* at = bitmap.at + 2 * ((size_t)row * (size_t)stride + (size_t)box.left);
		for (column = box.left; column < box.right; column++) {
			*at++ = (uint8_t)color;
			*at++ = (uint8_t)(color >> 8);
		}
	}
}

/* The 4-bit mask of a glyph: two pixels a byte, high nibble first, rows padded to whole bytes. */
struct mask {
	const uint8_t* at;
	size_t row_length;
	/* Where its first pixel lies in the bitmap. */
	int32_t x, y;
};

static int32_t alpha_at(const struct mask* mask, int32_t row, int32_t column)
{
	uint8_t two = mask->at[(size_t)(row - mask->y) * mask->row_length + (size_t)((column - mask->x) >> 1)];
	return ((column - mask->x) & 1) ? (two & 15) : (two >> 4);
}

/* Arguments 2 to 11 of mask565 and mask1 mean the same. The rectangle that is to be drawn comes back in `box`. */
static void get_mask(xsMachine* the, struct mask* mask, struct box* box)
{
	struct box clip = { coordinate(the, 2), coordinate(the, 3), coordinate(the, 4), coordinate(the, 5) };
	double mask_at = argument_whole(the, 7);
	int32_t width = length(the, 8);
	int32_t height = length(the, 9);
	struct bytes bytes;
	mask->x = coordinate(the, 10);
	mask->y = coordinate(the, 11);
	bytes = argument_bytes(the, 6);
	mask->row_length = ((size_t)width + 1) / 2;
	if (mask_at < 0 || mask_at > (double)bytes.length || (double)bytes.length - mask_at < (double)(mask->row_length * (size_t)height))
		xsRangeError("the mask is shorter than its width and height say");
	mask->at = bytes.at + (size_t)mask_at;
	box->left = mask->x;
	box->top = mask->y;
	box->right = mask->x + width;
	box->bottom = mask->y + height;
	cut(box, clip);
}

static int32_t channel(int32_t dst, int32_t src, int32_t alpha)
{
	int32_t v = (src - dst) * alpha;
	return dst + (v >= 0 ? v + 7 : v - 7) / 15;
}

void xs_mask565(xsMachine* the)
{
	int32_t stride = argument_range(the, 1, 1, STRIDE_MAX);
	int32_t color = argument_range(the, 12, 0, 0xffff);
	int32_t red = color >> 11;
	int32_t green = (color >> 5) & 63;
	int32_t blue = color & 31;
	struct mask mask;
	struct box box;
	struct bytes bitmap;
	struct box whole = { 0, 0, stride, 0 };
	int32_t row, column;
	get_mask(the, &mask, &box);
	bitmap = argument_writable(the, 0);
	whole.bottom = smaller(2 * COORDINATE_MAX, (int32_t)(bitmap.length / (2 * (size_t)stride) & 0x7fffffff));
	cut(&box, whole);
	for (row = box.top; row < box.bottom; row++) {
		uint8_t* at = bitmap.at + 2 * ((size_t)row * (size_t)stride + (size_t)larger(box.left, 0));
		for (column = box.left; column < box.right; column++, at += 2) {
			int32_t alpha = alpha_at(&mask, row, column);
			int32_t value = color;
			if (alpha == 0)
				continue;
			if (alpha < 15) {
				int32_t old = at[0] | (at[1] << 8);
				value = (channel(old >> 11, red, alpha) << 11) | (channel((old >> 5) & 63, green, alpha) << 5) | channel(old & 31, blue, alpha);
			}
			at[0] = (uint8_t)value;
			at[1] = (uint8_t)(value >> 8);
		}
	}
}

void xs_mask1(xsMachine* the)
{
	int32_t stride = argument_range(the, 1, 1, STRIDE_MAX);
	struct mask mask;
	struct box box;
	struct bytes bitmap;
	struct box whole = { 0, 0, 8 * stride, 0 };
	int32_t row, column;
	get_mask(the, &mask, &box);
	bitmap = argument_writable(the, 0);
	whole.bottom = smaller(2 * COORDINATE_MAX, (int32_t)(bitmap.length / (size_t)stride & 0x7fffffff));
	cut(&box, whole);
	for (row = box.top; row < box.bottom; row++) {
		uint8_t* at = bitmap.at + (size_t)row * (size_t)stride;
		for (column = box.left; column < box.right; column++)
			if (alpha_at(&mask, row, column) >= 8)
				at[column >> 3] |= (uint8_t)(0x80 >> (column & 7));
	}
}
