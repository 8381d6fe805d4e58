#include "link.h"

#include "../native/nor.h"
#include "../xs/cable.h"
#include "../xs/platform.h"
#include "../xs/refuse.h"
#include "clock.h"
#include "from-harness.h"
#include "to-harness.h"
#include "uart.h"
#include "wait.h"

#include <string.h>

#define PORTS_MAX 256
#define SERIAL_OPEN 0
#define SERIAL_DATA 1
#define SERIAL_CREDIT 2
#define SERIAL_CLOSE 3
#define FLASH_STATUS 3

void (*link_flush)(void);

/* Lines by the port of the cable that stands for them; 0 for none. */
static uint8_t line_of_port[PORTS_MAX];

/* One frame on its way to the host. */
static uint8_t frame_bytes[CABLE_HEAD + CABLE_PAYLOAD_MAX];
static size_t frame_at;
static size_t frame_end;
/* The reply to a flash request; goes before what the batches hold. */
static uint8_t reply_bytes[CABLE_HEAD + CABLE_PAYLOAD_MAX];
static size_t reply_length;

static void send_count(unsigned channel, unsigned op, unsigned port, size_t count)
{
	uint8_t number[4];
	write_u32(number, (uint32_t)count);
	tell(channel, op, port, number, sizeof(number));
}

static void send_work(void)
{
	uint64_t work = count_work();
	uint8_t number[8];
	write_u32(number, (uint32_t)work);
	write_u32(number + 4, (uint32_t)(work >> 32));
	tell(CHANNEL_BOARD, BOARD_COUNT, 0, number, sizeof(number));
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
		struct nor_part part;
		if (nor_open(chip, &part)) {
			reply[0] = 1;
			write_u32(reply + 1, part.size);
			write_u32(reply + 5, part.size / NOR_SECTOR);
			write_u32(reply + 9, NOR_SECTOR);
			reply[13] = part.was_protected;
			reply_length = 14;
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
	link_flush();
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
	tell(channel, op, port, payload, length);
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
	const uint8_t* head = batch.bytes + batch.at;
	uint32_t length = read_u32(head + 4);
	int line;
	if (batch.end - batch.at < CABLE_HEAD || batch.end - batch.at - CABLE_HEAD < length)
		cable_refuse("half a frame in a batch");
	memcpy(frame_bytes, head, CABLE_HEAD + length);
	batch.at += CABLE_HEAD + length;
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
 * Have all bytes of the waiting frames come by their lines? They are awaited before the first frame is handed over, so
 * that no interrupt comes into the work that follows: it would make two runs of one seed differ.
 */
static int batch_is_complete(void)
{
	size_t wanted[LINE_COUNT] = { 0 };
	size_t at = batch.at;
	int line;
	while (at + CABLE_HEAD <= batch.end) {
		const uint8_t* head = batch.bytes + at;
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
		if (frame_at < frame_end || reply_at < reply_length || (batch.at < batch.end && batch_is_complete()))
			break;
		/* In lock-step the harness speaks only when it is asked, so this finds nothing. */
		if (timeout_us == 0) {
			if (take_from_harness())
				continue;
			if (batch.at == batch.end)
				return 0;
		}
		if (!is_waiting) {
			board_begin_wait();
			is_waiting = 1;
		}
		if (take_from_harness())
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
	if (frame_at == frame_end && reply_at == reply_length && batch.at < batch.end && batch_is_complete())
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
