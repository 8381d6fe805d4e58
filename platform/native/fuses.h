/*
 * A key of 256 bits in the microcontroller's one-time fuses, which software can use and never read: the ESP32-S3's HMAC
 * peripheral (ESP32-S3 Technical Reference Manual, chapter HMAC Accelerator) and, in a simulation, whatever the harness
 * calls this device.
 */
#ifndef SANDOGH_FUSES_H
#define SANDOGH_FUSES_H

#include <stddef.h>
#include <stdint.h>

#define FUSES_MAC_BYTES 32

/* HMAC-SHA-256 (RFC 2104) of `message` under the key; 0 when the fuses hold none that may be used. */
int fuses_mac(uint8_t out[FUSES_MAC_BYTES], const uint8_t* message, size_t length);

#ifdef SANDOGH_SIMULATION
/* The key. Does not exist in a product image. */
void fuses_simulate(const uint8_t key[32]);
#endif

#endif
