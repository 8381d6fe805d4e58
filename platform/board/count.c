#include "count.h"

#include "../xs/natives.h"
#include "board.h"

#include <stdio.h>

static uint64_t waited;
static uint64_t waiting_since;

static uint64_t retired(void)
{
	uint32_t high, low, again;
	do {
		__asm__ volatile("csrr %0, minstreth" : "=r"(high));
		__asm__ volatile("csrr %0, minstret" : "=r"(low));
		__asm__ volatile("csrr %0, minstreth" : "=r"(again));
	} while (high != again);
	return ((uint64_t)high << 32) | low;
}

uint64_t count_work(void)
{
	return retired() - waited;
}

/* The two functions between which nothing is work; the plugin of the emulator knows them by name. */
void board_begin_wait(void)
{
	__asm__ volatile("csrc mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
	waiting_since = retired();
	clint_alarm(UINT64_MAX);
}

void board_end_wait(void)
{
	board_watch();
	waited += retired() - waiting_since;
	__asm__ volatile("csrs mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
}

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
		at += snprintf(out + at, (size_t)(length - at), "%s\"%s\":[%lu,%llu]", at > 1 ? "," : "", #NAME, (unsigned long)calls_##NAME, (unsigned long long)work_##NAME);
	at += snprintf(out, (size_t)length, "{");
	COUNTED(SHOW)
	if (at < length)
		at += snprintf(out + at, (size_t)(length - at), "}");
	return at < length ? at : length - 1;
}
