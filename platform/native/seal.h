/* libsodium's crypto_box_seal with a seed from the caller, and a look at what came of it. */
#ifndef SANDOGH_SEAL_H
#define SANDOGH_SEAL_H

#include <stddef.h>
#include <stdint.h>

/* The largest message that is sealed: a ballot is some hundred bytes. */
#define SEAL_MESSAGE_MAX 16384

/*
 * out: length + crypto_box_SEALBYTES bytes, zeroed when it fails. Fails for a point of low order, and when the box does
 * not open to the same message. The seed is the caller's to wipe.
 */
int seal_box(uint8_t* out, const uint8_t* message, size_t length, const uint8_t* recipient, const uint8_t* seed);

#endif
