#include "wait.h"

#include "clock.h"
#include "registers.h"

static int is_waiting_for_time;

void (*board_before_wait)(void);

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

void board_wait(void)
{
	is_waiting_for_time = 1;
	board_before_wait();
	__asm__ volatile("wfi" ::: "memory");
	__asm__ volatile("csrs mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
	__asm__ volatile("csrc mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
	is_waiting_for_time = 0;
}

int board_is_waiting(void)
{
	return is_waiting_for_time;
}
