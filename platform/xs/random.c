#include "../native/random.h"

#include "platform.h"

#include <sodium/crypto_stream_chacha20.h>
#include <sodium/utils.h>

#include <string.h>

#ifdef SANDOGH_SIMULATION

/* One nonce for each call: 2^64 calls of up to 2^38 bytes before anything repeats. */
static uint8_t simulation_seed[crypto_stream_chacha20_KEYBYTES];
static uint64_t simulation_call;
static int simulation_is_seeded;

void random_seed(const uint8_t seed[32])
{
	memcpy(simulation_seed, seed, sizeof(simulation_seed));
	simulation_call = 0;
	simulation_is_seeded = 1;
}

#endif

void random_fill(void* out, size_t length)
{
#ifdef SANDOGH_SIMULATION
	if (simulation_is_seeded) {
		uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
		size_t index;
		for (index = 0; index < sizeof(nonce); index++)
			nonce[index] = (uint8_t)(simulation_call >> (8 * index));
		simulation_call++;
		crypto_stream_chacha20(out, length, nonce, simulation_seed);
		return;
	}
#endif
	platform_entropy(out, length);
}

/* libsodium calls it when it was called wrongly: a bug of ours. */
void sodium_misuse(void);

void sodium_misuse(void)
{
	platform_report("libsodium: misuse\n");
	platform_exit(EXIT_CRASH);
}
