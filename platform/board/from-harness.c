#include "from-harness.h"

#include "../native/nor.h"
#include "../xs/cable.h"
#include "../xs/refuse.h"
#include "to-harness.h"
#include "uart.h"
#include "wait.h"

#include <string.h>

#define STATISTICS_MAX 2048

struct batch batch;
int (*board_statistics)(char* text, size_t length);

static volatile int spi_is_done;
static uint8_t boot_parameters[BOARD_BOOT_LENGTH];
static int boot_is_there;

static void send_statistics(void)
{
	static char text[STATISTICS_MAX];
	int length = board_statistics(text, sizeof(text));
	tell(CHANNEL_BOARD, BOARD_STATS, 0, text, (size_t)length);
}

int take_from_harness(void)
{
	uint8_t head[CABLE_HEAD];
	uint32_t length;
	if (uart_available(LINE_CONTROL) < CABLE_HEAD)
		return 0;
	uart_peek(LINE_CONTROL, 0, head, CABLE_HEAD);
	length = read_u32(head + 4);
	if (head[0] != CHANNEL_BOARD || length > BATCH_MAX)
		cable_refuse("channel %u with %lu bytes on the control line", head[0], (unsigned long)length);
	if (uart_available(LINE_CONTROL) < CABLE_HEAD + length)
		return 0;
	if (head[1] == BOARD_BATCH) {
		if (batch.at == batch.end)
			batch.at = batch.end = 0;
		if (batch.at > 0) {
			memmove(batch.bytes, batch.bytes + batch.at, batch.end - batch.at);
			batch.end -= batch.at;
			batch.at = 0;
		}
		if (length > BATCH_MAX - batch.end)
			cable_refuse("batches of more than %u bytes wait", BATCH_MAX);
		uart_peek(LINE_CONTROL, CABLE_HEAD, batch.bytes + batch.end, length);
		batch.end += length;
	}
	else if (head[1] == (BOARD_SPI | CABLE_REPLY))
		spi_is_done = 1;
	else if (head[1] == BOARD_STATS)
		send_statistics();
	else if (head[1] == BOARD_BOOT && length == BOARD_BOOT_LENGTH) {
		uart_peek(LINE_CONTROL, CABLE_HEAD, boot_parameters, length);
		boot_is_there = 1;
	}
	else
		cable_refuse("board op %u on the control line", head[1]);
	uart_drop(LINE_CONTROL, CABLE_HEAD + length);
	return 1;
}

void await_boot(uint8_t boot[BOARD_BOOT_LENGTH])
{
	static const uint8_t version[4] = { 2, 0, 0, 0 };
	tell(CHANNEL_BOARD, BOARD_READY, 0, version, sizeof(version));
	board_begin_wait();
	while (!boot_is_there)
		if (!take_from_harness())
			board_wait();
	board_end_wait();
	memcpy(boot, boot_parameters, BOARD_BOOT_LENGTH);
	memset(boot_parameters, 0, sizeof(boot_parameters));
}

void spi_transfer(int chip, const void* out, size_t out_length, void* in, size_t in_length)
{
	uint8_t payload[16];
	write_u32(payload, (uint32_t)(uintptr_t)out);
	write_u32(payload + 4, (uint32_t)out_length);
	write_u32(payload + 8, (uint32_t)(uintptr_t)in);
	write_u32(payload + 12, (uint32_t)in_length);
	/* The controller reads and writes RAM behind the compiler's back. */
	__asm__ volatile("fence" ::: "memory");
	spi_is_done = 0;
	tell(CHANNEL_BOARD, BOARD_SPI, (unsigned)chip, payload, sizeof(payload));
	board_begin_wait();
	while (!spi_is_done)
		if (!take_from_harness())
			board_wait();
	board_end_wait();
	__asm__ volatile("fence" ::: "memory");
}

int spi_pause(int looks)
{
	/* The emulated chip counts looks, not time; one that is never done must not hang the board. */
	return looks < 1000;
}

void spi_delay(uint32_t microseconds)
{
	(void)microseconds;
}
