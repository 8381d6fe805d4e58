/* The host's platform on the bare board: one hart, no operating system, nothing but its devices. platform/desktop/linux.c is its counterpart. */
#include "board.h"

#include "../xs/image.h"
#include "../xs/machine.h"
#include "../xs/platform.h"
#include "../native/random.h"
#include "../xs/terminal.h"
#include "link.h"
#include "uart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define DISPLAY_WIDTH 1024u
#define DISPLAY_HEIGHT 600u
#define STACK_PAINT 0x5aa5c33cu

extern uint8_t __framebuffer[];
extern uint8_t __heap_bottom[];
extern uint8_t __heap_top[];
extern uint32_t __stack_bottom[];
extern uint32_t __stack_top[];
extern const uint8_t board_image[];
extern const uint8_t board_image_end[];
extern const uint8_t board_text[];
extern const uint8_t board_text_end[];

/* ---- time ---- */

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
 * In lock-step the timer is never set: when the processor waits, the emulator jumps to the next timer, whenever that is, and the harness
 * would have no time left to move. Waiting has no end of its own there, and hangs are the plugin's to see (lockstep.c).
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

static int is_waiting_for_time;

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
		if (is_waiting_for_time)
			return;
		platform_report("the watchdog has bitten\n");
		REG32(FINISHER) = 0x7777;
	}
	snprintf(text, sizeof(text), "trap: cause %08lx at %08lx, value %08lx\n", (unsigned long)cause, (unsigned long)at, (unsigned long)value);
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

/* Work without a pause of this long is a hang: the longest turn is the reading of a full vault at the start. */
#define WATCHDOG_TICKS (30ull * 1000000u * MTIME_PER_US)

void board_watch(void)
{
	clint_alarm(clint_time() + WATCHDOG_TICKS);
}

void board_wait(void)
{
	is_waiting_for_time = 1;
	uart_transmit();
	__asm__ volatile("wfi" ::: "memory");
	__asm__ volatile("csrs mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
	__asm__ volatile("csrc mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
	is_waiting_for_time = 0;
}

static void start_timer(void)
{
	timer_is_used = 1;
	board_watch();
	__asm__ volatile("csrs mie, %0" ::"r"(MIE_TIMER));
}

void board_finish(int code)
{
	uart_flush(LINE_CONTROL);
	REG32(FINISHER) = ((uint32_t)code << 16) | 0x3333u;
	for (;;)
		__asm__ volatile("wfi");
}

/* ---- what the host asks for ---- */

void* platform_arena(size_t length)
{
	return length <= (size_t)(__heap_top - __heap_bottom) ? __heap_bottom : NULL;
}

void platform_entropy(void* out, size_t length)
{
	(void)out;
	(void)length;
	/* The emulated board has no source of entropy: it runs on the harness's seed alone. */
	platform_report("no entropy on this board\n");
	platform_exit(EXIT_CRASH);
}

void platform_report(const char* text)
{
	link_report(text);
}

void platform_exit(int code)
{
	board_finish(code);
}

uint8_t* platform_framebuffer(uint32_t* width, uint32_t* height)
{
	*width = DISPLAY_WIDTH;
	*height = DISPLAY_HEIGHT;
	return __framebuffer;
}

const uint8_t* platform_text(size_t* length)
{
	*length = (size_t)(board_text_end - board_text);
	return board_text;
}

/* ---- the stack's depth ---- */

static void paint_stack(void)
{
	uint32_t* at = __stack_bottom;
	uint32_t* end = (uint32_t*)__builtin_frame_address(0) - 64;
	while (at < end)
		*at++ = STACK_PAINT;
}

uint32_t board_stack_depth(void);

uint32_t board_stack_depth(void)
{
	const uint32_t* at = __stack_bottom;
	while (at < __stack_top && *at == STACK_PAINT)
		at++;
	return (uint32_t)((const uint8_t*)__stack_top - (const uint8_t*)at);
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
	uart_start();
	start_interrupts();
	link_boot(boot);
	options.heap_length = HEAP_LENGTH_DEFAULT;
	options.is_virtual = boot[0];
	if (!boot[0])
		start_timer();
	options.now_us = read_u64(boot + 4);
	options.wall_base = boot[0] ? (double)read_u64(boot + 12) : (double)rtc_seconds() - (double)(clint_time() / (1000000u * MTIME_PER_US));
	if (boot[1])
		random_seed(boot + 20);
	memset(boot, 0, sizeof(boot));
	wrong = image_open(&image, board_image, (size_t)(board_image_end - board_image));
	if (wrong) {
		platform_report(wrong);
		platform_exit(EXIT_CABLE);
	}
	terminal_run(&image, &options);
}
