/*
 * What of the board's memory the host is given: its heap, the picture and the text bundle. And what there is none of:
 * entropy.
 */
#include "../xs/platform.h"

#define DISPLAY_WIDTH 1024u
#define DISPLAY_HEIGHT 600u

extern uint8_t __framebuffer[];
extern uint8_t __heap_bottom[];
extern uint8_t __heap_top[];
extern const uint8_t board_text[];
extern const uint8_t board_text_end[];

void* platform_arena(size_t length)
{
	return length <= (size_t)(__heap_top - __heap_bottom) ? __heap_bottom : NULL;
}

void platform_entropy(void* out, size_t length)
{
	(void)out;
	(void)length;
	/* The emulated board has no source of entropy: it runs on the harness's seed alone. */
	platform_report("no entropy on this board\n");
	platform_exit(EXIT_CRASH);
}

uint8_t* platform_framebuffer(uint32_t* width, uint32_t* height)
{
	*width = DISPLAY_WIDTH;
	*height = DISPLAY_HEIGHT;
	return __framebuffer;
}

const uint8_t* platform_text(size_t* length)
{
	*length = (size_t)(board_text_end - board_text);
	return board_text;
}
