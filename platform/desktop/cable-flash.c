/*
 * What platform.h asks of flash where the chips are at the other end of the cable: reads as the operation of
 * platform/cable.ts.
 */
#include "../xs/cable.h"
#include "../xs/platform.h"
#include "../xs/refuse.h"

#include <string.h>

static void write_u32(uint8_t* at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

int platform_flash_read(uint16_t chip, uint32_t address, uint8_t* out, size_t length)
{
	uint8_t wanted[8];
	struct frame frame;
	write_u32(wanted, address);
	write_u32(wanted + 4, (uint32_t)length);
	cable_send(CHANNEL_FLASH, FLASH_READ, chip, wanted, sizeof(wanted));
	cable_reply(&frame, CHANNEL_FLASH, FLASH_READ, chip);
	if (frame.length == 1)
		return 0;
	if (frame.length != 1 + length)
		cable_refuse("a flash read of %u bytes, %zu were asked for", (unsigned)frame.length, length);
	memcpy(out, frame.payload + 1, length);
	return 1;
}
