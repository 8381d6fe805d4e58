#include "mask.h"

static const uint8_t weights[16] = { 0, 2, 4, 6, 9, 11, 13, 15, 17, 19, 21, 23, 26, 28, 30, 32 };

#define SPREAD(COLOR) (((COLOR) | ((COLOR) << 16)) & 0x07e0f81fu)
#define HALVES ((16u << 21) | (16u << 11) | 16u)

static inline uint32_t blend(uint32_t there, uint32_t spread, unsigned alpha)
{
	uint32_t sum = ((SPREAD(there) * (32u - weights[alpha]) + spread * weights[alpha] + HALVES) >> 5) & 0x07e0f81fu;
	return (sum | sum >> 16) & 0xffff;
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

void skip(xsMachine* the, struct mask_reader* to, int32_t pixels)
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
		}
		else
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
uint32_t* mixed_with(struct canvas* canvas, uint32_t color)
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

void rows565(xsMachine* the, uint32_t* mixed, struct mask_reader* from, uint16_t* pixel, int32_t width, int32_t rows,
	size_t gap, size_t flip)
{
	struct mask_reader reader = *from;
	uint16_t color = (uint16_t)mixed[0];
	uint32_t spread = SPREAD((uint32_t)color);
	uint16_t* end = pixel + width;
	/* where pixels that are alike end, maybe beyond the row: an address only */
	uintptr_t until = (uintptr_t)pixel + 2 * (uint32_t)reader.alike;
#define NEXT_ROW(HALF, ALIKE) \
	do { \
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
#define RUN \
	do { \
		if (reader.alpha == 15) \
			while ((uintptr_t)pixel != until) \
				*pixel++ = color; \
		else \
			pixel = (uint16_t*)until; \
	} while (0)
#define MIX(HALF) \
	do { \
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

void mask_part(xsMachine* the, const struct canvas* canvas, struct bytes atlas, size_t mask_at, struct box place,
	struct box box, uint32_t color)
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
