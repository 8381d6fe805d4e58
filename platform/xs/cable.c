#include "cable.h"
#include "platform.h"
#include "refuse.h"

#include <string.h>

static uint8_t outgoing[2 * (CABLE_HEAD + CABLE_PAYLOAD_MAX)];
static size_t outgoing_length;

/* Bytes [incoming_at, incoming_end) have been read and not yet taken. */
static uint8_t incoming[2 * (CABLE_HEAD + CABLE_PAYLOAD_MAX)];
static size_t incoming_at;
static size_t incoming_end;

/* Whole frames that came while a reply was awaited, in order; [waiting_at, waiting_end). */
static uint8_t waiting[CABLE_WAITING_MAX];
static size_t waiting_at;
static size_t waiting_end;

void cable_flush(void)
{
	if (outgoing_length > 0) {
		size_t length = outgoing_length;
		outgoing_length = 0;
		platform_cable_write(outgoing, length);
	}
}

void cable_send(uint8_t channel, uint8_t op, uint16_t port, const void* payload, size_t length)
{
	uint8_t* at;
	if (length > CABLE_PAYLOAD_MAX)
		cable_refuse("the terminal sends %zu bytes at once", length);
	if (sizeof(outgoing) - outgoing_length < CABLE_HEAD + length)
		cable_flush();
	at = outgoing + outgoing_length;
	at[0] = channel;
	at[1] = op;
	at[2] = (uint8_t)port;
	at[3] = (uint8_t)(port >> 8);
	at[4] = (uint8_t)length;
	at[5] = (uint8_t)(length >> 8);
	at[6] = (uint8_t)(length >> 16);
	at[7] = (uint8_t)(length >> 24);
	if (length > 0)
		memcpy(at + CABLE_HEAD, payload, length);
	outgoing_length += CABLE_HEAD + length;
	/* Whoever measures learns of a picture and of a line of trace when they are made. */
	if (channel == CHANNEL_DISPLAY || (channel == CHANNEL_CONTROL && op == CONTROL_TRACE))
		cable_flush();
}

/* Takes the frame at `bytes` apart; returns its whole length, 0 when it is not complete. */
static size_t parse(struct frame* frame, const uint8_t* bytes, size_t available)
{
	if (available < CABLE_HEAD)
		return 0;
	frame->channel = bytes[0];
	frame->op = bytes[1];
	frame->port = (uint16_t)(bytes[2] | (bytes[3] << 8));
	frame->length =
		(uint32_t)bytes[4] | ((uint32_t)bytes[5] << 8) | ((uint32_t)bytes[6] << 16) | ((uint32_t)bytes[7] << 24);
	frame->payload = bytes + CABLE_HEAD;
	if (frame->channel >= CHANNEL_COUNT)
		cable_refuse("a frame for channel %u, which does not exist", frame->channel);
	if (frame->length > CABLE_PAYLOAD_MAX)
		cable_refuse("a frame of %u bytes; the most is %u", (unsigned)frame->length, CABLE_PAYLOAD_MAX);
	if (available < CABLE_HEAD + frame->length)
		return 0;
	return CABLE_HEAD + frame->length;
}

static int receive_new(struct frame* frame, uint64_t timeout_us)
{
	for (;;) {
		size_t whole = parse(frame, incoming + incoming_at, incoming_end - incoming_at);
		size_t got;
		if (whole > 0) {
			incoming_at += whole;
			return 1;
		}
		if (incoming_at > 0) {
			memmove(incoming, incoming + incoming_at, incoming_end - incoming_at);
			incoming_end -= incoming_at;
			incoming_at = 0;
		}
		got = platform_cable_read(incoming + incoming_end, sizeof(incoming) - incoming_end, timeout_us);
		if (got == 0)
			return 0;
		incoming_end += got;
	}
}

int cable_receive(struct frame* frame, uint64_t timeout_us)
{
	if (waiting_at < waiting_end) {
		waiting_at += parse(frame, waiting + waiting_at, waiting_end - waiting_at);
		return 1;
	}
	waiting_at = 0;
	waiting_end = 0;
	return receive_new(frame, timeout_us);
}

void cable_reply(struct frame* frame, uint8_t channel, uint8_t op, uint16_t port)
{
	cable_flush();
	for (;;) {
		size_t whole;
		receive_new(frame, NEVER_US);
		if (frame->channel == channel && frame->op == (op | CABLE_REPLY) && frame->port == port)
			return;
		if (frame->op & CABLE_REPLY)
			cable_refuse("a reply on channel %u that nobody asked for", frame->channel);
		whole = CABLE_HEAD + frame->length;
		if (sizeof(waiting) - waiting_end < whole)
			cable_refuse("more than %u bytes while a reply is awaited", CABLE_WAITING_MAX);
		memcpy(waiting + waiting_end, frame->payload - CABLE_HEAD, whole);
		waiting_end += whole;
	}
}
