#include "link.h"

#include "../xs/cable.h"
#include "../xs/platform.h"
#include "../xs/terminal.h"
#include "board.h"
#include "count.h"
#include "../native/nor.h"
#include "uart.h"

#include <stdio.h>
#include <string.h>

#define BATCH_MAX 16384u
#define PORTS_MAX 256
#define SERIAL_OPEN 0
#define SERIAL_DATA 1
#define SERIAL_CREDIT 2
#define SERIAL_CLOSE 3
#define FLASH_STATUS 3
#define STATISTICS_MAX 2048

/* Lines by the port of the cable that stands for them; 0 for none. */
static uint8_t line_of_port[PORTS_MAX];

/* Frames of batches that have been read from the first UART and not yet given to the host. */
static uint8_t batch[BATCH_MAX];
static size_t batch_at;
static size_t batch_end;
static volatile int spi_is_done;
static uint8_t boot_parameters[BOARD_BOOT_LENGTH];
static int boot_is_there;

/* One frame on its way to the host. */
static uint8_t frame_bytes[CABLE_HEAD + CABLE_PAYLOAD_MAX];
static size_t frame_at;
static size_t frame_end;
/* The reply to a flash request; goes before what the batches hold. */
static uint8_t reply_bytes[CABLE_HEAD + CABLE_PAYLOAD_MAX];
static size_t reply_length;

static uint32_t read_u32(const uint8_t* at)
{
	return (uint32_t)at[0] | ((uint32_t)at[1] << 8) | ((uint32_t)at[2] << 16) | ((uint32_t)at[3] << 24);
}

static void write_u32(uint8_t* at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

static void write_head(uint8_t* at, unsigned channel, unsigned op, unsigned port, size_t length)
{
	at[0] = (uint8_t)channel;
	at[1] = (uint8_t)op;
	at[2] = (uint8_t)port;
	at[3] = (uint8_t)(port >> 8);
	write_u32(at + 4, (uint32_t)length);
}

static void send(unsigned channel, unsigned op, unsigned port, const void* payload, size_t length)
{
	uint8_t head[CABLE_HEAD];
	write_head(head, channel, op, port, length);
	uart_write(LINE_CONTROL, head, sizeof(head));
	uart_write(LINE_CONTROL, payload, length);
}

static void send_count(unsigned channel, unsigned op, unsigned port, size_t count)
{
	uint8_t number[4];
	write_u32(number, (uint32_t)count);
	send(channel, op, port, number, sizeof(number));
}

static void send_work(void)
{
	uint64_t work = count_work();
	uint8_t number[8];
	write_u32(number, (uint32_t)work);
	write_u32(number + 4, (uint32_t)(work >> 32));
	send(CHANNEL_BOARD, BOARD_COUNT, 0, number, sizeof(number));
}

extern uint32_t board_stack_depth(void);

static void send_statistics(void)
{
	static char text[STATISTICS_MAX];
	static char natives[STATISTICS_MAX - 500];
	char heap[300];
	int length;
	count_natives(natives, sizeof(natives));
	terminal_statistics(heap, sizeof(heap));
	length = snprintf(text, sizeof(text), "{\"stack\":%lu,\"heap\":%s,\"natives\":%s}", (unsigned long)board_stack_depth(), heap, natives);
	send(CHANNEL_BOARD, BOARD_STATS, 0, text, (size_t)length);
}

void link_report(const char* text)
{
	send(CHANNEL_BOARD, BOARD_REPORT, 0, text, strlen(text));
	uart_flush(LINE_CONTROL);
}

/* Takes whole frames from the first UART apart; returns 0 when there is none. */
static int take_control(void)
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
		if (batch_at == batch_end)
			batch_at = batch_end = 0;
		if (batch_at > 0) {
			memmove(batch, batch + batch_at, batch_end - batch_at);
			batch_end -= batch_at;
			batch_at = 0;
		}
		if (length > BATCH_MAX - batch_end)
			cable_refuse("batches of more than %u bytes wait", BATCH_MAX);
		uart_peek(LINE_CONTROL, CABLE_HEAD, batch + batch_end, length);
		batch_end += length;
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

void link_boot(uint8_t boot[BOARD_BOOT_LENGTH])
{
	static const uint8_t version[4] = { 1, 0, 0, 0 };
	send(CHANNEL_BOARD, BOARD_READY, 0, version, sizeof(version));
	board_begin_wait();
	while (!boot_is_there)
		if (!take_control())
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
	send(CHANNEL_BOARD, BOARD_SPI, (unsigned)chip, payload, sizeof(payload));
	board_begin_wait();
	while (!spi_is_done)
		if (!take_control())
			board_wait();
	board_end_wait();
	__asm__ volatile("fence" ::: "memory");
}

int spi_pause(int looks)
{
	/* The emulated chip is done at once; one that never is must not hang the board. */
	return looks < 1000;
}

/* ---- from the host to the devices ---- */

static void serve_flash(unsigned op, unsigned port, const uint8_t* payload, uint32_t length)
{
	uint8_t* reply = reply_bytes + CABLE_HEAD;
	int chip = (int)port;
	if (port >= SPI_CHIPS)
		cable_refuse("flash chip %u does not exist", port);
	reply[0] = 0;
	reply_length = 1;
	if (op == FLASH_PROGRAM && length >= 4)
		reply[0] = (uint8_t)nor_program(chip, read_u32(payload), payload + 4, length - 4);
	else if (op == FLASH_ERASE && length == 4)
		reply[0] = (uint8_t)nor_erase(chip, read_u32(payload));
	else if (op == FLASH_STATUS && length == 0) {
		uint32_t size = 0;
		if (nor_size(chip, &size)) {
			reply[0] = 1;
			write_u32(reply + 1, size);
			write_u32(reply + 5, size / NOR_SECTOR);
			write_u32(reply + 9, NOR_SECTOR);
			reply_length = 13;
		}
	}
	else
		cable_refuse("flash op %u with %lu bytes", op, (unsigned long)length);
	write_head(reply_bytes, CHANNEL_FLASH, op | CABLE_REPLY, port, reply_length);
	reply_length += CABLE_HEAD;
}

int platform_flash_read(uint16_t chip, uint32_t address, uint8_t* out, size_t length)
{
	if (chip >= SPI_CHIPS)
		cable_refuse("flash chip %u does not exist", chip);
	/* What was sent before the chip is asked goes before it. */
	cable_flush();
	return nor_read(chip, address, out, (uint32_t)length);
}

static int line_of_name(const uint8_t* name, size_t length)
{
	static const char* const names[] = { "reader", "printer", "panel" };
	int index;
	for (index = 0; index < 3; index++)
		if (length == strlen(names[index]) && memcmp(name, names[index], length) == 0)
			return LINE_READER + index;
	cable_refuse("no line of that name");
}

static int line_of(unsigned port)
{
	if (port >= PORTS_MAX || line_of_port[port] == 0)
		cable_refuse("serial port %u is no line", port);
	return line_of_port[port];
}

static void pass_on(unsigned channel, unsigned op, unsigned port, const uint8_t* payload, uint32_t length)
{
	switch (channel) {
	case CHANNEL_CONTROL:
		if (op == CONTROL_IDLE || op == CONTROL_TRACE)
			send_work();
		break;
	case CHANNEL_SERIAL:
		if (op == SERIAL_OPEN) {
			if (port >= PORTS_MAX)
				cable_refuse("more than %d ports", PORTS_MAX);
			line_of_port[port] = (uint8_t)line_of_name(payload + 4, length - 4);
		}
		else if (op == SERIAL_DATA) {
			send_count(channel, op, port, length);
			uart_write(line_of(port), payload, length);
			return;
		}
		break;
	case CHANNEL_DISPLAY:
		send_work();
		break;
	case CHANNEL_TCP:
		send_count(channel, op, port, length);
		uart_write(LINE_UPLINK, payload, length);
		return;
	case CHANNEL_FLASH:
		serve_flash(op, port, payload, length);
		return;
	}
	send(channel, op, port, payload, length);
}

void platform_cable_write(const void* buffer, size_t length)
{
	const uint8_t* at = buffer;
	/* The host writes whole frames. */
	while (length >= CABLE_HEAD) {
		uint32_t payload_length = read_u32(at + 4);
		size_t whole = CABLE_HEAD + payload_length;
		if (whole > length)
			break;
		pass_on(at[0], at[1], at[2] | ((unsigned)at[3] << 8), at + CABLE_HEAD, payload_length);
		at += whole;
		length -= whole;
	}
	if (length > 0)
		cable_refuse("half a frame");
}

/* ---- from the devices to the host ---- */

/* The line by which the bytes of a frame come. */
static int line_of_frame(const uint8_t* head)
{
	if (head[0] == CHANNEL_TCP)
		return LINE_UPLINK;
	if (head[0] == CHANNEL_SERIAL && head[1] == SERIAL_DATA)
		return line_of(head[2] | ((unsigned)head[3] << 8));
	return LINE_CONTROL;
}

/* The next frame of the batches, with the bytes that came on the UART of its line. */
static void next_frame(void)
{
	const uint8_t* head = batch + batch_at;
	uint32_t length = read_u32(head + 4);
	int line;
	if (batch_end - batch_at < CABLE_HEAD || batch_end - batch_at - CABLE_HEAD < length)
		cable_refuse("half a frame in a batch");
	memcpy(frame_bytes, head, CABLE_HEAD + length);
	batch_at += CABLE_HEAD + length;
	line = line_of_frame(head);
	if (line != LINE_CONTROL) {
		uint32_t count = length == 4 ? read_u32(frame_bytes + CABLE_HEAD) : UART_RECEIVE_MAX + 1;
		if (count > uart_available(line))
			cable_refuse("%lu bytes at once on line %d", (unsigned long)count, line);
		uart_peek(line, 0, frame_bytes + CABLE_HEAD, count);
		uart_drop(line, count);
		write_u32(frame_bytes + 4, count);
		length = count;
	}
	frame_at = 0;
	frame_end = CABLE_HEAD + length;
}

/*
 * Have all bytes of the waiting frames come by their lines? They are awaited before the first frame is handed over, so that no interrupt
 * comes into the work that follows: it would make two runs of one seed differ.
 */
static int batch_is_complete(void)
{
	size_t wanted[LINE_COUNT] = { 0 };
	size_t at = batch_at;
	int line;
	while (at + CABLE_HEAD <= batch_end) {
		const uint8_t* head = batch + at;
		line = line_of_frame(head);
		if (line != LINE_CONTROL)
			wanted[line] += read_u32(head + CABLE_HEAD);
		at += CABLE_HEAD + read_u32(head + 4);
	}
	for (line = LINE_CONTROL + 1; line < LINE_COUNT; line++)
		if (uart_available(line) < wanted[line])
			return 0;
	return 1;
}

static size_t hand_over(uint8_t* from, size_t available, void* buffer, size_t length)
{
	size_t count = available < length ? available : length;
	memcpy(buffer, from, count);
	memset(from, 0, count);
	return count;
}

size_t platform_cable_read(void* buffer, size_t length, uint64_t timeout_us)
{
	static size_t reply_at;
	uint64_t start_us = timeout_us == NEVER_US || timeout_us == 0 ? 0 : platform_monotonic_us();
	int is_waiting = 0;
	for (;;) {
		if (frame_at < frame_end || reply_at < reply_length || (batch_at < batch_end && batch_is_complete()))
			break;
		/* In lock-step the harness speaks only when it is asked, so this finds nothing. */
		if (timeout_us == 0) {
			if (take_control())
				continue;
			if (batch_at == batch_end)
				return 0;
		}
		if (!is_waiting) {
			board_begin_wait();
			is_waiting = 1;
		}
		if (take_control())
			continue;
		if (timeout_us != NEVER_US && timeout_us != 0) {
			uint64_t passed_us = platform_monotonic_us() - start_us;
			if (passed_us >= timeout_us)
				break;
			clint_alarm(clint_time() + (timeout_us - passed_us) * MTIME_PER_US);
		}
		board_wait();
	}
	if (is_waiting)
		board_end_wait();
	if (frame_at == frame_end && reply_at == reply_length && batch_at < batch_end && batch_is_complete())
		next_frame();
	if (frame_at < frame_end) {
		size_t count = hand_over(frame_bytes + frame_at, frame_end - frame_at, buffer, length);
		frame_at += count;
		return count;
	}
	if (reply_at < reply_length) {
		size_t count = hand_over(reply_bytes + reply_at, reply_length - reply_at, buffer, length);
		reply_at += count;
		if (reply_at == reply_length)
			reply_at = reply_length = 0;
		return count;
	}
	return 0;
}
