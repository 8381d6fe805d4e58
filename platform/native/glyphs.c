#include "glyphs.h"

#include "mask.h"

static void paint_glyphs(xsMachine* the, struct canvas* canvas, const int32_t* glyph, int32_t count, int32_t x,
	int32_t y, struct bytes atlas, uint32_t color)
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
			rows565(the, mixed, &reader, pixel565(canvas, left, from), width, until - from,
				canvas->row_length - 2 * (size_t)width, 0);
		}
		else {
			struct box place = { left, top, left + width, top + height };
			mask_part(the, canvas, atlas, mask_at, place, place, color);
		}
	}
}

void paint_icon(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas)
{
	int32_t size = (int32_t)((uint32_t)(box.right - box.left) | (uint32_t)(box.bottom - box.top) << 16);
	int32_t glyph[GLYPH_WORDS] = { item[ITEM_A], 0, size };
	paint_glyphs(the, canvas, glyph, 1, box.left, box.top, atlas, (uint32_t)item[ITEM_COLOR] & 0xffff);
}

void paint_run(xsMachine* the, struct canvas* canvas, const int32_t* item, struct words store, struct bytes atlas)
{
	size_t at = (uint32_t)item[ITEM_B];
	int32_t count;
	if (at > store.length || store.length - at < RUN_HEAD)
		xsRangeError("a run is not inside the store");
	count = store.at[at + RUN_COUNT];
	at += RUN_HEAD;
	if (count < 0 || (store.length - at) / GLYPH_WORDS < (size_t)count)
		xsRangeError("a run is not inside the store");
	paint_glyphs(the, canvas, store.at + at, count, low(item[ITEM_A]), high(item[ITEM_A]), atlas,
		(uint32_t)item[ITEM_COLOR] & 0xffff);
}
