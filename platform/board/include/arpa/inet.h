/* The engine's headers ask for byte order functions by this name; a bare board has no network library. */
#ifndef SANDOGH_BOARD_INET_H
#define SANDOGH_BOARD_INET_H

#include <stdint.h>

static inline uint32_t htonl(uint32_t value)
{
	return __builtin_bswap32(value);
}

static inline uint32_t ntohl(uint32_t value)
{
	return __builtin_bswap32(value);
}

static inline uint16_t htons(uint16_t value)
{
	return __builtin_bswap16(value);
}

static inline uint16_t ntohs(uint16_t value)
{
	return __builtin_bswap16(value);
}

#endif
