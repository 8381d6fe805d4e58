/* What platform/xs is made of: the cable, time, the display, the text bundle. */
#include "../native/arguments.h"

#include "cable.h"
#include "machine.h"
#include "platform.h"
#include "terminal.h"

#include <string.h>

/* Bytes that a chip is asked for at once: FLASH_REQUEST in platform/cable.ts. */
#define FLASH_REQUEST_MAX 32768

/* The two functions of the platform's module that the loop calls, see xs_listen. */
static xsSlot frame_listener;
static xsSlot timer_listener;
static int is_listening;

/* send(channel, op, port, payload) */
void xs_cable_send(xsMachine* the)
{
	uint8_t channel = (uint8_t)argument_range(the, 0, 1, CHANNEL_COUNT - 1);
	uint8_t op = (uint8_t)argument_range(the, 1, 0, CABLE_REPLY - 1);
	uint16_t port = (uint16_t)argument_range(the, 2, 0, 0xffff);
	struct bytes payload = argument_bytes(the, 3);
	if (payload.length > CABLE_PAYLOAD_MAX)
		xsRangeError("argument 4: at most %d bytes expected", CABLE_PAYLOAD_MAX);
	cable_send(channel, op, port, payload.at, payload.length);
}

/*
 * request(channel, op, port, payload): the payload of the reply, an ArrayBuffer. The terminal stands still until it
 * comes.
 */
void xs_cable_request(xsMachine* the)
{
	uint8_t channel = (uint8_t)argument_range(the, 0, 1, CHANNEL_COUNT - 1);
	uint8_t op = (uint8_t)argument_range(the, 1, 0, CABLE_REPLY - 1);
	uint16_t port = (uint16_t)argument_range(the, 2, 0, 0xffff);
	struct frame frame;
	xs_cable_send(the);
	cable_reply(&frame, channel, op, port);
	xsmcSetArrayBuffer(xsResult, (void*)frame.payload, (xsIntegerValue)frame.length);
}

/* flashRead(chip, address, out): straight into the array, with no reply in between */
void xs_flash_read(xsMachine* the)
{
	uint16_t chip = (uint16_t)argument_range(the, 0, 0, 0xffff);
	uint32_t address = (uint32_t)argument_range(the, 1, 0, INT32_MAX);
	struct bytes out = argument_writable(the, 2);
	if (out.length >= CABLE_PAYLOAD_MAX)
		xsRangeError("argument 3: less than %d bytes expected", CABLE_PAYLOAD_MAX);
	xsmcSetBoolean(xsResult, platform_flash_read(chip, address, out.at, out.length));
}

/* flashProgram(chip, address, data): whether the chip did it */
void xs_flash_program(xsMachine* the)
{
	static uint8_t payload[4 + FLASH_REQUEST_MAX];
	uint16_t chip = (uint16_t)argument_range(the, 0, 0, 0xffff);
	uint32_t address = (uint32_t)argument_range(the, 1, 0, INT32_MAX);
	struct bytes data = argument_bytes(the, 2);
	struct frame frame;
	if (data.length > FLASH_REQUEST_MAX)
		xsRangeError("argument 3: at most %d bytes expected", FLASH_REQUEST_MAX);
	payload[0] = (uint8_t)address;
	payload[1] = (uint8_t)(address >> 8);
	payload[2] = (uint8_t)(address >> 16);
	payload[3] = (uint8_t)(address >> 24);
	memcpy(payload + 4, data.at, data.length);
	cable_send(CHANNEL_FLASH, FLASH_PROGRAM, chip, payload, 4 + data.length);
	cable_reply(&frame, CHANNEL_FLASH, FLASH_PROGRAM, chip);
	xsmcSetBoolean(xsResult, frame.length == 1 && frame.payload[0] == 1);
}

static void on_frame(xsMachine* the, const struct frame* frame)
{
	const int32_t numbers[3] = { frame->channel, frame->op, frame->port };
	machine_turn(the, &frame_listener, 3, numbers, frame->payload, frame->length);
}

static void on_timer(xsMachine* the)
{
	machine_turn(the, &timer_listener, 0, NULL, NULL, 0);
}

/*
 * listen(onFrame, onTimer): onFrame(channel, op, port, payload: ArrayBuffer); onTimer() when the deadline has come.
 * Once.
 */
void xs_listen(xsMachine* the)
{
	static const struct terminal_listener listener = { on_frame, on_timer };
	if (is_listening)
		xsTypeError("somebody is listening already");
	if (xsmcArgc < 2 || !xsmcIsCallable(xsArg(0)) || !xsmcIsCallable(xsArg(1)))
		xsTypeError("two functions expected");
	frame_listener = xsArg(0);
	timer_listener = xsArg(1);
	xsRemember(frame_listener);
	xsRemember(timer_listener);
	is_listening = 1;
	terminal_listen(&listener);
}

/* deadline(us): when onTimer is called next; never for a negative number */
void xs_deadline(xsMachine* the)
{
	double when_us = argument_whole(the, 0);
	terminal_set_deadline(when_us < 0 ? NEVER_US : (uint64_t)when_us);
}

/* now(): microseconds, whole; exact up to 2^53, 285 years */
void xs_now(xsMachine* the)
{
	xsmcSetNumber(xsResult, (double)terminal_now_us());
}

void xs_wall(xsMachine* the)
{
	xsmcSetNumber(xsResult, terminal_wall_s());
}

/* trace(line) */
void xs_trace(xsMachine* the)
{
	const char* line;
	size_t length;
	if (xsmcArgc < 1)
		xsTypeError("argument 1 is missing");
	line = xsmcToString(xsArg(0));
	length = strlen(line);
	if (length > CABLE_PAYLOAD_MAX)
		length = CABLE_PAYLOAD_MAX;
	cable_send(CHANNEL_CONTROL, CONTROL_TRACE, 0, line, length);
}

/* wipeHeap(); where memory is measured, what it came to is traced */
void xs_wipe_heap(xsMachine* the)
{
	char text[TERMINAL_STATISTICS_MAX];
	machine_wipe(the);
	if (!terminal_is_measured())
		return;
	terminal_statistics(text, sizeof(text));
	cable_send(CHANNEL_CONTROL, CONTROL_TRACE, 0, text, strlen(text));
}

/* displaySize(): width * 65536 + height; 0 without a display */
void xs_display_size(xsMachine* the)
{
	uint32_t width = 0;
	uint32_t height = 0;
	if (!platform_framebuffer(&width, &height))
		width = height = 0;
	xsmcSetNumber(xsResult, (double)width * 65536.0 + (double)height);
}

/*
 * displayWrite(x, y, width, rows, pixels): the rectangle must lie within the display, pixels.length be 2 * width * rows
 */
void xs_display_write(xsMachine* the)
{
	uint32_t display_width = 0;
	uint32_t display_height = 0;
	uint8_t* framebuffer = platform_framebuffer(&display_width, &display_height);
	uint32_t x = (uint32_t)argument_range(the, 0, 0, 0xffff);
	uint32_t y = (uint32_t)argument_range(the, 1, 0, 0xffff);
	uint32_t width = (uint32_t)argument_range(the, 2, 0, 0xffff);
	uint32_t rows = (uint32_t)argument_range(the, 3, 0, 0xffff);
	struct bytes pixels = argument_bytes(the, 4);
	uint32_t row;
	if (!framebuffer)
		xsTypeError("there is no display");
	if (x + width > display_width || y + rows > display_height)
		xsRangeError("the rectangle leaves the display");
	if (pixels.length != 2 * (size_t)width * rows)
		xsRangeError("argument 5: 2 bytes a pixel expected");
	/* whole rows lie one behind the other in both */
	if (width == display_width) {
		width *= rows;
		rows = 1;
	}
	for (row = 0; row < rows; row++)
		memcpy(framebuffer + 2 * ((size_t)(y + row) * display_width + x), pixels.at + 2 * (size_t)row * width,
			2 * (size_t)width);
}

/* text(): the bundle as a host buffer, outside the JavaScript heap; an empty ArrayBuffer when there is none */
void xs_text(xsMachine* the)
{
	size_t length = 0;
	const uint8_t* bytes = platform_text(&length);
	if (length == 0) {
		xsmcSetArrayBuffer(xsResult, NULL, 0);
		return;
	}
	xsResult = xsNewHostObject(NULL);
	xsmcSetHostBuffer(xsResult, (void*)bytes, (xsIntegerValue)length);
	xsmcPetrifyHostBuffer(xsResult);
}
