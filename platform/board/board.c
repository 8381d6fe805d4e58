/*
 * The host on the bare board: one hart, no operating system, nothing but its devices. platform/desktop/desktop.c is its
 * counterpart.
 */
#include "../native/fuses.h"
#include "../native/random.h"
#include "../xs/cable.h"
#include "../xs/image.h"
#include "../xs/machine.h"
#include "../xs/platform.h"
#include "../xs/terminal.h"
#include "clock.h"
#include "count.h"
#include "from-harness.h"
#include "link.h"
#include "registers.h"
#include "to-harness.h"
#include "uart.h"
#include "wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACK_PAINT 0x5aa5c33cu

extern uint32_t __stack_bottom[];
extern uint32_t __stack_top[];
extern const uint8_t board_image[];
extern const uint8_t board_image_end[];

/* ---- the end ---- */

void abort(void)
{
	platform_report("abort\n");
	board_finish(EXIT_CRASH);
}

void __assert_func(const char* file, int line, const char* function, const char* condition);

void __assert_func(const char* file, int line, const char* function, const char* condition)
{
	(void)file;
	(void)line;
	(void)function;
	platform_report(condition);
	abort();
}

/* ---- interrupts ---- */

#define PLIC_PENDING_CLAIM (PLIC + 0x200004u)
#define PLIC_ENABLE (PLIC + 0x2000u)
#define CAUSE_INTERRUPT 0x80000000u
#define CAUSE_TIMER 7u
#define CAUSE_EXTERNAL 11u

void board_trap(uint32_t cause, uint32_t at, uint32_t value);

void board_trap(uint32_t cause, uint32_t at, uint32_t value)
{
	static char text[100];
	if (cause == (CAUSE_INTERRUPT | CAUSE_EXTERNAL)) {
		uint32_t source = REG32(PLIC_PENDING_CLAIM);
		if (source == 0)
			return;
		if (uart_interrupt(source)) {
			REG32(PLIC_PENDING_CLAIM) = source;
			return;
		}
	}
	if (cause == (CAUSE_INTERRUPT | CAUSE_TIMER)) {
		clint_alarm(UINT64_MAX);
		if (board_is_waiting())
			return;
		platform_report("the watchdog has bitten\n");
		REG32(FINISHER) = 0x7777;
	}
	snprintf(text, sizeof(text), "trap: cause %08lx at %08lx, value %08lx\n", (unsigned long)cause, (unsigned long)at,
		(unsigned long)value);
	platform_report(text);
	board_finish(EXIT_CRASH);
}

static void start_interrupts(void)
{
	REG32(PLIC + 4 * UART_FIRST_SOURCE) = 1;
	REG32(PLIC + 4 * UART_CARD_SOURCE) = 1;
	REG32(PLIC_ENABLE + 4 * (UART_FIRST_SOURCE / 32)) |= 1u << (UART_FIRST_SOURCE % 32);
	REG32(PLIC_ENABLE + 4 * (UART_CARD_SOURCE / 32)) |= 1u << (UART_CARD_SOURCE % 32);
	REG32(PLIC + 0x200000u) = 0;
	__asm__ volatile("csrs mie, %0" ::"r"(MIE_EXTERNAL));
	__asm__ volatile("csrs mstatus, %0" ::"r"(MSTATUS_MIE));
}

/* ---- the stack's depth ---- */

static void paint_stack(void)
{
	uint32_t* at = __stack_bottom;
	uint32_t* end = (uint32_t*)__builtin_frame_address(0) - 64;
	while (at < end)
		*at++ = STACK_PAINT;
}

static uint32_t stack_depth(void)
{
	const uint32_t* at = __stack_bottom;
	while (at < __stack_top && *at == STACK_PAINT)
		at++;
	return (uint32_t)((const uint8_t*)__stack_top - (const uint8_t*)at);
}

/* ---- figures ---- */

static int statistics(char* text, size_t length)
{
	static char natives[1548];
	char heap[300];
	count_natives(natives, sizeof(natives));
	terminal_statistics(heap, sizeof(heap));
	return snprintf(
		text, length, "{\"stack\":%lu,\"heap\":%s,\"natives\":%s}", (unsigned long)stack_depth(), heap, natives);
}

static void overrun(void)
{
	platform_report("a receive ring is full\n");
	board_finish(EXIT_CABLE);
}

static uint64_t read_u64(const uint8_t* at)
{
	uint64_t value = 0;
	int index;
	for (index = 7; index >= 0; index--)
		value = (value << 8) | at[index];
	return value;
}

void board_main(void);

void board_main(void)
{
	static struct image image;
	static struct terminal_options options;
	uint8_t boot[BOARD_BOOT_LENGTH];
	const char* wrong;
	paint_stack();
	uart_start(overrun);
	board_statistics = statistics;
	link_flush = cable_flush;
	start_interrupts();
	await_boot(boot);
	options.heap_length = HEAP_LENGTH_DEFAULT;
	options.is_virtual = boot[0];
	if (!boot[0])
		clock_start();
	options.now_us = read_u64(boot + 4);
	options.wall_base = boot[0] ? (double)read_u64(boot + 12)
								: (double)rtc_seconds() - (double)(clint_time() / (1000000u * MTIME_PER_US));
	if (boot[1])
		random_seed(boot + 20);
	fuses_simulate(boot + 52);
	memset(boot, 0, sizeof(boot));
	wrong = image_open(&image, board_image, (size_t)(board_image_end - board_image));
	if (wrong) {
		platform_report(wrong);
		platform_exit(EXIT_CABLE);
	}
	terminal_run(&image, &options);
}
