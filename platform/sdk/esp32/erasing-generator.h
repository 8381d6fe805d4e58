/*
 * A generator with fast key erasure: what it gives is ChaCha20 under its key, whose first 32 bytes become the next key
 * at once. Whoever sees the state later learns nothing of what was drawn before. The state is in RAM only.
 */
#ifndef SANDOGH_ERASING_GENERATOR_H
#define SANDOGH_ERASING_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

/* Adds noise to the key (BLAKE2b of both). The first call begins the generator. */
void generator_add(const uint8_t* noise, size_t length);

/* 0, and nothing drawn, before the first generator_add. */
int generator_fill(void* out, size_t length);

#endif
