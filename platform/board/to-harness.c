#include "to-harness.h"

#include "../xs/cable.h"
#include "../xs/platform.h"
#include "registers.h"
#include "uart.h"

#include <string.h>

void write_head(uint8_t* at, unsigned channel, unsigned op, unsigned port, size_t length)
{
	at[0] = (uint8_t)channel;
	at[1] = (uint8_t)op;
	at[2] = (uint8_t)port;
	at[3] = (uint8_t)(port >> 8);
	write_u32(at + 4, (uint32_t)length);
}

void tell(unsigned channel, unsigned op, unsigned port, const void* payload, size_t length)
{
	uint8_t head[CABLE_HEAD];
	write_head(head, channel, op, port, length);
	uart_write(LINE_CONTROL, head, sizeof(head));
	uart_write(LINE_CONTROL, payload, length);
}

void platform_report(const char* text)
{
	tell(CHANNEL_BOARD, BOARD_REPORT, 0, text, strlen(text));
	uart_flush(LINE_CONTROL);
}

void board_finish(int code)
{
	uart_flush(LINE_CONTROL);
	REG32(FINISHER) = ((uint32_t)code << 16) | 0x3333u;
	for (;;)
		__asm__ volatile("wfi");
}

void platform_exit(int code)
{
	board_finish(code);
}
