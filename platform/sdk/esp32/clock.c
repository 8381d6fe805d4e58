/*
 * Time and the heap on the ESP32.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set.
 */
#include "../../xs/machine.h"

#include "esp_timer.h"

#include <math.h>
#include <time.h>

/* monotonic(): whole milliseconds since the start */
void xs_monotonic(xsMachine* the)
{
	xsmcSetNumber(xsResult, floor((double)esp_timer_get_time() / 1000.0));
}

/* wall(): whole seconds since 1970; from 0 on after a loss of power, until somebody sets the clock */
void xs_wall_clock(xsMachine* the)
{
	xsmcSetNumber(xsResult, (double)time(NULL));
}

/* wipeHeap() */
void xs_wipe_free_heap(xsMachine* the)
{
	machine_wipe(the);
}
