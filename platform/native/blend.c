/*
 * Painting of firmware/platform.ts (Blender): what a list of boxes, icons and runs has in a part of the picture. The
 * words of lists and runs are described there.
 *
 * Whatever the arguments, nothing outside the arrays is read or written: what is painted is cut to the rows that the
 * bitmap holds, and a mask that is not whole inside its atlas, or a run that is not whole inside the store, is refused.
 */
#include "arguments.h"
#include "box.h"
#include "canvas.h"
#include "glyphs.h"
#include "picture.h"

#include <string.h>

#define STRIDE_MAX 16383
#define ITEMS_MAX 16384

static struct box box_of(const int32_t* item)
{
	struct box box = { low(item[ITEM_LEFT_TOP]), high(item[ITEM_LEFT_TOP]), low(item[ITEM_RIGHT_BOTTOM]),
		high(item[ITEM_RIGHT_BOTTOM]) };
	return box;
}

/*
 * Arguments from `first` on: list, items, store, atlas, other. The canvas' bitmap is taken by the caller after
 * everything that may throw.
 */
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
	return high(left_top) < canvas->box.bottom && high(right_bottom) > canvas->box.top
		&& low(left_top) < canvas->box.right && low(right_bottom) > canvas->box.left
		&& high(left_top) < high(right_bottom) && low(left_top) < low(right_bottom);
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
