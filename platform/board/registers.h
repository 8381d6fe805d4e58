/* Where the board's devices are. Addresses are of QEMU's machine `virt`; Renode's models sit at the same ones. */
#ifndef SANDOGH_BOARD_REGISTERS_H
#define SANDOGH_BOARD_REGISTERS_H

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

#define MSTATUS_MIE 8u
#define MIE_TIMER 0x80u
#define MIE_EXTERNAL 0x800u

#endif
