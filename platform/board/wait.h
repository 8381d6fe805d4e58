/*
 * Waiting, and the work that is done in between, in instructions: what `minstret` counts, less the waits (for the
 * harness, for flash, for a transmitter) and the interrupts that come while waiting. How long the harness takes is
 * chance; the work is not, so two runs of one seed give equal figures.
 */
#ifndef SANDOGH_BOARD_WAIT_H
#define SANDOGH_BOARD_WAIT_H

#include <stdint.h>

/* What has been done since the reset. */
uint64_t count_work(void);

/*
 * Waits for an interrupt and lets it be served; the instructions of the wait and of what interrupts it are not counted
 * as work. Call it in a loop that looks whether what is waited for is there, with interrupts off: `board_begin_wait`
 * ... `board_end_wait`.
 */
void board_begin_wait(void);
void board_wait(void);
void board_end_wait(void);

/* 1 within board_wait: an alarm that comes now is what is waited for. */
int board_is_waiting(void);

/* What every board_wait does first. */
extern void (*board_before_wait)(void);

#endif
