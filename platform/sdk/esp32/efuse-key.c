/*
 * The fuses of the ESP32-S3: KEY4 burned by the factory with the purpose HMAC_UP and read-protected, so that the HMAC
 * peripheral alone can use it (ESP-IDF, esp_hmac.h). Not compiled where there is no ESP-IDF: see entropy.c.
 */
#include "../../native/fuses.h"

#include <string.h>

/*
 * esp_hmac.h of ESP-IDF v6.0, component esp_security, in whose folder the SDK's makefile does not look: hmac_key_id_t
 * begins at 0, and esp_err_t is an int that is 0 when all is well.
 */
int esp_hmac_calculate(int key, const void* message, size_t length, uint8_t* hmac);
#define HMAC_KEY4 4
#define FUSES_KEY HMAC_KEY4

int fuses_mac(uint8_t out[FUSES_MAC_BYTES], const uint8_t* message, size_t length)
{
	if (esp_hmac_calculate(FUSES_KEY, message, length, out) == 0)
		return 1;
	memset(out, 0, FUSES_MAC_BYTES);
	return 0;
}
