/*
 * The terminal's generator on the ESP32. With the radio off esp_fill_random is random only between
 * bootloader_random_enable and _disable, which keep the ADC to themselves; this terminal reads nothing by the ADC.
 * Noise is gathered so at the start and whenever the terminal is idle, tested, and added to a generator in RAM. A
 * source that fails its test stops the terminal: there is no other.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set. health.c and erasing-generator.c are compiled and tested there.
 */
#include "erasing-generator.h"
#include "health.h"

#include "../../native/arguments.h"
#include "../../native/random.h"

#include "bootloader_random.h"
#include "esp_random.h"
#include "esp_system.h"

#include <sodium/utils.h>

/* At 1 bit a byte, eight times the 256 bits of a key. */
#define NOISE_AT_START 2048
#define NOISE_LATER 256

static struct health health;
static int has_begun;

static int gather(size_t wanted)
{
	static uint8_t noise[NOISE_AT_START];
	int good;
	bootloader_random_enable();
	esp_fill_random(noise, wanted);
	bootloader_random_disable();
	good = health_check(&health, noise, wanted);
	if (good)
		generator_add(noise, wanted);
	sodium_memzero(noise, sizeof(noise));
	return good;
}

/* gather(): adds noise; false when the source has failed. The firmware calls it at the start and while it is idle. */
void xs_gather(xsMachine* the)
{
	int good = gather(has_begun ? NOISE_LATER : NOISE_AT_START);
	has_begun = has_begun || good;
	xsmcSetBoolean(xsResult, good);
}

void random_fill(void* out, size_t length)
{
	/* Nothing may go on that believes in what is not random. */
	if (health.failed || !generator_fill(out, length))
		esp_restart();
}

/* libsodium calls it when it was called wrongly: a bug of ours. */
void sodium_misuse(void);

void sodium_misuse(void)
{
	esp_restart();
}
