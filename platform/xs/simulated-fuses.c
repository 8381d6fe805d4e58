/* The fuses of a device that is no chip: the harness says which device it is. Without its word there are none. */
#include "../native/fuses.h"

#include "platform.h"

#include <sodium/crypto_auth_hmacsha256.h>

#include <string.h>

#ifdef SANDOGH_SIMULATION

static uint8_t simulation_key[crypto_auth_hmacsha256_KEYBYTES];
static int simulation_has_key;

void fuses_simulate(const uint8_t key[32])
{
	memcpy(simulation_key, key, sizeof(simulation_key));
	simulation_has_key = 1;
}

#endif

int fuses_mac(uint8_t out[FUSES_MAC_BYTES], const uint8_t* message, size_t length)
{
#ifdef SANDOGH_SIMULATION
	if (simulation_has_key) {
		crypto_auth_hmacsha256(out, message, length, simulation_key);
		return 1;
	}
#endif
	(void)message;
	(void)length;
	memset(out, 0, FUSES_MAC_BYTES);
	return 0;
}
