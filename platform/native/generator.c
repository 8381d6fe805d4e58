#include "arguments.h"

#include "random.h"

/* firmware/platform.ts, Platform.random */
void xs_random(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	random_fill(out.at, out.length);
}
