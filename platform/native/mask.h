/*
 * Masks: how much of a color each pixel of a glyph, an icon, a photograph or a corner takes. They are unpacked while
 * they are painted.
 *
 * Rule of blending into RGB565, for each channel of 5, 6 and 5 bits: (dst * (32 - w) + src * w + 16) >> 5, w the weight
 * of the alpha in 32nds (weights[] in mask.c). The three channels stand far enough apart in one 32-bit word to be
 * computed at once.
 */
#ifndef SANDOGH_MASK_H
#define SANDOGH_MASK_H

#include "arguments.h"
#include "canvas.h"

/*
 * A mask as it is stored: nibbles, the high one of a byte first, pixel by pixel and row after row. 1 to 14 is the alpha
 * of one pixel; 0 and 15 are followed by a nibble that says how many pixels more are alike.
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

/* Throws for a mask that is not inside its atlas; so does whoever reads on. */
static inline struct mask_reader read_mask(xsMachine* the, struct bytes atlas, size_t mask_at)
{
	struct mask_reader reader = { atlas.at, atlas.at + atlas.length, 0, 0, 0, 0 };
	if (mask_at > atlas.length)
		xsRangeError("a mask is not inside its atlas");
	reader.at += mask_at;
	return reader;
}

/* Reads on without drawing. */
void skip(xsMachine* the, struct mask_reader* reader, int32_t pixels);

/* What the canvas remembers of a color: see rows565. */
uint32_t* mixed_with(struct canvas* canvas, uint32_t color);

/*
 * Draws rows of a mask that are all on the canvas, `width` pixels each, from `pixel` on: no pixel needs a look at an
 * edge. `gap` is from the end of a row to the next one, in bytes, and changes by `flip` from one to the next. The color
 * is the one of `mixed`.
 */
void rows565(xsMachine* the, uint32_t* mixed, struct mask_reader* from, uint16_t* pixel, int32_t width, int32_t rows,
	size_t gap, size_t flip);

/* The part of the mask at `place` that is in `box`. */
void mask_part(xsMachine* the, const struct canvas* canvas, struct bytes atlas, size_t mask_at, struct box place,
	struct box box, uint32_t color);

#endif
