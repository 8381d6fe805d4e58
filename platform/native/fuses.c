#include "fuses.h"

#include "arguments.h"

/* firmware/platform.ts, Fuses.mac */
void xs_fuses_mac(xsMachine* the)
{
	struct bytes message = argument_bytes(the, 0);
	uint8_t* out = argument_exact_writable(the, 1, FUSES_MAC_BYTES);
	xsmcSetBoolean(xsResult, fuses_mac(out, message.at, message.length));
}
