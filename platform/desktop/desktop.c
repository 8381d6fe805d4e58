/* The host as a program on Linux: its arguments. */
#include "linux.h"

#include "../native/fuses.h"
#include "../native/random.h"
#include "../xs/image.h"
#include "../xs/machine.h"
#include "../xs/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv)
{
	static struct image image;
	struct terminal_options options = { HEAP_LENGTH_DEFAULT, 0, 0, 0, 0 };
	const char* image_path = NULL;
	const char* cable_path = NULL;
	const char* framebuffer_path = NULL;
	const char* size = NULL;
	const char* wrong;
	uint8_t* bytes;
	size_t length = 0;
	int index;
	for (index = 1; index < argc; index++) {
		const char* option = argv[index];
		const char* value = index + 1 < argc ? argv[index + 1] : NULL;
		if (strcmp(option, "--virtual") == 0) {
			options.is_virtual = 1;
			continue;
		}
		if (strcmp(option, "--stats") == 0) {
			options.statistics = 1;
			continue;
		}
		if (!value)
			linux_fail("unknown option, or one without its value", option);
		index++;
		if (strcmp(option, "--image") == 0)
			image_path = value;
		else if (strcmp(option, "--cable") == 0)
			cable_path = value;
		else if (strcmp(option, "--framebuffer") == 0)
			framebuffer_path = value;
		else if (strcmp(option, "--size") == 0)
			size = value;
		else if (strcmp(option, "--text") == 0)
			linux_text(value);
		else if (strcmp(option, "--now") == 0)
			options.now_us = strtoull(value, NULL, 10);
		else if (strcmp(option, "--wall") == 0)
			options.wall_base = atof(value);
		else if (strcmp(option, "--heap") == 0) {
			double heap = atof(value);
			if (!(heap >= 1024.0 * 1024.0 && heap <= 256.0 * 1024.0 * 1024.0))
				linux_fail("1 MiB to 256 MiB expected", option);
			options.heap_length = (size_t)heap;
		}
#ifdef SANDOGH_SIMULATION
		else if (strcmp(option, "--seed") == 0) {
			uint8_t seed[32];
			linux_seed(value, option, seed);
			random_seed(seed);
		}
		else if (strcmp(option, "--device") == 0) {
			uint8_t key[32];
			linux_seed(value, option, key);
			fuses_simulate(key);
		}
#endif
		else
			linux_fail("unknown option", option);
	}
	if (!image_path || !cable_path)
		linux_fail(
			"--image FILE --cable PATH [--virtual [--now US]] [--stats] [--wall S] [--heap BYTES] [--framebuffer FILE --size WxH] [--text FILE]",
			"usage");
	signal(SIGPIPE, SIG_IGN);
	bytes = linux_map(image_path, &length, 0);
	wrong = image_open(&image, bytes, length);
	if (wrong)
		linux_fail(wrong, image_path);
	if (framebuffer_path)
		linux_framebuffer(framebuffer_path, size);
	linux_on_unplugged = terminal_report_statistics;
	linux_plug_in(cable_path);
	terminal_run(&image, &options);
}
