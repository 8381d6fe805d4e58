/*
 * Health tests of a noise source, sample by sample (NIST SP 800-90B section 4.4), for samples of one byte that are
 * claimed to carry 1 bit of entropy. That is far below what the chip's manufacturer says of its source, so a failure
 * means that the source is broken or switched off.
 */
#ifndef SANDOGH_HEALTH_H
#define SANDOGH_HEALTH_H

#include <stddef.h>
#include <stdint.h>

/* Both with a false alarm in 2^30 samples or windows: 1 + 30 / 1, and the critical value of 512 trials of 1/2. */
#define REPETITION_CUTOFF 31
#define PROPORTION_WINDOW 512
#define PROPORTION_CUTOFF 325

struct health {
	unsigned seen;
	uint8_t last;
	unsigned repetitions;
	uint8_t counted;
	unsigned in_window;
	unsigned count;
	int failed;
};

/* 0 from the first sample on that fails a test, and ever after. `health` begins as zeros. */
int health_check(struct health* health, const uint8_t* samples, size_t length);

#endif
