/*
 * What the portable part of the host asks of the machine it runs on. platform/desktop/linux.c answers for Linux; a
 * board answers with its own file. Nothing else of the host calls an operating system.
 */
#ifndef SANDOGH_PLATFORM_H
#define SANDOGH_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* Exit codes of the terminal. */
enum {
	EXIT_CABLE = 69, /* the harness broke the protocol of the cable, or a file in the arguments cannot be used */
	EXIT_CRASH = 70, /* a bug in the firmware: an exception that nobody caught, memory full, stack overflow */
	EXIT_UNPLUGGED = 71, /* the other end of the cable has gone */
};

/* No deadline. */
#define NEVER_US UINT64_MAX

/* One block for the whole JavaScript heap; called once. NULL when there is none. */
void* platform_arena(size_t length);

/* Microseconds since some instant before the start; never goes back. Not asked in virtual mode. */
uint64_t platform_monotonic_us(void);

/* Fills with bytes that nobody can predict. Does not return when the generator has failed. */
void platform_entropy(void* out, size_t length);

/*
 * Bytes from the cable: at least one, at most `length`; 0 when `timeout_us` has passed without any (NEVER_US waits for
 * ever, 0 looks only). Does not return when the cable was pulled.
 */
size_t platform_cable_read(void* buffer, size_t length, uint64_t timeout_us);

/* All of them. Does not return when the cable was pulled. */
void platform_cable_write(const void* buffer, size_t length);

/* Reads from a flash chip; 0 when it does not answer. Does not return when the cable was pulled. */
int platform_flash_read(uint16_t chip, uint32_t address, uint8_t* out, size_t length);

/*
 * The picture that the display shows: RGB565 little endian, `width` * `height` pixels. NULL when there is no display.
 */
uint8_t* platform_framebuffer(uint32_t* width, uint32_t* height);

/* Text bundle of the image; `length` 0 when there is none. Stays where it is. */
const uint8_t* platform_text(size_t* length);

/* Last words to the developer. */
void platform_report(const char* text);

void platform_exit(int code) __attribute__((noreturn));

#endif
