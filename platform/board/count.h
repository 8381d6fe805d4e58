/*
 * Work in instructions: what `minstret` counts, less the waits (for the harness, for flash, for a transmitter) and the interrupts that come
 * while waiting. How long the harness takes is chance; the work is not, so two runs of one seed give equal figures.
 */
#ifndef SANDOGH_BOARD_COUNT_H
#define SANDOGH_BOARD_COUNT_H

#include <stdint.h>

/* What has been done since the reset. */
uint64_t count_work(void);

/* Natives whose work is counted one by one (the linker sends their calls through count.c). */
#define COUNTED(N) N(xs_sha256) N(xs_sha512) N(xs_blake2b) N(xs_sign_key_pair) N(xs_sign) N(xs_verify) N(xs_box_key_pair) N(xs_x25519) N(xs_seal) \
	N(xs_seal_open) N(xs_typeset) N(xs_paint565) N(xs_paint1) N(xs_find) N(xs_display_write) N(xs_cable_request) N(xs_flash_read) N(xs_review) N(xs_fold)

/* One line of JSON: {"name":[calls,instructions],...}; returns its length. */
int count_natives(char* out, int length);

#endif
