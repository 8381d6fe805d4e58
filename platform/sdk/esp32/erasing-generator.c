#include "erasing-generator.h"

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_stream_chacha20.h>
#include <sodium/utils.h>

#include <string.h>

#define KEY 32
/* Drawn at a time, the next key included: a key is used once, so the nonce is always zero. */
#define BLOCK 512

static uint8_t key[KEY];
static int has_begun;

void generator_add(const uint8_t* noise, size_t length)
{
	uint8_t next[KEY];
	crypto_generichash_blake2b(next, KEY, noise, length, key, has_begun ? KEY : 0);
	memcpy(key, next, KEY);
	sodium_memzero(next, KEY);
	has_begun = 1;
}

int generator_fill(void* out, size_t length)
{
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
	uint8_t block[BLOCK];
	uint8_t* at = out;
	if (!has_begun)
		return 0;
	while (length > 0) {
		size_t part = length < BLOCK - KEY ? length : BLOCK - KEY;
		crypto_stream_chacha20(block, BLOCK, nonce, key);
		memcpy(key, block, KEY);
		memcpy(at, block + KEY, part);
		at += part;
		length -= part;
	}
	sodium_memzero(block, BLOCK);
	return 1;
}
