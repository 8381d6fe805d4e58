#include "xsmc.h"

#include "cable.h"
#include "machine.h"
#include "platform.h"
#include "refuse.h"
#include "terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct terminal_options* the_options;
static xsMachine* the_machine;
static const struct terminal_listener* the_listener;
static uint64_t virtual_now_us;
static uint64_t deadline_us = NEVER_US;

uint64_t terminal_now_us(void)
{
	return the_options->is_virtual ? virtual_now_us : platform_monotonic_us();
}

double terminal_wall_s(void)
{
	return floor(the_options->wall_base + (double)terminal_now_us() / 1e6);
}

void terminal_set_deadline(uint64_t when_us)
{
	deadline_us = when_us;
}

void terminal_statistics(char* text, size_t length)
{
	machine_statistics(the_machine, text, length);
}

int terminal_is_measured(void)
{
	return the_options && the_options->statistics && the_machine;
}

void terminal_report_statistics(void)
{
	char text[TERMINAL_STATISTICS_MAX];
	if (!terminal_is_measured())
		return;
	terminal_statistics(text, sizeof(text));
	platform_report(text);
	platform_report("\n");
}

static void tell_crash(const char* text)
{
	cable_send(CHANNEL_CONTROL, CONTROL_CRASH, 0, text, strlen(text));
	cable_flush();
	terminal_report_statistics();
}

static uint64_t read_u64(const uint8_t* at)
{
	uint64_t value = 0;
	int index;
	for (index = 7; index >= 0; index--)
		value = (value << 8) | at[index];
	return value;
}

static void write_u64(uint8_t* at, uint64_t value)
{
	int index;
	for (index = 0; index < 8; index++)
		at[index] = (uint8_t)(value >> (8 * index));
}

static void run(const struct frame* frame)
{
	uint64_t now_us;
	if (!the_options->is_virtual)
		cable_refuse("RUN while time is real");
	if (frame->length != 8)
		cable_refuse("RUN of %u bytes", (unsigned)frame->length);
	now_us = read_u64(frame->payload);
	if (now_us < virtual_now_us)
		cable_refuse("time goes back");
	virtual_now_us = now_us;
}

static void take(const struct frame* frame)
{
	if (frame->op & CABLE_REPLY)
		cable_refuse("a reply on channel %u that nobody asked for", frame->channel);
	if (frame->channel == CHANNEL_CONTROL) {
		if (frame->op != CONTROL_RUN)
			cable_refuse("control frame %u is not for the terminal", frame->op);
		run(frame);
		return;
	}
	if (!the_listener)
		cable_refuse("a frame before the terminal listens");
	the_listener->frame(the_machine, frame);
}

void terminal_begin(const struct terminal_options* options)
{
	static const uint8_t version[4] = { 1, 0, 0, 0 };
	the_options = options;
	virtual_now_us = options->now_us;
	machine_on_crash = tell_crash;
	cable_send(CHANNEL_CONTROL, CONTROL_HELLO, 0, version, sizeof(version));
}

void terminal_use(xsMachine* machine)
{
	the_machine = machine;
}

void terminal_listen(const struct terminal_listener* listener)
{
	the_listener = listener;
}

int terminal_turn(void)
{
	struct frame frame;
	if (cable_receive(&frame, 0)) {
		take(&frame);
		return 1;
	}
	if (deadline_us <= terminal_now_us()) {
		/* The listener sets a new one. */
		deadline_us = NEVER_US;
		if (!the_listener)
			machine_crash("a deadline before the terminal listens");
		the_listener->timer(the_machine);
		return 1;
	}
	if (the_options->is_virtual) {
		uint8_t deadline[8];
		write_u64(deadline, deadline_us);
		cable_send(CHANNEL_CONTROL, CONTROL_IDLE, 0, deadline, sizeof(deadline));
	}
	cable_flush();
	return 0;
}

void terminal_wait(void)
{
	struct frame frame;
	uint64_t timeout_us = NEVER_US;
	/* In virtual time the harness says when the deadline has come. */
	if (!the_options->is_virtual && deadline_us != NEVER_US) {
		uint64_t now_us = terminal_now_us();
		timeout_us = deadline_us > now_us ? deadline_us - now_us : 0;
	}
	if (cable_receive(&frame, timeout_us))
		take(&frame);
}
