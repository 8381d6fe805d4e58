/*
 * Pixel operations of firmware/platform.ts (Blender): glyphs of a shaped text are put into a run, and a list of boxes, icons and runs
 * is painted into a part of the picture. The words of lists and runs are described there.
 *
 * Rule of blending into RGB565, for each channel of 5, 6 and 5 bits: (dst * (32 - w) + src * w + 16) >> 5, w the weight of the alpha
 * in 32nds (weights[] below). The three channels stand far enough apart in one 32-bit word to be computed at once.
 *
 * Whatever the arguments, nothing outside the arrays is read or written: what is painted is cut to the rows that the bitmap holds, and
 * a mask that is not whole inside its atlas, or a run that is not whole inside the store, is refused.
 */
#include "arguments.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels are written as words"
#endif

/* Coordinates beyond this are a bug; with it no sum or product below leaves 32 bits. */
#define COORDINATE_MAX 16383
#define STRIDE_MAX 16383
#define ITEMS_MAX 16384

enum { ITEM_COLOR, ITEM_LEFT_TOP, ITEM_RIGHT_BOTTOM, ITEM_A, ITEM_B, ITEM_C, ITEM_D, ITEM_WORDS };
enum { KIND_NONE, KIND_BOX, KIND_ICON, KIND_RUN };
enum { RUN_COUNT, RUN_LEFT, RUN_TOP, RUN_RIGHT, RUN_BOTTOM, RUN_WIDTH, RUN_SOURCE, RUN_HEAD };
enum { GLYPH_MASK, GLYPH_PLACE, GLYPH_SIZE, GLYPH_WORDS };
#define MASK_SIDE_MAX 512

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
	/* of some colors, by alpha: the ground that the color was last mixed into, high, and what came of it, low; the first is the color itself, twice */
	uint32_t mixed[MIXED_COLORS][15];
};

static int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static struct box meet(struct box a, struct box b)
{
	struct box both = { larger(a.left, b.left), larger(a.top, b.top), smaller(a.right, b.right), smaller(a.bottom, b.bottom) };
	return both;
}

static int is_empty(struct box box)
{
	return box.left >= box.right || box.top >= box.bottom;
}

/* Two signed numbers of 16 bits in one word, the first one low. */
static int32_t low(int32_t word)
{
	return (int16_t)((uint32_t)word & 0xffff);
}

static int32_t high(int32_t word)
{
	return (int16_t)((uint32_t)word >> 16);
}

static struct box box_of(const int32_t* item)
{
	struct box box = { low(item[ITEM_LEFT_TOP]), high(item[ITEM_LEFT_TOP]), low(item[ITEM_RIGHT_BOTTOM]), high(item[ITEM_RIGHT_BOTTOM]) };
	return box;
}

static const uint8_t weights[16] = { 0, 2, 4, 6, 9, 11, 13, 15, 17, 19, 21, 23, 26, 28, 30, 32 };

#define SPREAD(COLOR) (((COLOR) | ((COLOR) << 16)) & 0x07e0f81fu)
#define HALVES ((16u << 21) | (16u << 11) | 16u)

static inline uint32_t blend(uint32_t there, uint32_t spread, unsigned alpha)
{
	uint32_t sum = ((SPREAD(there) * (32u - weights[alpha]) + spread * weights[alpha] + HALVES) >> 5) & 0x07e0f81fu;
	return (sum | sum >> 16) & 0xffff;
}

/* Rows of `width` pixels, above 0, that begin alike within their words. */
static void fill_rows565(uint16_t* at, size_t width, size_t step, int32_t rows, uint32_t color)
{
	uint32_t two = color | (color << 16);
	size_t first = (uintptr_t)at >> 1 & 1;
	size_t pairs = (width - first) / 2;
	size_t over = pairs & 15;
	for (; rows > 0; rows--, at += step) {
		uint32_t* pair = (uint32_t*)(void*)(at + first) + over;
		uint32_t* end = (uint32_t*)(void*)(at + first) + pairs;
		/* also when they are in a pair */
		at[0] = at[width - 1] = (uint16_t)color;
		/* most rows are short */
#define PAIR(N) case N: pair[-N] = two; __attribute__((fallthrough))
		switch (over) {
			PAIR(15); PAIR(14); PAIR(13); PAIR(12); PAIR(11); PAIR(10); PAIR(9); PAIR(8);
			PAIR(7); PAIR(6); PAIR(5); PAIR(4); PAIR(3); PAIR(2); PAIR(1);
		default: break;
		}
#undef PAIR
		for (; pair < end; pair += 16) {
			pair[0] = pair[1] = pair[2] = pair[3] = pair[4] = pair[5] = pair[6] = pair[7] = two;
			pair[8] = pair[9] = pair[10] = pair[11] = pair[12] = pair[13] = pair[14] = pair[15] = two;
		}
	}
}

static uint16_t* pixel565(const struct canvas* canvas, int32_t x, int32_t y)
{
	return (uint16_t*)(void*)(canvas->at + (size_t)(y - canvas->box.top) * canvas->row_length) + (x - canvas->box.left);
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

/* `box` is inside the canvas and not empty. Without what later items paint over: more than half of what is filled for a screen would not be seen. */
static void fill_seen(const struct canvas* canvas, struct box box, uint32_t color, const struct cover* cover)
{
	for (; cover < canvas->covers_end; cover++) {
		struct box part = box;
		if (cover->box.top >= box.bottom || cover->box.bottom <= box.top || cover->box.left >= box.right || cover->box.right <= box.left)
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

static void fill(const struct canvas* canvas, struct box box, uint32_t color)
{
	box = meet(box, canvas->box);
	if (!is_empty(box))
		fill_seen(canvas, box, color, canvas->cover);
}

/*
 * A mask as it is stored: nibbles, the high one of a byte first, pixel by pixel and row after row. 1 to 14 is the alpha of one pixel; 0 and
 * 15 are followed by a nibble that says how many pixels more are alike.
 */
struct mask_reader {
	const uint8_t* at;
	const uint8_t* end;
	/* the byte before `at`; is_half: its second nibble is still to be read */
	unsigned two;
	int is_half;
	/* pixels of this alpha that are still to come */
	unsigned alpha;
	int32_t alike;
};

static struct mask_reader read_mask(xsMachine* the, struct bytes atlas, size_t mask_at)
{
	struct mask_reader reader = { atlas.at, atlas.at + atlas.length, 0, 0, 0, 0 };
	if (mask_at > atlas.length)
		xsRangeError("a mask is not inside its atlas");
	reader.at += mask_at;
	return reader;
}

static inline unsigned next_byte(xsMachine* the, struct mask_reader* reader)
{
	if (reader->at >= reader->end)
		xsRangeError("a mask is not inside its atlas");
	return *reader->at++;
}

static inline unsigned next_nibble(xsMachine* the, struct mask_reader* reader)
{
	reader->is_half ^= 1;
	if (!reader->is_half)
		return reader->two & 15;
	reader->two = next_byte(the, reader);
	return reader->two >> 4;
}

/* One of those that a count follows. */
static inline int is_counted(unsigned alpha)
{
	return alpha - 1 > 13;
}

static inline void next_alike(xsMachine* the, struct mask_reader* reader)
{
	reader->alpha = next_nibble(the, reader);
	reader->alike = is_counted(reader->alpha) ? 1 + (int32_t)next_nibble(the, reader) : 1;
}

/* Reads on without drawing. */
static void skip(xsMachine* the, struct mask_reader* to, int32_t pixels)
{
	struct mask_reader reader = *to;
	pixels -= reader.alike;
	while (pixels > 0) {
		if (!reader.is_half) {
			reader.two = next_byte(the, &reader);
			reader.alpha = reader.two >> 4;
			if (is_counted(reader.alpha)) {
				pixels -= 1 + (int32_t)(reader.two & 15);
				continue;
			}
			reader.is_half = 1;
			if (--pixels == 0)
				break;
		}
		reader.alpha = reader.two & 15;
		reader.is_half = is_counted(reader.alpha);
		if (reader.is_half) {
			reader.two = next_byte(the, &reader);
			pixels -= 1 + (int32_t)(reader.two >> 4);
		} else
			pixels--;
	}
	reader.alike = -pixels;
	*to = reader;
}

/* Pixels of a row, all of one alpha above 0. */
static void span565(uint16_t* at, uint16_t* end, uint32_t color, unsigned alpha)
{
	uint32_t spread = SPREAD(color);
	for (; at < end; at++)
		*at = alpha == 15 ? (uint16_t)color : (uint16_t)blend(*at, spread, alpha);
}

static void span1(uint8_t* row, int32_t at, int32_t end, uint32_t color)
{
	for (; at < end; at++) {
		uint8_t bit = (uint8_t)(0x80 >> (at & 7));
		if (color != 0)
			row[at >> 3] |= bit;
		else
			row[at >> 3] &= (uint8_t)~bit;
	}
}

/* Pixels from..until-1 of a row of the picture, as far as they are on the canvas and the alpha is seen there. */
static void span(const struct canvas* canvas, uint8_t* row, int32_t from, int32_t until, uint32_t color, unsigned alpha)
{
	from = larger(from, canvas->box.left) - canvas->box.left;
	until = smaller(until, canvas->box.right) - canvas->box.left;
	if (from >= until || alpha == 0)
		return;
	if (canvas->depth == 16)
		span565((uint16_t*)(void*)row + from, (uint16_t*)(void*)row + until, color, alpha);
	else if (alpha >= 8)
		span1(row, from, until, color);
}

/* Mostly the ground is one color under all of a text: what was last mixed with an alpha is kept. */
static uint32_t* mixed_with(struct canvas* canvas, uint32_t color)
{
	uint32_t* mixed = canvas->mixed[color & (MIXED_COLORS - 1)];
	uint32_t twice = color | color << 16;
	unsigned alpha;
	/* which is right for each alpha: a color mixed with itself stays */
	if (mixed[0] != twice)
		for (alpha = 0; alpha < 15; alpha++)
			mixed[alpha] = twice;
	return mixed;
}

/*
 * Draws rows of a mask that are all on the canvas, `width` pixels each, from `pixel` on: no pixel needs a look at an edge. `gap` is from the end of
 * a row to the next one, in bytes, and changes by `flip` from one to the next. The color is the one of `mixed`.
 */
static void rows565(xsMachine* the, uint32_t* mixed, struct mask_reader* from, uint16_t* pixel, int32_t width, int32_t rows, size_t gap, size_t flip)
{
	struct mask_reader reader = *from;
	uint16_t color = (uint16_t)mixed[0];
	uint32_t spread = SPREAD((uint32_t)color);
	uint16_t* end = pixel + width;
	/* where pixels that are alike end, maybe beyond the row: an address only */
	uintptr_t until = (uintptr_t)pixel + 2 * (uint32_t)reader.alike;
#define NEXT_ROW(HALF, ALIKE) do { \
		if (--rows == 0) { \
			reader.is_half = (HALF); \
			reader.alike = (int32_t)(ALIKE); \
			*from = reader; \
			return; \
		} \
		pixel = (uint16_t*)(void*)((uint8_t*)end + gap); \
		end = pixel + width; \
		gap ^= flip; \
	} while (0)
#define RUN do { \
		if (reader.alpha == 15) \
			while ((uintptr_t)pixel != until) \
				*pixel++ = color; \
		else \
			pixel = (uint16_t*)until; \
	} while (0)
#define MIX(HALF) do { \
		uint32_t known = mixed[reader.alpha], there = *pixel; \
		if (known >> 16 != there) \
			mixed[reader.alpha] = known = there << 16 | blend(there, spread, reader.alpha); \
		*pixel++ = (uint16_t)known; \
		if (pixel == end) \
			NEXT_ROW(HALF, 0); \
	} while (0)
	for (;;) {
		while (until >= (uintptr_t)end) {
			size_t rest = until - (uintptr_t)end;
			if (reader.alpha == 15)
				while (pixel != end)
					*pixel++ = color;
			NEXT_ROW(reader.is_half, rest / 2);
			until = (uintptr_t)pixel + rest;
		}
		RUN;
		if (reader.is_half)
			goto second;
		for (;;) {
			reader.two = next_byte(the, &reader);
			reader.alpha = reader.two >> 4;
			while (is_counted(reader.alpha)) {
				reader.is_half = 0;
				until = (uintptr_t)pixel + 2 * (1 + (reader.two & 15));
				if (until >= (uintptr_t)end)
					goto over;
				RUN;
				reader.two = next_byte(the, &reader);
				reader.alpha = reader.two >> 4;
			}
			MIX(1);
second:
			reader.alpha = reader.two & 15;
			while (is_counted(reader.alpha)) {
				reader.is_half = 1;
				reader.two = next_byte(the, &reader);
				until = (uintptr_t)pixel + 2 * (1 + (reader.two >> 4));
				if (until >= (uintptr_t)end)
					goto over;
				RUN;
				reader.alpha = reader.two & 15;
			}
			MIX(0);
		}
over:;
	}
#undef MIX
#undef RUN
#undef NEXT_ROW
}

/* The part of the mask at `place` that is in `box`. */
static void mask_part(xsMachine* the, const struct canvas* canvas, struct bytes atlas, size_t mask_at, struct box place, struct box box, uint32_t color)
{
	struct mask_reader reader = read_mask(the, atlas, mask_at);
	int32_t row, column;
	box = meet(meet(box, place), canvas->box);
	if (is_empty(box))
		return;
	skip(the, &reader, (box.top - place.top) * (place.right - place.left));
	for (row = box.top; row < box.bottom; row++) {
		uint8_t* to = canvas->at + (size_t)(row - canvas->box.top) * canvas->row_length;
		for (column = place.left; column < place.right;) {
			int32_t from = column;
			if (reader.alike == 0)
				next_alike(the, &reader);
			column = smaller(from + reader.alike, place.right);
			reader.alike -= column - from;
			span(canvas, to, larger(from, box.left), smaller(column, box.right), color, reader.alpha);
		}
	}
}

/* The four quarters of a disc in the corners of a box that has room for them and does not reach beyond the canvas' sides: unpacked once, by half rows. */
static void corners565(xsMachine* the, struct canvas* canvas, struct bytes atlas, struct box box, int32_t radius, size_t disc, uint32_t color)
{
	struct mask_reader reader = read_mask(the, atlas, disc);
	size_t between = 2 * (size_t)(box.right - box.left - 2 * radius);
	size_t beside = canvas->row_length - 2 * (size_t)(box.right - box.left);
	int32_t part, read = 0;
	for (part = 0; part < 2; part++) {
		int32_t top = part == 0 ? box.top : box.bottom - 2 * radius;
		int32_t from = larger(top + part * radius, canvas->box.top);
		int32_t until = smaller(top + (part + 1) * radius, canvas->box.bottom);
		if (from >= until)
			continue;
		skip(the, &reader, (from - top - read) * 2 * radius);
		rows565(the, mixed_with(canvas, color), &reader, pixel565(canvas, box.left, from), radius, 2 * (until - from), between, between ^ beside);
		read = until - top;
	}
}

/*
 * Rounded corners are the quarters of a disc, whose mask is 2 * radius wide and high. With a border above 0 there comes another box inside of it,
 * whose corners end where these do: between the corners only the border is to be drawn.
 */
static void rounded(xsMachine* the, struct canvas* canvas, struct bytes atlas, struct box box, int32_t radius, size_t disc, uint32_t color, int32_t border)
{
	struct box part = { box.left, box.top + radius, box.right, box.bottom - radius };
	int32_t strip = radius;
	int corner;
	if (border > 0 && 2 * radius < box.bottom - box.top && 2 * border < box.right - box.left) {
		struct box side = { box.left, part.top, box.left + border, part.bottom };
		fill(canvas, side, color);
		side.left = box.right - border;
		side.right = box.right;
		fill(canvas, side, color);
		strip = border;
	} else
		fill(canvas, part, color);
	if (radius == 0)
		return;
	part = (struct box){ box.left + radius, box.top, box.right - radius, smaller(box.top + strip, box.bottom - radius) };
	fill(canvas, part, color);
	part.top = larger(box.top + radius, box.bottom - strip);
	part.bottom = box.bottom;
	fill(canvas, part, color);
	if (2 * radius <= box.right - box.left && 2 * radius <= box.bottom - box.top && canvas->depth == 16 && box.left >= canvas->box.left && box.right <= canvas->box.right) {
		corners565(the, canvas, atlas, box, radius, disc, color);
		return;
	}
	/* they overlap, or are cut: one after the other */
	for (corner = 0; corner < 4; corner++) {
		int32_t left = (corner & 1) != 0 ? box.right - radius : box.left;
		int32_t top = (corner & 2) != 0 ? box.bottom - radius : box.top;
		struct box quarter = { left, top, left + radius, top + radius };
		int32_t x = (corner & 1) != 0 ? left - radius : left;
		int32_t y = (corner & 2) != 0 ? top - radius : top;
		struct box place = { x, y, x + 2 * radius, y + 2 * radius };
		mask_part(the, canvas, atlas, disc, place, quarter, color);
	}
}

static void paint_box(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas)
{
	uint32_t shape = (uint32_t)item[ITEM_A];
	int32_t radius = (int32_t)(shape & 255);
	int32_t inner = (int32_t)((shape >> 8) & 255);
	int32_t border = (int32_t)((shape >> 16) & 255);
	if (border > 0) {
		rounded(the, canvas, atlas, box, radius, (uint32_t)item[ITEM_C], (uint32_t)item[ITEM_B] & 0xffff, border + inner <= radius ? border : 0);
		box = (struct box){ box.left + border, box.top + border, box.right - border, box.bottom - border };
		if (is_empty(box))
			return;
	}
	rounded(the, canvas, atlas, box, inner, (uint32_t)item[ITEM_D], (uint32_t)item[ITEM_COLOR] & 0xffff, 0);
}

static void paint_glyphs(xsMachine* the, struct canvas* canvas, const int32_t* glyph, int32_t count, int32_t x, int32_t y, struct bytes atlas, uint32_t color)
{
	const struct box seen = canvas->box;
	uint32_t* mixed = mixed_with(canvas, color);
	for (; count > 0; count--, glyph += GLYPH_WORDS) {
		int32_t width = (int32_t)((uint32_t)glyph[GLYPH_SIZE] & 0xffff);
		int32_t height = (int32_t)((uint32_t)glyph[GLYPH_SIZE] >> 16);
		int32_t left = x + low(glyph[GLYPH_PLACE]);
		int32_t top = y + high(glyph[GLYPH_PLACE]);
		size_t mask_at = (uint32_t)glyph[GLYPH_MASK];
		int32_t from = larger(top, seen.top);
		int32_t until = smaller(top + height, seen.bottom);
		if (from >= until || width == 0 || left >= seen.right || left + width <= seen.left)
			continue;
		if (width > MASK_SIDE_MAX || height > MASK_SIDE_MAX)
			xsRangeError("a mask is not inside its atlas");
		if (canvas->depth == 16 && left >= seen.left && left + width <= seen.right) {
			struct mask_reader reader = read_mask(the, atlas, mask_at);
			if (from > top)
				skip(the, &reader, (from - top) * width);
			rows565(the, mixed, &reader, pixel565(canvas, left, from), width, until - from, canvas->row_length - 2 * (size_t)width, 0);
		} else {
			struct box place = { left, top, left + width, top + height };
			mask_part(the, canvas, atlas, mask_at, place, place, color);
		}
	}
}

static void paint_icon(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas)
{
	int32_t glyph[GLYPH_WORDS] = { item[ITEM_A], 0, (int32_t)((uint32_t)(box.right - box.left) | (uint32_t)(box.bottom - box.top) << 16) };
	paint_glyphs(the, canvas, glyph, 1, box.left, box.top, atlas, (uint32_t)item[ITEM_COLOR] & 0xffff);
}

static void paint_run(xsMachine* the, struct canvas* canvas, const int32_t* item, struct words store, struct bytes atlas)
{
	size_t at = (uint32_t)item[ITEM_B];
	int32_t count;
	if (at > store.length || store.length - at < RUN_HEAD)
		xsRangeError("a run is not inside the store");
	count = store.at[at + RUN_COUNT];
	at += RUN_HEAD;
	if (count < 0 || (store.length - at) / GLYPH_WORDS < (size_t)count)
		xsRangeError("a run is not inside the store");
	paint_glyphs(the, canvas, store.at + at, count, low(item[ITEM_A]), high(item[ITEM_A]), atlas, (uint32_t)item[ITEM_COLOR] & 0xffff);
}

/* Arguments from `first` on: list, items, store, atlas, other. The canvas' bitmap is taken by the caller after everything that may throw. */
struct picture {
	struct words list;
	int32_t items;
	struct words store;
	struct bytes atlas[2];
};

static struct picture get_picture(xsMachine* the, int first)
{
	struct picture picture;
	picture.items = argument_range(the, first + 1, 0, ITEMS_MAX);
	picture.list = argument_words(the, first, argument_bytes(the, first));
	picture.store = argument_words(the, first + 2, argument_bytes(the, first + 2));
	picture.atlas[0] = argument_bytes(the, first + 3);
	picture.atlas[1] = argument_bytes(the, first + 4);
	if (picture.list.length / ITEM_WORDS < (size_t)picture.items)
		xsRangeError("the list is shorter than its items");
	return picture;
}

/* Smaller ones are sooner painted twice than cut around. */
#define COVER_WIDTH 40
#define COVER_ROWS 8

static int is_seen(const struct canvas* canvas, const int32_t* item)
{
	int32_t left_top = item[ITEM_LEFT_TOP];
	int32_t right_bottom = item[ITEM_RIGHT_BOTTOM];
	return high(left_top) < canvas->box.bottom && high(right_bottom) > canvas->box.top && low(left_top) < canvas->box.right &&
		low(right_bottom) > canvas->box.left && high(left_top) < high(right_bottom) && low(left_top) < low(right_bottom);
}

/* Boxes without the columns of their corners. */
static void find_covers(struct canvas* canvas, const struct picture* picture)
{
	struct cover* cover = canvas->covers;
	const int32_t* item = picture->list.at;
	int32_t left;
	for (left = picture->items; left > 0 && cover < canvas->covers + COVERS_MAX; left--, item += ITEM_WORDS) {
		uint32_t shape;
		int32_t radius;
		if ((uint32_t)item[ITEM_COLOR] >> 16 != KIND_BOX || !is_seen(canvas, item))
			continue;
		shape = (uint32_t)item[ITEM_A];
		radius = (int32_t)((shape >> 16 & 255) > 0 ? shape & 255 : shape >> 8 & 255);
		cover->box = box_of(item);
		/* no row is without a middle part */
		if (2 * radius > cover->box.bottom - cover->box.top)
			continue;
		cover->box.left += radius;
		cover->box.right -= radius;
		cover->box = meet(cover->box, canvas->box);
		cover->item = item;
		if (cover->box.right - cover->box.left >= COVER_WIDTH && cover->box.bottom - cover->box.top >= COVER_ROWS)
			cover++;
	}
	canvas->cover = canvas->covers;
	canvas->covers_end = cover;
}

static void paint(xsMachine* the, struct canvas* canvas, const struct picture* picture)
{
	const int32_t* item = picture->list.at;
	int32_t left;
	if (is_empty(canvas->box))
		return;
	find_covers(canvas, picture);
	memset(canvas->mixed, 0, sizeof canvas->mixed);
	for (left = picture->items; left > 0; left--, item += ITEM_WORDS) {
		uint32_t kind = (uint32_t)item[ITEM_COLOR] >> 16;
		if (kind == KIND_NONE || !is_seen(canvas, item))
			continue;
		if (canvas->cover < canvas->covers_end && canvas->cover->item == item)
			canvas->cover++;
		if (kind == KIND_BOX)
			paint_box(the, canvas, item, box_of(item), picture->atlas[0]);
		else if (kind == KIND_ICON)
			paint_icon(the, canvas, item, box_of(item), picture->atlas[item[ITEM_B] == 0 ? 0 : 1]);
		else if (kind == KIND_RUN)
			paint_run(the, canvas, item, picture->store, picture->atlas[item[ITEM_C] == 0 ? 0 : 1]);
		else
			xsRangeError("an item of no known kind");
	}
}

void xs_paint565(xsMachine* the)
{
	struct canvas canvas;
	int32_t stride = argument_range(the, 1, 1, STRIDE_MAX);
	int32_t left = argument_range(the, 2, -COORDINATE_MAX, COORDINATE_MAX);
	int32_t top = argument_range(the, 3, -COORDINATE_MAX, COORDINATE_MAX);
	int32_t rows = argument_range(the, 4, 0, COORDINATE_MAX);
	struct picture picture = get_picture(the, 5);
	struct bytes bitmap = argument_writable(the, 0);
	if (((uintptr_t)bitmap.at & 1) != 0 || bitmap.length / (2 * (size_t)stride) < (size_t)rows)
		xsRangeError("the bitmap is shorter than its rows");
	canvas.at = bitmap.at;
	canvas.row_length = 2 * (size_t)stride;
	canvas.box = (struct box){ left, top, left + stride, top + rows };
	canvas.depth = 16;
	paint(the, &canvas, &picture);
}

void xs_paint1(xsMachine* the)
{
	struct canvas canvas;
	double at = argument_whole(the, 1);
	int32_t stride = argument_range(the, 2, 1, STRIDE_MAX / 8);
	int32_t left = argument_range(the, 3, -COORDINATE_MAX, COORDINATE_MAX);
	int32_t top = argument_range(the, 4, -COORDINATE_MAX, COORDINATE_MAX);
	int32_t rows = argument_range(the, 5, 0, COORDINATE_MAX);
	struct picture picture = get_picture(the, 6);
	struct bytes bitmap = argument_writable(the, 0);
	if (at < 0 || at > (double)bitmap.length || (double)bitmap.length - at < (double)((size_t)stride * (size_t)rows))
		xsRangeError("the bitmap is shorter than its rows");
	canvas.at = bitmap.at + (size_t)at;
	canvas.row_length = (size_t)stride;
	canvas.box = (struct box){ left, top, left + 8 * stride, top + rows };
	canvas.depth = 1;
	memset(canvas.at, 0, (size_t)stride * (size_t)rows);
	paint(the, &canvas, &picture);
}

static uint32_t u16(const uint8_t* at)
{
	return ((uint32_t)at[0] << 8) | at[1];
}

static uint32_t u32(const uint8_t* at)
{
	return (u16(at) << 16) | u16(at + 2);
}

static int32_t i16(const uint8_t* at)
{
	return (int16_t)u16(at);
}

#define FACE_BYTES 12
#define ENTRY_BYTES 14
#define PIECE_HEAD_BYTES 6
#define PIECE_GLYPH_BYTES 6
#define LAYOUT_HEAD 4
/* What a piece is, by its first byte: the place of a number, a digit, glyphs. */
#define SLOTS_MAX 2
#define PIECE_DIGIT 0x10
#define PIECE_GLYPHS 0x80
/* Of a bundle 12; letters and digits that somebody has typed are a piece each. */
#define PIECES_MAX 24
#define LINES_MAX 12

/* The entry of a glyph in the ascending table of a face, or NULL. */
static const uint8_t* find(const uint8_t* table, uint32_t count, uint32_t number)
{
	uint32_t from = 0;
	while (from < count) {
		uint32_t middle = (from + count) / 2;
		const uint8_t* entry = table + (size_t)middle * ENTRY_BYTES;
		uint32_t there = u16(entry);
		if (there == number)
			return entry;
		if (there < number)
			from = middle + 1;
		else
			count = middle;
	}
	return NULL;
}

/* floor((2 * units * capital + capital_units) / (2 * capital_units)) */
static int32_t scale(xsMachine* the, int32_t units, int32_t capital, int32_t capital_units)
{
	int64_t over = 2 * (int64_t)units * capital + capital_units;
	int32_t under = 2 * capital_units;
	/* what stands on a screen or paper needs no division of 64 bits */
	if (over >= 0 && over <= INT32_MAX)
		over = (int32_t)over / under;
	else
		over = over >= 0 ? over / under : -((under - 1 - over) / under);
	if (over < -COORDINATE_MAX || over > COORDINATE_MAX)
		xsRangeError("a glyph far off");
	return (int32_t)over;
}

/* One line as it is set: where its run is, and the pen, in font units from the left end. */
struct line {
	const uint8_t* table;
	uint32_t glyphs;
	int32_t capital, capital_units;
	int32_t* run;
	int32_t pen;
};

/* Whole advances beyond this are a bug; with it no pen leaves 32 bits. */
#define ADVANCE_MAX 0xffffff

static void set_glyph(xsMachine* the, struct line* line, const uint8_t* at, int32_t pen)
{
	const uint8_t* entry = find(line->table, line->glyphs, u16(at));
	int32_t* run = line->run;
	int32_t *glyph, left, top, right, bottom;
	if (entry == NULL || u16(entry + 6) == 0 || u16(entry + 8) == 0)
		return;
	left = scale(the, pen, line->capital, line->capital_units) + i16(entry + 2);
	top = -scale(the, i16(at + 4), line->capital, line->capital_units) - i16(entry + 4);
	if (left < -COORDINATE_MAX || left > COORDINATE_MAX || top < -COORDINATE_MAX || top > COORDINATE_MAX || u16(entry + 6) > MASK_SIDE_MAX ||
		u16(entry + 8) > MASK_SIDE_MAX)
		xsRangeError("a glyph far off");
	right = left + (int32_t)u16(entry + 6);
	bottom = top + (int32_t)u16(entry + 8);
	glyph = run + RUN_HEAD + run[RUN_COUNT] * GLYPH_WORDS;
	glyph[GLYPH_MASK] = (int32_t)u32(entry + 10);
	glyph[GLYPH_PLACE] = (int32_t)(((uint32_t)left & 0xffff) | ((uint32_t)top << 16));
	glyph[GLYPH_SIZE] = (int32_t)(u16(entry + 6) | (u16(entry + 8) << 16));
	if (run[RUN_COUNT]++ == 0) {
		run[RUN_LEFT] = left;
		run[RUN_TOP] = top;
		run[RUN_RIGHT] = right;
		run[RUN_BOTTOM] = bottom;
		return;
	}
	run[RUN_LEFT] = smaller(run[RUN_LEFT], left);
	run[RUN_TOP] = smaller(run[RUN_TOP], top);
	run[RUN_RIGHT] = larger(run[RUN_RIGHT], right);
	run[RUN_BOTTOM] = larger(run[RUN_BOTTOM], bottom);
}

/* The length of the piece of glyphs at `at` of `text`; 0: it is not whole. */
static size_t glyphs_length(struct bytes text, size_t at)
{
	size_t length;
	if (at > text.length || text.length - at < PIECE_HEAD_BYTES)
		return 0;
	length = PIECE_HEAD_BYTES + (size_t)text.at[at + 1] * PIECE_GLYPH_BYTES;
	return text.at[at] == PIECE_GLYPHS && length <= text.length - at ? length : 0;
}

/* `line` without a run only counts. Returns how many glyphs the piece has. */
static uint32_t set_glyphs(xsMachine* the, struct line* line, const uint8_t* piece)
{
	uint32_t count = piece[1], advance = u32(piece + 2), index;
	int32_t pen = line->pen;
	if (advance > ADVANCE_MAX || pen > ADVANCE_MAX)
		xsRangeError("a line too long");
	if (line->run != NULL)
		for (index = 0; index < count; index++) {
			const uint8_t* at = piece + PIECE_HEAD_BYTES + (size_t)index * PIECE_GLYPH_BYTES;
			pen += i16(at + 2);
			set_glyph(the, line, at, pen);
		}
	line->pen += (int32_t)advance;
	return count;
}

static void not_whole(xsMachine* the, size_t at)
{
	xsRangeError("a text is not whole at its byte %u", (unsigned)at);
}

/* The length of the line at `at` of `text`, which ends before `end`. */
static size_t line_length(xsMachine* the, struct bytes text, size_t at, size_t end)
{
	size_t from = at;
	uint32_t pieces = at < end ? text.at[at] : 255;
	if (pieces > PIECES_MAX)
		not_whole(the, at);
	for (at++; pieces > 0; pieces--) {
		size_t length = at < end && text.at[at] != PIECE_GLYPHS ? 1 : glyphs_length(text, at);
		if (length == 0 || length > end - at || (length == 1 && text.at[at] >= SLOTS_MAX && (uint32_t)text.at[at] - PIECE_DIGIT > 9))
			not_whole(the, at);
		at += length;
	}
	return at - from;
}

/* Where the lines for a medium and weight begin, at their count; `end`: of their layout. */
static size_t lines_at(xsMachine* the, struct bytes text, int32_t medium, int bold, size_t* end)
{
	uint32_t layouts = text.length > 0 ? text.at[0] : 0;
	size_t at = 1;
	for (; layouts > 0; layouts--) {
		const uint8_t* head = text.at + at;
		if (text.length - at < LAYOUT_HEAD || u16(head + 2) > text.length - at - LAYOUT_HEAD)
			not_whole(the, at);
		at += LAYOUT_HEAD;
		*end = at + u16(head + 2);
		if (((head[0] >> medium) & 1) != 0) {
			/* both weights: the regular lines are first */
			if (head[1] == 3 && bold) {
				uint32_t lines = at < *end ? text.at[at] : 0;
				for (at++; lines > 0; lines--)
					at += line_length(the, text, at, *end);
			}
			if (at >= *end || text.at[at] == 0 || text.at[at] > LINES_MAX)
				not_whole(the, at);
			return at;
		}
		at = *end;
	}
	xsRangeError("a text without lines for medium %d", (int)medium);
	return 0;
}

/* The text of the ten digits, and its pieces once one of them was asked for. */
struct digits {
	struct bytes text;
	int32_t medium;
	int bold;
	const uint8_t* pieces[10];
};

static const uint8_t* digit_piece(xsMachine* the, struct digits* digits, uint32_t digit)
{
	struct bytes text = digits->text;
	size_t at, end, index;
	if (digits->pieces[0] != NULL)
		return digits->pieces[digit];
	at = lines_at(the, text, digits->medium, digits->bold, &end);
	line_length(the, text, at + 1, end);
	if (text.at[at] != 1 || text.at[at + 1] != 10)
		xsRangeError("the digits are not ten");
	for (index = 0, at += 2; index < 10; index++) {
		if (text.at[at] != PIECE_GLYPHS)
			xsRangeError("the digits are not ten");
		digits->pieces[index] = text.at + at;
		at += PIECE_HEAD_BYTES + (size_t)text.at[at + 1] * PIECE_GLYPH_BYTES;
	}
	return digits->pieces[digit];
}

static uint32_t set_number(xsMachine* the, struct line* line, struct digits* digits, uint32_t number)
{
	uint32_t power = 1, glyphs = 0;
	while (number / power >= 10)
		power *= 10;
	for (; power > 0; power /= 10)
		glyphs += set_glyphs(the, line, digit_piece(the, digits, number / power % 10));
	return glyphs;
}

/* Sets a line, or counts its glyphs when `line` has no run. */
static uint32_t set_line(xsMachine* the, struct line* line, const uint8_t* at, struct digits* digits, const uint32_t* numbers)
{
	uint32_t pieces = *at++, glyphs = 0;
	line->pen = 0;
	for (; pieces > 0; pieces--) {
		if (*at == PIECE_GLYPHS) {
			glyphs += set_glyphs(the, line, at);
			at += PIECE_HEAD_BYTES + (size_t)at[1] * PIECE_GLYPH_BYTES;
			continue;
		}
		if (*at >= PIECE_DIGIT)
			glyphs += set_glyphs(the, line, digit_piece(the, digits, *at - PIECE_DIGIT));
		else
			glyphs += set_number(the, line, digits, *at == 0 ? numbers[0] : numbers[1]);
		at++;
	}
	return glyphs;
}

void xs_typeset(xsMachine* the)
{
	double store_at = argument_whole(the, 1);
	double face_at = argument_whole(the, 3);
	int32_t medium = argument_range(the, 5, 0, 7);
	int bold = argument_range(the, 6, 0, 1);
	int32_t source = argument_range(the, 10, 0, 1);
	uint32_t numbers[2] = { (uint32_t)argument_range(the, 8, 0, 0x7fffffff), (uint32_t)argument_range(the, 9, 0, 0x7fffffff) };
	struct bytes atlas = argument_bytes(the, 2);
	struct bytes text = argument_bytes(the, 4);
	struct digits digits = { argument_bytes(the, 7), medium, bold, { NULL } };
	struct words store = argument_words(the, 0, argument_writable(the, 0));
	struct line line = { NULL, 0, 0, 0, NULL, 0 };
	const uint8_t* face;
	size_t first, at, end, words = 0;
	uint32_t index, lines;
	int32_t* run;
	if (store_at < 0 || store_at > (double)store.length)
		xsRangeError("a run is not inside the store");
	if (face_at < 0 || face_at > (double)atlas.length || (double)atlas.length - face_at < FACE_BYTES)
		xsRangeError("a face is not inside its atlas");
	face = atlas.at + (size_t)face_at;
	line.capital = (int32_t)u16(face + 2);
	line.capital_units = (int32_t)u16(face + 4);
	line.glyphs = u16(face + 6);
	if (line.capital_units == 0 || u32(face + 8) > atlas.length || (atlas.length - u32(face + 8)) / ENTRY_BYTES < line.glyphs)
		xsRangeError("a face is not inside its atlas");
	line.table = atlas.at + u32(face + 8);
	first = lines_at(the, text, medium, bold, &end) + 1;
	lines = text.at[first - 1];
	for (index = 0, at = first; index < lines; index++) {
		size_t length = line_length(the, text, at, end);
		words += RUN_HEAD + set_line(the, &line, text.at + at, &digits, numbers) * GLYPH_WORDS;
		at += length;
	}
	if (words > store.length - (size_t)store_at) {
		xsmcSetInteger(xsResult, -(int32_t)words);
		return;
	}
	run = store.at + (size_t)store_at;
	for (index = 0, at = first; index < lines; index++) {
		line.run = run;
		memset(run, 0, RUN_HEAD * sizeof(int32_t));
		run[RUN_SOURCE] = source;
		set_line(the, &line, text.at + at, &digits, numbers);
		run[RUN_WIDTH] = scale(the, line.pen, line.capital, line.capital_units);
		run += RUN_HEAD + run[RUN_COUNT] * GLYPH_WORDS;
		at += line_length(the, text, at, end);
	}
	xsmcSetInteger(xsResult, (int32_t)(run - store.at) - (int32_t)store_at);
}

void xs_wipe(xsMachine* the)
{
	struct bytes bytes = argument_writable(the, 0);
	memset(bytes.at, 0, bytes.length);
}

void xs_find(xsMachine* the)
{
	int32_t first = argument_range(the, 1, 0, 255);
	int32_t second = argument_range(the, 2, 0, 255);
	struct bytes bytes = argument_bytes(the, 0);
	size_t at = 0;
	int32_t found = -1;
	while (at + 1 < bytes.length) {
		const uint8_t* next = memchr(bytes.at + at, first, bytes.length - at - 1);
		if (next == NULL)
			break;
		at = (size_t)(next - bytes.at) + 1;
		if (bytes.at[at] == second) {
			found = (int32_t)(at - 1);
			break;
		}
	}
	xsmcSetInteger(xsResult, found);
}
