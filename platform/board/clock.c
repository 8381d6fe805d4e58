#include "clock.h"

#include "../xs/platform.h"
#include "registers.h"

#include <sys/time.h>

uint64_t clint_time(void)
{
	uint32_t high, low;
	do {
		high = REG32(CLINT_MTIME + 4);
		low = REG32(CLINT_MTIME);
	} while (high != REG32(CLINT_MTIME + 4));
	return ((uint64_t)high << 32) | low;
}

/*
 * In lock-step the timer is never set: when the processor waits, the emulator jumps to the next timer, whenever that
 * is, and the harness would have no time left to move. Waiting has no end of its own there, and hangs are the plugin's
 * to see (lockstep.c).
 */
static int timer_is_used;

void clint_alarm(uint64_t ticks)
{
	if (!timer_is_used)
		return;
	/* In this order no early interrupt comes of a half-written time (privileged specification, section 3.2.1). */
	REG32(CLINT_MTIMECMP) = UINT32_MAX;
	REG32(CLINT_MTIMECMP + 4) = (uint32_t)(ticks >> 32);
	REG32(CLINT_MTIMECMP) = (uint32_t)ticks;
}

uint64_t rtc_seconds(void)
{
	uint32_t low = REG32(RTC);
	uint32_t high = REG32(RTC + 4);
	return (((uint64_t)high << 32) | low) / 1000000000u;
}

uint64_t platform_monotonic_us(void)
{
	return clint_time() / MTIME_PER_US;
}

/* For the C library, which the engine asks; the firmware has its own clock. */
int gettimeofday(struct timeval* now, void* zone)
{
	(void)zone;
	now->tv_sec = (time_t)rtc_seconds();
	now->tv_usec = 0;
	return 0;
}

/* Work without a pause of this long is a hang: the longest turn is the reading of a full vault at the start. */
#define WATCHDOG_TICKS (30ull * 1000000u * MTIME_PER_US)

void board_watch(void)
{
	clint_alarm(clint_time() + WATCHDOG_TICKS);
}

void clock_start(void)
{
	timer_is_used = 1;
	board_watch();
	__asm__ volatile("csrs mie, %0" ::"r"(MIE_TIMER));
}
