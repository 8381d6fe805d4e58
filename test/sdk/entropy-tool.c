/*
 * The generator and the health tests of the ESP32 on this machine, for entropy.test.ts: "health" says for each byte on
 * stdin how the tests stand, "draw N" adds stdin and draws.
 */
#include "../../platform/sdk/esp32/erasing-generator.h"
#include "../../platform/sdk/esp32/health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv)
{
	static unsigned char input[1 << 20];
	static unsigned char output[1 << 16];
	size_t length = fread(input, 1, sizeof(input), stdin);
	if (argc == 2 && strcmp(argv[1], "health") == 0) {
		struct health health;
		size_t index;
		memset(&health, 0, sizeof(health));
		for (index = 0; index < length; index++)
			putchar(health_check(&health, input + index, 1) ? '1' : '0');
		return 0;
	}
	if (argc >= 3 && strcmp(argv[1], "draw") == 0) {
		int index;
		if (length > 0)
			generator_add(input, length);
		for (index = 2; index < argc; index++) {
			size_t count = (size_t)atoi(argv[index]);
			if (!generator_fill(output, count))
				return 3;
			fwrite(output, 1, count, stdout);
		}
		return 0;
	}
	return 2;
}
