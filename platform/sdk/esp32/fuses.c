/*
 * The fuses of the ESP32-S3: KEY4 burned by the factory with the purpose HMAC_UP and read-protected, so that the HMAC
 * peripheral alone can use it (ESP-IDF, esp_hmac.h). Not compiled where there is no ESP-IDF: see entropy.c.
 */
#include "../../native/fuses.h"

#include "esp_hmac.h"

#include <string.h>

#define FUSES_KEY HMAC_KEY4

int fuses_mac(uint8_t out[FUSES_MAC_BYTES], const uint8_t* message, size_t length)
{
	if (esp_hmac_calculate(FUSES_KEY, message, length, out) == ESP_OK)
		return 1;
	memset(out, 0, FUSES_MAC_BYTES);
	return 0;
}
