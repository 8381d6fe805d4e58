/*
 * Setting of firmware/platform.ts (Blender): the glyphs of a shaped text's lines (office/text/FORMAT.md) are put into
 * runs in the store.
 *
 * Whatever the arguments, nothing outside the arrays is read or written, and a text that is not whole is refused.
 */
#include "arguments.h"
#include "atlas.h"
#include "picture.h"

#include <string.h>

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
	struct face face;
	int32_t* run;
	int32_t pen;
};

/* Whole advances beyond this are a bug; with it no pen leaves 32 bits. */
#define ADVANCE_MAX 0xffffff

static void set_glyph(xsMachine* the, struct line* line, const uint8_t* at, int32_t pen)
{
	const uint8_t* entry = find_glyph(&line->face, u16(at));
	int32_t* run = line->run;
	int32_t *glyph, left, top, right, bottom;
	if (entry == NULL || u16(entry + 6) == 0 || u16(entry + 8) == 0)
		return;
	left = scale(the, pen, line->face.capital, line->face.capital_units) + i16(entry + 2);
	top = -scale(the, i16(at + 4), line->face.capital, line->face.capital_units) - i16(entry + 4);
	if (left < -COORDINATE_MAX || left > COORDINATE_MAX || top < -COORDINATE_MAX || top > COORDINATE_MAX
		|| u16(entry + 6) > MASK_SIDE_MAX || u16(entry + 8) > MASK_SIDE_MAX)
		xsRangeError("a glyph far off");
	right = left + (int32_t)u16(entry + 6);
	bottom = top + (int32_t)u16(entry + 8);
	glyph = run + RUN_HEAD + run[RUN_COUNT] * GLYPH_WORDS;
	glyph[GLYPH_MASK] = (int32_t)u32(entry + 10);
	glyph[GLYPH_PLACE] = pair(left, top);
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
		if (length == 0 || length > end - at
			|| (length == 1 && text.at[at] >= SLOTS_MAX && (uint32_t)text.at[at] - PIECE_DIGIT > 9))
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
static uint32_t set_line(
	xsMachine* the, struct line* line, const uint8_t* at, struct digits* digits, const uint32_t* numbers)
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
	size_t store_at = (size_t)argument_range(the, 1, 0, INT32_MAX);
	size_t face_at = (size_t)argument_range(the, 3, 0, INT32_MAX);
	int32_t medium = argument_range(the, 5, 0, 7);
	int bold = argument_range(the, 6, 0, 1);
	int32_t source = argument_range(the, 10, 0, 1);
	uint32_t numbers[2] = { (uint32_t)argument_range(the, 8, 0, 0x7fffffff),
		(uint32_t)argument_range(the, 9, 0, 0x7fffffff) };
	struct bytes atlas = argument_bytes(the, 2);
	struct bytes text = argument_bytes(the, 4);
	struct digits digits = { argument_bytes(the, 7), medium, bold, { NULL } };
	struct bytes stored = argument_writable(the, 0);
	struct words store = argument_words(the, 0, stored);
	struct line line;
	size_t first, at, end, words = 0;
	uint32_t index, lines;
	int32_t* run;
	if (store_at > store.length)
		xsRangeError("a run is not inside the store");
	/* what is read twice must not change in between */
	if (bytes_overlap(stored, text) || bytes_overlap(stored, digits.text) || bytes_overlap(stored, atlas))
		xsRangeError("a text in the store");
	line.face = get_face(the, atlas, face_at);
	line.run = NULL;
	first = lines_at(the, text, medium, bold, &end) + 1;
	lines = text.at[first - 1];
	for (index = 0, at = first; index < lines; index++) {
		size_t length = line_length(the, text, at, end);
		words += RUN_HEAD + set_line(the, &line, text.at + at, &digits, numbers) * GLYPH_WORDS;
		at += length;
	}
	if (words > store.length - store_at) {
		xsmcSetInteger(xsResult, -(int32_t)words);
		return;
	}
	run = store.at + store_at;
	for (index = 0, at = first; index < lines; index++) {
		line.run = run;
		memset(run, 0, RUN_HEAD * sizeof(int32_t));
		run[RUN_SOURCE] = source;
		set_line(the, &line, text.at + at, &digits, numbers);
		run[RUN_WIDTH] = scale(the, line.pen, line.face.capital, line.face.capital_units);
		run += RUN_HEAD + run[RUN_COUNT] * GLYPH_WORDS;
		at += line_length(the, text, at, end);
	}
	xsmcSetInteger(xsResult, (int32_t)(run - store.at) - (int32_t)store_at);
}
