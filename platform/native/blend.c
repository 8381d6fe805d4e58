/*
 * Painting of firmware/platform.ts (Blender): what a list of boxes, icons and runs has in a part of the picture. The words of lists and runs are described there.
 *
 * Rule of blending into RGB565, for each channel of 5, 6 and 5 bits: (dst * (32 - w) + src * w + 16) >> 5, w the weight of the alpha
 * in 32nds (weights[] below). The three channels stand far enough apart in one 32-bit word to be computed at once.
 *
 * Whatever the arguments, nothing outside the arrays is read or written: what is painted is cut to the rows that the bitmap holds, and
 * a mask that is not whole inside its atlas, or a run that is not whole inside the store, is refused.
 */
#include "arguments.h"
#include "picture.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels are written as words"
#endif

#define STRIDE_MAX 16383
#define ITEMS_MAX 16384

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

static struct box meet(struct box a, struct box b)
{
	struct box both = { larger(a.left, b.left), larger(a.top, b.top), smaller(a.right, b.right), smaller(a.bottom, b.bottom) };
	return both;
}

static int is_empty(struct box box)
{
	return box.left >= box.right || box.top >= box.bottom;
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
