/*
 * Between the portable host, which speaks the cable's frames (platform/xs/cable.h), and the board's devices. Bytes of
 * the card reader, the printer, the panel and the network travel on UARTs of their own. The first UART carries the rest
 * in the cable's frames:
 *
 *   T -> H  control HELLO, IDLE, TRACE, CRASH and display RECT as on the cable
 *           serial OPEN, CLOSE as on the cable; serial DATA: u32, how many bytes follow on the line's own UART
 *           tcp, all ops: u32, how many bytes of payload follow on the uplink's UART
 *   both    channel 15, the board's own:
 *     READY  T -> H  u32 version (2): the board waits for BOOT
 *     BOOT   H -> T  u8 virtual time, u8 seeded, u8[2] 0, u64 now in us, u64 seconds since 1970 at zero, 32 bytes of seed,
 *                    32 bytes that are in the fuses
 *     BATCH  H -> T  frames that belong to one moment: control RUN, serial CREDIT as on the cable; serial DATA and tcp as above
 *     SPI    T -> H  port = chip select; u32 address and length of what goes out, u32 address and length of what comes in, both in RAM.
 *                    The controller moves the bytes and answers with the op and bit 0x80, without payload.
 *     REPORT T -> H  text for the developer
 *     COUNT  T -> H  u64: work done in instructions; before each TRACE and IDLE
 *     STATS  H -> T  no payload; answered with STATS: JSON (count.h, and the stack's depth in bytes)
 *
 * So the first UART is what a test bench clips to the board: in lock-step the harness knows when which byte came, and
 * the board reads nothing before the harness says that its moment has come.
 */
#ifndef SANDOGH_BOARD_LINK_H
#define SANDOGH_BOARD_LINK_H

/* Sends what the host has said and kept until now; called before a flash chip is asked. */
extern void (*link_flush)(void);

#endif
