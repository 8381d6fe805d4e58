/* The life of a terminal: load the image, freeze, then one turn after another for ever. */
#ifndef SANDOGH_TERMINAL_H
#define SANDOGH_TERMINAL_H

#include "image.h"

#include <stdint.h>

struct terminal_options {
	size_t heap_length;
	/* Time is given by the harness, see sim/cable.ts. */
	int is_virtual;
	/* Virtual time at the start. */
	uint64_t now_us;
	/* Seconds since 1970 at monotonic zero. */
	double wall_base;
	/* A JSON line about memory on stderr when the cable is pulled. */
	int statistics;
};

void terminal_run(const struct image* image, const struct terminal_options* options) __attribute__((noreturn));

/* Microseconds of the terminal's monotonic time. */
uint64_t terminal_now_us(void);

/* Seconds since 1970, whole. */
double terminal_wall_s(void);

/* When the loop next calls the timer function; NEVER_US for never. */
void terminal_set_deadline(uint64_t deadline_us);

/* Said when the cable is pulled. */
void terminal_report_statistics(void);

#endif
