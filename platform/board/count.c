#include "count.h"

#include "../xs/machine.h"
#include "wait.h"

#include <stdio.h>

#define DECLARE(NAME) \
	extern void __real_##NAME(xsMachine*); \
	void __wrap_##NAME(xsMachine*); \
	static uint32_t calls_##NAME; \
	static uint64_t work_##NAME; \
	void __wrap_##NAME(xsMachine* the) \
	{ \
		uint64_t from = count_work(); \
		__real_##NAME(the); \
		work_##NAME += count_work() - from; \
		calls_##NAME++; \
	}

COUNTED(DECLARE)

int count_natives(char* out, int length)
{
	int at = 0;
#define SHOW(NAME) \
	if (at < length) \
		at += snprintf(out + at, (size_t)(length - at), "%s\"%s\":[%lu,%llu]", at > 1 ? "," : "", #NAME, \
			(unsigned long)calls_##NAME, (unsigned long long)work_##NAME);
	at += snprintf(out, (size_t)length, "{");
	COUNTED(SHOW)
	if (at < length)
		at += snprintf(out + at, (size_t)(length - at), "}");
	return at < length ? at : length - 1;
}
