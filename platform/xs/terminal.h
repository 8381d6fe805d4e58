/* The life of a terminal: one turn after another for ever. */
#ifndef SANDOGH_TERMINAL_H
#define SANDOGH_TERMINAL_H

#include "cable.h"
#include "image.h"
#include "xsmc.h"

#include <stdint.h>

struct terminal_options {
	size_t heap_length;
	/* Time is given by the harness, see platform/cable.ts. */
	int is_virtual;
	/* Virtual time at the start. */
	uint64_t now_us;
	/* Seconds since 1970 at monotonic zero. */
	double wall_base;
	/* A JSON line about memory on stderr when the cable is pulled. */
	int statistics;
};

/* Greets the harness; `options` must stay where they are. */
void terminal_begin(const struct terminal_options* options);

/* The machine that the listener gets from now on. */
void terminal_use(xsMachine* the);

/* What is called with a frame for the firmware, and when the deadline has come. */
struct terminal_listener {
	void (*frame)(xsMachine* the, const struct frame* frame);
	void (*timer)(xsMachine* the);
};

/* `listener` must stay where it is. */
void terminal_listen(const struct terminal_listener* listener);

/*
 * Does what is to be done next and returns 1. When nothing is left to do now, tells the harness and returns 0: then
 * comes terminal_wait.
 */
int terminal_turn(void);

/* Waits for a frame, which is taken, or for the deadline. */
void terminal_wait(void);

/* All of it: makes the machine, freezes it, runs the image. */
void terminal_run(const struct image* image, const struct terminal_options* options) __attribute__((noreturn));

/* Microseconds of the terminal's monotonic time. */
uint64_t terminal_now_us(void);

/* Seconds since 1970, whole. */
double terminal_wall_s(void);

/* When the loop next calls the timer function; NEVER_US for never. */
void terminal_set_deadline(uint64_t deadline_us);

/* Whether somebody asked for statistics (--stats). */
int terminal_is_measured(void);

#define TERMINAL_STATISTICS_MAX 300
/* A JSON object about the memory of the machine in use. */
void terminal_statistics(char* text, size_t length);

/* Said when the cable is pulled. */
void terminal_report_statistics(void);

#endif
