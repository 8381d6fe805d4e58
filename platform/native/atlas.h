/* The glyph atlas as it is stored (office/text/FORMAT.md). */
#ifndef SANDOGH_ATLAS_H
#define SANDOGH_ATLAS_H

#include "arguments.h"

#define FACE_BYTES 12
/* Of a glyph: number, left, top, width, height, mask. */
#define ENTRY_BYTES 14

struct face {
	/* Entries ascending by number. */
	const uint8_t* table;
	uint32_t glyphs;
	int32_t capital, capital_units;
};

static inline uint32_t u16(const uint8_t* at)
{
	return ((uint32_t)at[0] << 8) | at[1];
}

static inline uint32_t u32(const uint8_t* at)
{
	return (u16(at) << 16) | u16(at + 2);
}

static inline int32_t i16(const uint8_t* at)
{
	return (int16_t)u16(at);
}

/* The face whose entry is at `at`; one whose table is not whole inside the atlas is refused. */
static inline struct face get_face(xsMachine* the, struct bytes atlas, size_t at)
{
	struct face face;
	const uint8_t* entry;
	if (at > atlas.length || atlas.length - at < FACE_BYTES)
		xsRangeError("a face is not inside its atlas");
	entry = atlas.at + at;
	face.capital = (int32_t)u16(entry + 2);
	face.capital_units = (int32_t)u16(entry + 4);
	face.glyphs = u16(entry + 6);
	if (face.capital_units == 0 || u32(entry + 8) > atlas.length
		|| (atlas.length - u32(entry + 8)) / ENTRY_BYTES < face.glyphs)
		xsRangeError("a face is not inside its atlas");
	face.table = atlas.at + u32(entry + 8);
	return face;
}

/* The entry of a glyph, or NULL. */
static inline const uint8_t* find_glyph(const struct face* face, uint32_t number)
{
	uint32_t from = 0, count = face->glyphs;
	while (from < count) {
		uint32_t middle = (from + count) / 2;
		const uint8_t* entry = face->table + (size_t)middle * ENTRY_BYTES;
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

#endif
