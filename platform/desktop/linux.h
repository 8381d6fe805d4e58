/* The host on Linux. What cannot be used ends the process with EXIT_CABLE and a message that names it. */
#ifndef SANDOGH_LINUX_H
#define SANDOGH_LINUX_H

#include <stddef.h>
#include <stdint.h>

/* Called, when it is not NULL, before platform_exit ends the process; it may go elsewhere. */
extern void (*linux_on_exit)(int code);

/* Called, when it is not NULL, when the cable was pulled, before the process ends. */
extern void (*linux_on_unplugged)(void);

void linux_fail(const char* what, const char* which) __attribute__((noreturn));

/* A whole file in memory; never given back. */
uint8_t* linux_map(const char* path, size_t* length, int writable);

/*
 * "fd:3" is a socket that the harness left open; anything else the path of one that it listens at. Returns the socket.
 */
int linux_plug_in(const char* where);

/* What platform_framebuffer gives from now on: a file of 2 bytes a pixel, and its size, "1024x600". */
void linux_framebuffer(const char* path, const char* size);

/* What platform_text gives from now on. */
void linux_text(const char* path);

#ifdef SANDOGH_SIMULATION
/* The seed (random.h) or key (fuses.h) that 64 hexadecimal digits stand for. */
void linux_seed(const char* hex, const char* option, uint8_t seed[32]);
#endif

#endif
