/* The terminal's generator. It is libsodium's too (randombytes). */
#ifndef SANDOGH_RANDOM_H
#define SANDOGH_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_fill(void* out, size_t length);

#ifdef SANDOGH_SIMULATION
/* From now on the bytes come from ChaCha20 under `seed` and repeat with it. Does not exist in a product image. */
void random_seed(const uint8_t seed[32]);
#endif

#endif
