/*
 * What an ESP32-S3's memories would see of a run: lines that its caches would fetch from flash and PSRAM and write
 * back. A part of lockstep.c; bench/board/s3 makes times of the numbers.
 *
 *   caches=FILE            the counts, one line for each instant of `at` and one at the end
 *   at=N+N..               when so many instructions of work are done; ascending
 *   flash=FROM-TO          what would lie in flash: code is fetched through the instruction cache, the rest read
 *                          through the data cache
 *   psram=FROM-TO          what would lie in PSRAM, behind the data cache; everything else is internal
 *   icache=S/W/L/F+..      caches to compare: bytes, ways, bytes of a line, and 1 when what `iram` names does not
 *                          pass through it
 *   dcache=S/W/L/F+..      the same, and 1 when it is swept
 *   iram=FROM-TO+FROM-TO.. code in internal RAM
 *   sweep=FROM-TO/B/N      each N instructions of work something else reads B bytes of this range through the data
 *                          cache, and goes on where it stopped: a driver that copies the display's picture
 */
#ifndef SANDOGH_MEMORIES_H
#define SANDOGH_MEMORIES_H

#include "cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CACHES_MAX 4
#define INSTANTS_MAX 64
#define RANGES_MAX 64

struct range {
	uint32_t from;
	uint32_t to;
};

static const char* caches_path;
static uint64_t instants[INSTANTS_MAX];
static size_t instant_count;
static size_t instant_next;
static struct range flash_range;
static struct range psram_range;
static struct range iram_ranges[RANGES_MAX];
static size_t iram_count;
struct compared {
	struct cache cache;
	unsigned flag;
};

static struct compared icaches[CACHES_MAX];
static size_t icache_count;
static struct compared dcaches[CACHES_MAX];
static size_t dcache_count;
static struct range sweep_range;
static uint32_t sweep_bytes;
static uint64_t sweep_every;
static uint32_t sweep_next;
static uint64_t sweep_at = UINT64_MAX;

static FILE* memories_file;
static uint32_t block_end;
/* Blocks that were not reached from the one before them in memory. */
static uint64_t jumps;
static uint64_t loads;
static uint64_t stores;
static uint64_t code_misses[CACHES_MAX];
static uint64_t flash_misses[CACHES_MAX];
static uint64_t psram_misses[CACHES_MAX];
static uint64_t write_backs[CACHES_MAX];

static int within(const struct range* range, uint32_t address)
{
	return address >= range->from && address < range->to;
}

static int is_iram(uint32_t address)
{
	size_t index;
	for (index = 0; index < iram_count; index++)
		if (within(&iram_ranges[index], address))
			return 1;
	return 0;
}

/* A block of code that is about to run, `iram` as is_iram says of it. */
static void memories_run(uint32_t at, uint32_t length, int iram)
{
	size_t index;
	if (at != block_end)
		jumps++;
	block_end = at + length;
	for (index = 0; index < icache_count; index++) {
		struct cache* cache = &icaches[index].cache;
		uint32_t line = 1u << cache->line_shift;
		uint32_t place;
		if (iram && icaches[index].flag)
			continue;
		for (place = at & ~(line - 1); place < at + length; place += line)
			if (cache_access(cache, place, 0) != CACHE_HIT)
				code_misses[index]++;
	}
}

static void memories_touch(uint32_t address, uint32_t length, int is_store)
{
	int is_psram = within(&psram_range, address);
	size_t index;
	if (is_store)
		stores++;
	else
		loads++;
	if (!is_psram && !within(&flash_range, address))
		return;
	for (index = 0; index < dcache_count; index++) {
		struct cache* cache = &dcaches[index].cache;
		uint32_t line = 1u << cache->line_shift;
		uint32_t place;
		for (place = address & ~(line - 1); place < address + length; place += line) {
			int happened = cache_access(cache, place, is_store);
			if (happened == CACHE_HIT)
				continue;
			(is_psram ? psram_misses : flash_misses)[index]++;
			if (happened == CACHE_MISS_AND_WRITE_BACK)
				write_backs[index]++;
		}
	}
}

static void sweep(void)
{
	uint32_t left = sweep_bytes;
	while (left > 0) {
		uint32_t room = sweep_range.to - sweep_next;
		uint32_t now = left < room ? left : room;
		size_t index;
		for (index = 0; index < dcache_count; index++) {
			struct cache* cache = &dcaches[index].cache;
			uint32_t line = 1u << cache->line_shift;
			uint32_t place;
			for (place = sweep_next & ~(line - 1); dcaches[index].flag && place < sweep_next + now; place += line)
				if (cache_access(cache, place, 0) == CACHE_MISS_AND_WRITE_BACK)
					write_backs[index]++;
		}
		left -= now;
		sweep_next = now == room ? sweep_range.from : sweep_next + now;
	}
}

static void memories_tell(uint64_t work)
{
	size_t index;
	fprintf(memories_file, "{\"work\":%" PRIu64 ",\"jumps\":%" PRIu64 ",\"loads\":%" PRIu64 ",\"stores\":%" PRIu64,
		work, jumps, loads, stores);
	fputs(",\"code\":[", memories_file);
	for (index = 0; index < icache_count; index++)
		fprintf(memories_file, "%s%" PRIu64, index > 0 ? "," : "", code_misses[index]);
	fputs("],\"data\":[", memories_file);
	for (index = 0; index < dcache_count; index++)
		fprintf(memories_file, "%s{\"flash\":%" PRIu64 ",\"psram\":%" PRIu64 ",\"back\":%" PRIu64 "}",
			index > 0 ? "," : "", flash_misses[index], psram_misses[index], write_backs[index]);
	fputs("]}\n", memories_file);
}

/* Before a block of work. */
static void memories_at(uint64_t work)
{
	if (work >= sweep_at) {
		sweep();
		sweep_at += sweep_every;
	}
	while (instant_next < instant_count && work >= instants[instant_next]) {
		memories_tell(work);
		instant_next++;
	}
}

static struct range range_of(char* value)
{
	struct range range = { (uint32_t)strtoul(value, &value, 0), 0 };
	range.to = *value == '-' ? (uint32_t)strtoul(value + 1, NULL, 0) : range.from;
	return range;
}

static int open_caches(struct compared* caches, size_t* count, char* value)
{
	char* rest = NULL;
	char* each;
	for (each = strtok_r(value, "+", &rest); each; each = strtok_r(NULL, "+", &rest)) {
		unsigned size, ways, line;
		struct compared* compared = &caches[*count];
		if (*count == CACHES_MAX || sscanf(each, "%u/%u/%u/%u", &size, &ways, &line, &compared->flag) != 4
			|| !cache_open(&compared->cache, size, ways, line))
			return 0;
		(*count)++;
	}
	return 1;
}

/* An option of the plugin; 0 when it is none of these or cannot be. */
static int memories_option(const char* name, char* value)
{
	char* rest = NULL;
	char* each;
	if (strcmp(name, "caches") == 0)
		caches_path = strdup(value);
	else if (strcmp(name, "flash") == 0)
		flash_range = range_of(value);
	else if (strcmp(name, "psram") == 0)
		psram_range = range_of(value);
	else if (strcmp(name, "sweep") == 0) {
		sweep_range = range_of(value);
		sweep_next = sweep_range.from;
		if (sscanf(value, "%*[^/]/%" SCNu32 "/%" SCNu64, &sweep_bytes, &sweep_every) != 2 || sweep_every == 0
			|| sweep_range.from >= sweep_range.to)
			return 0;
		sweep_at = sweep_every;
	}
	else if (strcmp(name, "icache") == 0)
		return open_caches(icaches, &icache_count, value);
	else if (strcmp(name, "dcache") == 0)
		return open_caches(dcaches, &dcache_count, value);
	else if (strcmp(name, "at") == 0) {
		for (each = strtok_r(value, "+", &rest); each; each = strtok_r(NULL, "+", &rest)) {
			if (instant_count == INSTANTS_MAX)
				return 0;
			instants[instant_count++] = strtoull(each, NULL, 0);
		}
	}
	else if (strcmp(name, "iram") == 0) {
		for (each = strtok_r(value, "+", &rest); each; each = strtok_r(NULL, "+", &rest)) {
			if (iram_count == RANGES_MAX)
				return 0;
			iram_ranges[iram_count++] = range_of(each);
		}
	}
	else
		return 0;
	return 1;
}

#endif
