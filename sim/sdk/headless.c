/*
 * Runs what mcconfig made for Linux (mc.so) without a window: the part of the SDK's simulator that loads the library
 * and keeps its main loop, and no more. The screen is memory that nobody sees. Compiled against the SDK's own screen.h.
 *
 *   headless MC.SO
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "screen.h"
#include "../../platform/xs/platform.h"

#define WIDTH 1024
#define HEIGHT 600

static void* library;

static void on_abort(txScreen* screen, int status)
{
	const char* (*name)(int) = (const char* (*)(int))dlsym(library, "fxAbortString");
	(void)screen;
	fprintf(stderr, "headless: the engine stopped: %s\n", name ? name(status) : "?");
	exit(EXIT_CRASH);
}

static void on_change(txScreen* screen)
{
	(void)screen;
}

/* The simulator would now look at its screen from time to time; the terminal needs no such call. */
static void on_start(txScreen* screen, double interval)
{
	(void)screen;
	(void)interval;
}

int main(int argc, char** argv)
{
	txScreenLaunchProc launch;
	txScreen* screen;
	if (argc != 2) {
		fprintf(stderr, "usage: headless MC.SO\n");
		return EXIT_CABLE;
	}
	library = dlopen(argv[1], RTLD_NOW);
	launch = library ? (txScreenLaunchProc)dlsym(library, "fxScreenLaunch") : NULL;
	if (!launch) {
		fprintf(stderr, "headless: %s\n", dlerror());
		return EXIT_CABLE;
	}
	screen = calloc(1, sizeof(txScreen) + (size_t)WIDTH * HEIGHT * screenBytesPerPixel);
	if (!screen)
		return EXIT_CRASH;
	screen->abort = on_abort;
	screen->bufferChanged = on_change;
	screen->formatChanged = on_change;
	screen->start = on_start;
	screen->stop = on_change;
	mxCreateMutex(&screen->workersMutex);
	screen->width = WIDTH;
	screen->height = HEIGHT;
	launch(screen);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
