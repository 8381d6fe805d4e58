/*
 * What the board knows of time: the timer that never stops, the clock of the day, and the alarm, which is the
 * watchdog's too.
 */
#ifndef SANDOGH_BOARD_CLOCK_H
#define SANDOGH_BOARD_CLOCK_H

#include <stdint.h>

#define MTIME_PER_US 10u

/* Ticks of 100 ns since the reset. */
uint64_t clint_time(void);

/* One interrupt at `ticks`; UINT64_MAX for none. */
void clint_alarm(uint64_t ticks);

/* Seconds since 1970 by the board's own clock. */
uint64_t rtc_seconds(void);

/* Time is real: from now on there are alarms, and the watchdog. */
void clock_start(void);

/* The watchdog: without another call or a wait, the board is reset after 30 s. */
void board_watch(void);

#endif
