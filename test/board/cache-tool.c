/* cache-tool BYTES WAYS LINE: for each "r ADDRESS" or "w ADDRESS" on stdin tells hit, miss or back. */
#include "../../sim/board/cache.h"

#include <stdio.h>

int main(int argc, char** argv)
{
	static const char* const names[] = { "hit", "miss", "back" };
	struct cache cache;
	char kind;
	unsigned address;
	if (argc != 4
		|| !cache_open(&cache, (uint32_t)strtoul(argv[1], NULL, 0), (uint32_t)strtoul(argv[2], NULL, 0),
			(uint32_t)strtoul(argv[3], NULL, 0)))
		return 2;
	while (scanf(" %c %x", &kind, &address) == 2)
		puts(names[cache_access(&cache, address, kind == 'w')]);
	return 0;
}
