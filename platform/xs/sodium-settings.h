/* Included before every file of libsodium: its generator is ours (random.c), there is no other. */
#ifndef SANDOGH_SODIUM_SETTINGS_H
#define SANDOGH_SODIUM_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

struct randombytes_implementation;
extern const struct randombytes_implementation sandogh_randombytes;

#define RANDOMBYTES_DEFAULT_IMPLEMENTATION &sandogh_randombytes

#endif
