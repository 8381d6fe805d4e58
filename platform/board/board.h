/* The board's parts as they see each other. Addresses are of QEMU's machine `virt`; Renode's models sit at the same ones. */
#ifndef SANDOGH_BOARD_H
#define SANDOGH_BOARD_H

#include <stddef.h>
#include <stdint.h>

#define FINISHER 0x00100000u
#define RTC 0x00101000u
#define CLINT_MTIMECMP 0x02004000u
#define CLINT_MTIME 0x0200bff8u
#define PLIC 0x0c000000u
#define UART_FIRST 0x10000000u
#define UART_FIRST_SOURCE 10u
/* A PCI card with four more 16550s; the board maps it itself. */
#define UART_CARD 0x03001000u
#define UART_CARD_SOURCE 33u
#define PCI_CONFIGURATION 0x30000000u
#define PCI_DEVICE_1 0x8000u

#define REG32(address) (*(volatile uint32_t*)(uintptr_t)(address))
#define REG16(address) (*(volatile uint16_t*)(uintptr_t)(address))
#define REG8(address) (*(volatile uint8_t*)(uintptr_t)(address))

#define MTIME_PER_US 10u

#define MSTATUS_MIE 8u
#define MIE_TIMER 0x80u
#define MIE_EXTERNAL 0x800u

/* Ticks of 100 ns since the reset. */
uint64_t clint_time(void);

/* One interrupt at `ticks`; UINT64_MAX for none. */
void clint_alarm(uint64_t ticks);

/* Seconds since 1970 by the board's own clock. */
uint64_t rtc_seconds(void);

/*
 * Waits for an interrupt and lets it be served; the instructions of the wait and of what interrupts it are not counted as work
 * (count.h). Call it in a loop that looks whether what is waited for is there, with interrupts off: `board_begin_wait` ... `board_end_wait`.
 */
void board_begin_wait(void);
void board_wait(void);
void board_end_wait(void);

/* The watchdog: without another call or a wait, the board is reset after 30 s. */
void board_watch(void);

/* Ends the emulation. */
void board_finish(int code) __attribute__((noreturn));

#endif
