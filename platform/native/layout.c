/*
 * Items of a picture are put into its list (Blender in firmware/platform.ts, where the words of lists, runs and pens
 * are described). An interpreter needs five times as long for it, and a full list of names is a hundred items.
 *
 * Whatever the arguments and the words of the pen, nothing outside the arrays is read or written.
 */
#include "arguments.h"
#include "atlas.h"
#include "picture.h"

#include <string.h>

#define RADIUS_MAX 255
#define RUNS_MAX 64
#define COPIES_MAX 64

enum {
	PEN_FIRST,
	PEN_NEXT,
	PEN_HAD,
	PEN_ROOM,
	PEN_LEFT,
	PEN_TOP,
	PEN_RIGHT,
	PEN_BOTTOM,
	PEN_MIRROR,
	PEN_WHOLE,
	PEN_DISCS = 16
};

struct pen {
	int32_t* words;
	int32_t* list;
	/* of the screen, 0: not mirrored */
	int32_t mirror;
	/* where the next item goes; its number in the part */
	size_t item;
	int32_t next;
};

/* Arguments 0 and 1. False: the part, or the list, has no room for so many items. */
static int get_pen(xsMachine* the, int32_t items, struct pen* pen)
{
	struct words list = argument_words(the, 1, argument_writable(the, 1));
	struct words words = argument_words(the, 0, argument_writable(the, 0));
	int64_t first, next;
	if (words.length < PEN_DISCS)
		xsRangeError("a pen of %d words", PEN_DISCS);
	first = words.at[PEN_FIRST];
	next = words.at[PEN_NEXT];
	if (first < 0 || next < 0 || words.at[PEN_MIRROR] < 0 || words.at[PEN_MIRROR] > COORDINATE_MAX)
		xsRangeError("a pen that points nowhere");
	if (next + items > words.at[PEN_ROOM] || first + next + items > (int64_t)(list.length / ITEM_WORDS))
		return 0;
	pen->words = words.at;
	pen->mirror = words.at[PEN_MIRROR];
	pen->list = list.at;
	pen->item = (size_t)(first + next) * ITEM_WORDS;
	pen->next = (int32_t)next;
	return 1;
}

static int32_t left_of(const struct pen* pen, int32_t x, int32_t width)
{
	return pen->mirror > 0 ? pen->mirror - x - width : x;
}

static void changed(int32_t* pen, int32_t left_top, int32_t right_bottom)
{
	int32_t left = low(left_top), top = high(left_top), right = low(right_bottom), bottom = high(right_bottom);
	if (left >= right || top >= bottom)
		return;
	if (pen[PEN_RIGHT] == 0) {
		pen[PEN_LEFT] = left;
		pen[PEN_TOP] = top;
		pen[PEN_RIGHT] = right;
		pen[PEN_BOTTOM] = bottom;
		return;
	}
	if (left < pen[PEN_LEFT])
		pen[PEN_LEFT] = left;
	if (top < pen[PEN_TOP])
		pen[PEN_TOP] = top;
	if (right > pen[PEN_RIGHT])
		pen[PEN_RIGHT] = right;
	if (bottom > pen[PEN_BOTTOM])
		pen[PEN_BOTTOM] = bottom;
}

/* There is room for it. */
static void put(struct pen* pen, const int32_t* item)
{
	int32_t* to = pen->list + pen->item;
	int had = pen->next < pen->words[PEN_HAD];
	pen->item += ITEM_WORDS;
	pen->words[PEN_NEXT] = ++pen->next;
	if (had && memcmp(to, item, ITEM_WORDS * sizeof(int32_t)) == 0)
		return;
	if (pen->words[PEN_WHOLE] == 0) {
		if (had)
			changed(pen->words, to[ITEM_LEFT_TOP], to[ITEM_RIGHT_BOTTOM]);
		changed(pen->words, item[ITEM_LEFT_TOP], item[ITEM_RIGHT_BOTTOM]);
	}
	memcpy(to, item, ITEM_WORDS * sizeof(int32_t));
}

static int32_t coordinate(xsMachine* the, int index)
{
	return argument_range(the, index, -COORDINATE_MAX, COORDINATE_MAX);
}

static int32_t color(xsMachine* the, int index)
{
	return argument_range(the, index, 0, 0xffff);
}

void xs_put_box(xsMachine* the)
{
	int32_t x = coordinate(the, 2), y = coordinate(the, 3), width = coordinate(the, 4), height = coordinate(the, 5);
	int32_t fill = color(the, 6), border = argument_range(the, 7, 0, RADIUS_MAX), border_color = color(the, 8),
			radius = argument_range(the, 9, 0, RADIUS_MAX);
	/* a border thicker than its radius leaves sharp corners inside */
	int32_t inner = radius > border ? radius - border : 0, left;
	struct pen pen;
	if (get_pen(the, 1, &pen)) {
		size_t discs = argument_bytes(the, 0).length / 4 - PEN_DISCS;
		const int32_t* disc = pen.words + PEN_DISCS;
		if ((size_t)radius >= discs)
			xsRangeError("a radius without a disc");
		left = left_of(&pen, x, width);
		put(&pen,
			(int32_t[ITEM_WORDS]){
				(KIND_BOX << 16) | fill,
				pair(left, y),
				pair(left + width, y + height),
				radius | (inner << 8) | (border << 16),
				border_color,
				border > 0 ? disc[radius] : 0,
				disc[inner],
			});
		xsmcSetTrue(xsResult);
	}
	else
		xsmcSetFalse(xsResult);
}

void xs_put_mask(xsMachine* the)
{
	int32_t x = coordinate(the, 2), y = coordinate(the, 3), width = coordinate(the, 4), height = coordinate(the, 5);
	int32_t ink = color(the, 6), mask = argument_range(the, 7, 0, INT32_MAX), source = argument_range(the, 8, 0, 1);
	struct pen pen;
	if (get_pen(the, 1, &pen)) {
		put(&pen,
			(int32_t[ITEM_WORDS]){
				(KIND_ICON << 16) | ink, pair(x, y), pair(x + width, y + height), mask, source, 0, 0 });
		xsmcSetTrue(xsResult);
	}
	else
		xsmcSetFalse(xsResult);
}

void xs_put_icon(xsMachine* the)
{
	int32_t face_at = argument_range(the, 3, 0, INT32_MAX), icon = argument_range(the, 4, 0, 0xffff);
	int32_t x = coordinate(the, 5), y = coordinate(the, 6), width = coordinate(the, 7), ink = color(the, 8);
	struct face face = get_face(the, argument_bytes(the, 2), (size_t)face_at);
	const uint8_t* entry = find_glyph(&face, (uint32_t)icon);
	struct pen pen;
	if (entry == NULL || u16(entry + 6) > MASK_SIDE_MAX || u16(entry + 8) > MASK_SIDE_MAX)
		xsRangeError("no icon %d", (int)icon);
	if (get_pen(the, 1, &pen)) {
		int32_t left = left_of(&pen, x, width) + i16(entry + 2), top = y - i16(entry + 4);
		put(&pen,
			(int32_t[ITEM_WORDS]){
				(KIND_ICON << 16) | ink,
				pair(left, top),
				pair(left + (int32_t)u16(entry + 6), top + (int32_t)u16(entry + 8)),
				(int32_t)u32(entry + 10),
				0,
				0,
				0,
			});
		xsmcSetTrue(xsResult);
	}
	else
		xsmcSetFalse(xsResult);
}

void xs_put_runs(xsMachine* the)
{
	int32_t at = argument_range(the, 3, 0, INT32_MAX), count = argument_range(the, 4, 0, RUNS_MAX);
	int32_t x = coordinate(the, 5), width = coordinate(the, 6), align = argument_range(the, 7, 0, 2);
	int32_t y = coordinate(the, 8), pitch = argument_range(the, 9, 0, 1024), ink = color(the, 10);
	struct words store = argument_words(the, 2, argument_bytes(the, 2));
	struct pen pen;
	if (!get_pen(the, count, &pen)) {
		xsmcSetFalse(xsResult);
		return;
	}
	for (; count > 0; count--, y += pitch) {
		const int32_t* run;
		int32_t left, spare, glyphs;
		if ((size_t)at > store.length || store.length - (size_t)at < RUN_HEAD)
			xsRangeError("a run is not inside the store");
		run = store.at + at;
		glyphs = run[RUN_COUNT];
		if (glyphs < 0 || (size_t)glyphs > (store.length - (size_t)at - RUN_HEAD) / GLYPH_WORDS)
			xsRangeError("a run is not inside the store");
		/* 16 bits of each measure: no sum overflows, whatever stands there */
		spare = width - low(run[RUN_WIDTH]);
		left = left_of(&pen, x, width) + (align == 1 ? spare >> 1 : (align == 0) == (pen.mirror > 0) ? spare : 0);
		put(&pen,
			(int32_t[ITEM_WORDS]){
				(KIND_RUN << 16) | ink,
				pair(left + low(run[RUN_LEFT]), y + low(run[RUN_TOP])),
				pair(left + low(run[RUN_RIGHT]), y + low(run[RUN_BOTTOM])),
				pair(left, y),
				at,
				run[RUN_SOURCE],
				0,
			});
		at += RUN_HEAD + glyphs * GLYPH_WORDS;
	}
	xsmcSetTrue(xsResult);
}

void xs_put_copies(xsMachine* the)
{
	int32_t count = argument_range(the, 3, 0, COPIES_MAX);
	int32_t x = coordinate(the, 4), y = coordinate(the, 5);
	struct words from = argument_words(the, 2, argument_bytes(the, 2));
	struct pen pen;
	int32_t index;
	if (from.length / ITEM_WORDS < (size_t)count)
		xsRangeError("fewer items than copies");
	if (!get_pen(the, count, &pen)) {
		xsmcSetFalse(xsResult);
		return;
	}
	for (index = 0; index < count; index++) {
		int32_t item[ITEM_WORDS];
		memcpy(item, from.at + index * ITEM_WORDS, sizeof(item));
		item[ITEM_LEFT_TOP] = pair(low(item[ITEM_LEFT_TOP]) + x, high(item[ITEM_LEFT_TOP]) + y);
		item[ITEM_RIGHT_BOTTOM] = pair(low(item[ITEM_RIGHT_BOTTOM]) + x, high(item[ITEM_RIGHT_BOTTOM]) + y);
		put(&pen, item);
	}
	xsmcSetTrue(xsResult);
}
