/*
 * The terminal's cable: one stream that joins it to the harness. It carries frames of an 8-byte head and a payload:
 *
 *   u8 channel, u8 op, u16 port, u32 length (little endian), payload
 *
 * All that the terminal sees of the world passes here in one order, which is what makes a run repeatable.
 * platform/cable.ts has the table of channels and ops with their payloads. A frame that breaks the rules ends the
 * process (refuse.h).
 */
#ifndef SANDOGH_CABLE_H
#define SANDOGH_CABLE_H

#include <stddef.h>
#include <stdint.h>

#define CABLE_HEAD 8
#define CABLE_PAYLOAD_MAX 65536
/* Frames that may wait while the terminal waits for a reply. */
#ifndef CABLE_WAITING_MAX
#define CABLE_WAITING_MAX (1024 * 1024)
#endif

enum {
	CHANNEL_CONTROL = 0,
	CHANNEL_SERIAL = 1,
	CHANNEL_FLASH = 2,
	CHANNEL_TCP = 3,
	CHANNEL_DISPLAY = 4,
	CHANNEL_PAGE = 5,
	CHANNEL_COUNT = 6
};
enum { FLASH_READ = 0, FLASH_PROGRAM = 1, FLASH_ERASE = 2 };
enum { CONTROL_HELLO = 0, CONTROL_IDLE = 1, CONTROL_RUN = 2, CONTROL_TRACE = 3, CONTROL_CRASH = 4 };
/* Set in the op of a reply. */
#define CABLE_REPLY 0x80

struct frame {
	uint8_t channel;
	uint8_t op;
	uint16_t port;
	uint32_t length;
	/* Valid until the next call of a cable function. */
	const uint8_t* payload;
};

/* Kept in a buffer until cable_flush or until the buffer is full. */
void cable_send(uint8_t channel, uint8_t op, uint16_t port, const void* payload, size_t length);

void cable_flush(void);

/* 1 when there was a frame; 0 when none came within `timeout_us`. Frames set aside by cable_reply come first. */
int cable_receive(struct frame* frame, uint64_t timeout_us);

/*
 * Waits for the reply to a request: same channel and port, `op` with CABLE_REPLY. Other frames are set aside in order.
 */
void cable_reply(struct frame* frame, uint8_t channel, uint8_t op, uint16_t port);

#endif
