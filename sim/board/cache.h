/* A set-associative cache with write-back, allocation on every miss and the least recently used way given up. */
#ifndef SANDOGH_CACHE_H
#define SANDOGH_CACHE_H

#include <stdint.h>
#include <stdlib.h>

struct cache {
	uint32_t ways;
	uint32_t sets;
	uint32_t line_shift;
	/* Of each set its lines, the last used first: address of the line with DIRTY, or EMPTY. */
	uint32_t* lines;
};

/* Addresses of lines end in a zero bit, whatever their length. */
#define CACHE_DIRTY 1u
#define CACHE_EMPTY UINT32_MAX

enum { CACHE_HIT, CACHE_MISS, CACHE_MISS_AND_WRITE_BACK };

/* Lengths in bytes, powers of two. Returns 0 when that is no cache, or there is no memory. */
static inline int cache_open(struct cache* cache, uint32_t size, uint32_t ways, uint32_t line)
{
	uint32_t index;
	if (line < 4 || (line & (line - 1)) != 0 || ways == 0 || size % (ways * line) != 0)
		return 0;
	cache->ways = ways;
	cache->sets = size / (ways * line);
	if (cache->sets == 0 || (cache->sets & (cache->sets - 1)) != 0)
		return 0;
	for (cache->line_shift = 0; (1u << cache->line_shift) < line; cache->line_shift++)
		;
	cache->lines = malloc(ways * cache->sets * sizeof(uint32_t));
	if (!cache->lines)
		return 0;
	for (index = 0; index < ways * cache->sets; index++)
		cache->lines[index] = CACHE_EMPTY;
	return 1;
}

/* An access within one line. */
static inline int cache_access(struct cache* cache, uint32_t address, int is_store)
{
	uint32_t number = address >> cache->line_shift;
	uint32_t line = number << cache->line_shift;
	uint32_t* set = cache->lines + (number & (cache->sets - 1)) * cache->ways;
	uint32_t dirty = is_store ? CACHE_DIRTY : 0;
	uint32_t way, last;
	if ((set[0] & ~CACHE_DIRTY) == line) {
		set[0] |= dirty;
		return CACHE_HIT;
	}
	for (way = 1; way < cache->ways; way++)
		if (set[way] != CACHE_EMPTY && (set[way] & ~CACHE_DIRTY) == line)
			break;
	if (way < cache->ways)
		dirty |= set[way] & CACHE_DIRTY;
	last = set[way < cache->ways ? way : cache->ways - 1];
	for (uint32_t at = way < cache->ways ? way : cache->ways - 1; at > 0; at--)
		set[at] = set[at - 1];
	set[0] = line | dirty;
	if (way < cache->ways)
		return CACHE_HIT;
	return last != CACHE_EMPTY && (last & CACHE_DIRTY) ? CACHE_MISS_AND_WRITE_BACK : CACHE_MISS;
}

#endif
