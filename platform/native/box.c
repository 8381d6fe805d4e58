#include "box.h"

#include "fill.h"
#include "mask.h"

/*
 * The four quarters of a disc in the corners of a box that has room for them and does not reach beyond the canvas'
 * sides: unpacked once, by half rows.
 */
static void corners565(xsMachine* the, struct canvas* canvas, struct bytes atlas, struct box box, int32_t radius,
	size_t disc, uint32_t color)
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
		rows565(the, mixed_with(canvas, color), &reader, pixel565(canvas, box.left, from), radius, 2 * (until - from),
			between, between ^ beside);
		read = until - top;
	}
}

/*
 * Rounded corners are the quarters of a disc, whose mask is 2 * radius wide and high. With a border above 0 there comes
 * another box inside of it, whose corners end where these do: between the corners only the border is to be drawn.
 */
static void rounded(xsMachine* the, struct canvas* canvas, struct bytes atlas, struct box box, int32_t radius,
	size_t disc, uint32_t color, int32_t border)
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
	}
	else
		fill(canvas, part, color);
	if (radius == 0)
		return;
	part.left = box.left + radius;
	part.top = box.top;
	part.right = box.right - radius;
	part.bottom = smaller(box.top + strip, box.bottom - radius);
	fill(canvas, part, color);
	part.top = larger(box.top + radius, box.bottom - strip);
	part.bottom = box.bottom;
	fill(canvas, part, color);
	if (2 * radius <= box.right - box.left && 2 * radius <= box.bottom - box.top && canvas->depth == 16
		&& box.left >= canvas->box.left && box.right <= canvas->box.right) {
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

void paint_box(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas)
{
	uint32_t shape = (uint32_t)item[ITEM_A];
	int32_t radius = (int32_t)(shape & 255);
	int32_t inner = (int32_t)((shape >> 8) & 255);
	int32_t border = (int32_t)((shape >> 16) & 255);
	if (border > 0) {
		rounded(the, canvas, atlas, box, radius, (uint32_t)item[ITEM_C], (uint32_t)item[ITEM_B] & 0xffff,
			border + inner <= radius ? border : 0);
		box = (struct box){ box.left + border, box.top + border, box.right - border, box.bottom - border };
		if (is_empty(box))
			return;
	}
	rounded(the, canvas, atlas, box, inner, (uint32_t)item[ITEM_D], (uint32_t)item[ITEM_COLOR] & 0xffff, 0);
}
