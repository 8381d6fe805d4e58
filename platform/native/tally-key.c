/*
 * firmware/crypto/tally-key.ts: the key that opens ballots is put together, used and wiped here, outside of the
 * JavaScript heap, whose collector copies what it moves. Shamir's sharing over GF(2^8) with the polynomial x^8 + x^4 +
 * x^3 + x + 1; no table is looked up and no branch taken by a secret.
 */
#include "arguments.h"

#include "random.h"

#include <sodium/crypto_box.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/utils.h>

#include <string.h>

#define SHARES_MAX 8
#define SHARES_MIN 2
#define DEVICE_SECRET_BYTES 32
/* 32 bytes of the shared secret, then the share's index, 1 to 255. */
#define SHARE_BYTES (crypto_box_SECRETKEYBYTES + 1)
/* What libsodium leaves behind on the stack lies below the caller, within this. */
#define STACK_BYTES 4096

enum stage { NOTHING, COLLECTING, OPEN };

static struct {
	enum stage stage;
	int shares_count;
	/* The key that shares are sealed to, fresh for each count. */
	uint8_t fresh_public[crypto_box_PUBLICKEYBYTES];
	uint8_t fresh_secret[crypto_box_SECRETKEYBYTES];
	uint8_t shares[SHARES_MAX][SHARE_BYTES];
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	uint8_t secret[crypto_box_SECRETKEYBYTES];
} key;

static void __attribute__((noinline)) wipe_stack(void)
{
	uint8_t below[STACK_BYTES];
	sodium_memzero(below, sizeof(below));
}

static void wipe(void)
{
	sodium_memzero(&key, sizeof(key));
	wipe_stack();
}

static uint8_t multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;
	int bit;
	for (bit = 0; bit < 8; bit++) {
		product ^= a & (uint8_t) - (b & 1);
		a = (uint8_t)((a << 1) ^ (0x1b & (uint8_t) - (a >> 7)));
		b >>= 1;
	}
	return product;
}

/* a to the power of 254, which is 1 / a, and 0 for 0. */
static uint8_t invert(uint8_t a)
{
	uint8_t result = 1;
	uint8_t power = a;
	int bit;
	for (bit = 1; bit < 8; bit++) {
		power = multiply(power, power);
		result = multiply(result, power);
	}
	return result;
}

/* Lagrange's interpolation at 0. */
static void combine(uint8_t secret[crypto_box_SECRETKEYBYTES])
{
	int own;
	int other;
	size_t at;
	memset(secret, 0, crypto_box_SECRETKEYBYTES);
	for (own = 0; own < key.shares_count; own++) {
		uint8_t own_index = key.shares[own][SHARE_BYTES - 1];
		uint8_t basis = 1;
		for (other = 0; other < key.shares_count; other++) {
			uint8_t other_index = key.shares[other][SHARE_BYTES - 1];
			if (other != own)
				basis = multiply(basis, multiply(other_index, invert(own_index ^ other_index)));
		}
		for (at = 0; at < crypto_box_SECRETKEYBYTES; at++)
			secret[at] ^= multiply(basis, key.shares[own][at]);
	}
}

/*
 * The key pair that this terminal's part is sealed to: derived anew from the device's secret, here and only for as long
 * as it takes.
 */
static int open_part(
	uint8_t part[crypto_box_SECRETKEYBYTES], const uint8_t* box, const uint8_t* device_secret)
{
	static const uint8_t purpose[] = "sandogh device box";
	uint8_t seed[crypto_box_SEEDBYTES];
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	uint8_t secret_key[crypto_box_SECRETKEYBYTES];
	int good;
	crypto_generichash_blake2b(seed, sizeof(seed), purpose, sizeof(purpose) - 1, device_secret, DEVICE_SECRET_BYTES);
	crypto_box_seed_keypair(public_key, secret_key, seed);
	good =
		crypto_box_seal_open(part, box, crypto_box_SECRETKEYBYTES + crypto_box_SEALBYTES, public_key, secret_key) == 0;
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(secret_key, sizeof(secret_key));
	return good;
}

void xs_tally_key_begin(xsMachine* the)
{
	uint8_t* public_key = argument_exact_writable(the, 0, crypto_box_PUBLICKEYBYTES);
	uint8_t seed[crypto_box_SEEDBYTES];
	wipe();
	random_fill(seed, sizeof(seed));
	crypto_box_seed_keypair(key.fresh_public, key.fresh_secret, seed);
	sodium_memzero(seed, sizeof(seed));
	wipe_stack();
	key.stage = COLLECTING;
	memcpy(public_key, key.fresh_public, sizeof(key.fresh_public));
}

void xs_tally_key_share(xsMachine* the)
{
	uint8_t* box = argument_exact(the, 0, SHARE_BYTES + crypto_box_SEALBYTES);
	uint8_t* share = key.shares[key.shares_count];
	int good = key.stage == COLLECTING && key.shares_count < SHARES_MAX
		&& crypto_box_seal_open(share, box, SHARE_BYTES + crypto_box_SEALBYTES, key.fresh_public, key.fresh_secret)
			== 0;
	int before;
	wipe_stack();
	if (good) {
		good = share[SHARE_BYTES - 1] != 0;
		for (before = 0; before < key.shares_count; before++)
			if (key.shares[before][SHARE_BYTES - 1] == share[SHARE_BYTES - 1])
				good = 0;
		if (good)
			key.shares_count++;
		else
			sodium_memzero(share, SHARE_BYTES);
	}
	xsmcSetBoolean(xsResult, good);
}

void xs_tally_key_combine(xsMachine* the)
{
	uint8_t* box = argument_exact(the, 0, crypto_box_SECRETKEYBYTES + crypto_box_SEALBYTES);
	uint8_t* device_secret = argument_exact(the, 1, DEVICE_SECRET_BYTES);
	uint8_t* expected = argument_exact(the, 3, crypto_box_PUBLICKEYBYTES);
	uint8_t part[crypto_box_SECRETKEYBYTES];
	uint8_t secret[crypto_box_SECRETKEYBYTES];
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	int good =
		key.stage == COLLECTING && key.shares_count >= SHARES_MIN && open_part(part, box, device_secret);
	size_t at;
	if (good) {
		combine(secret);
		for (at = 0; at < crypto_box_SECRETKEYBYTES; at++)
			secret[at] ^= part[at];
		good = crypto_scalarmult_curve25519_base(public_key, secret) == 0
			&& sodium_memcmp(public_key, expected, sizeof(public_key)) == 0;
	}
	/* shares and the fresh key have done their work, whether they fit or not */
	wipe();
	if (good) {
		memcpy(key.secret, secret, sizeof(secret));
		memcpy(key.public_key, public_key, sizeof(public_key));
		key.stage = OPEN;
	}
	sodium_memzero(part, sizeof(part));
	sodium_memzero(secret, sizeof(secret));
	xsmcSetBoolean(xsResult, good);
}

void xs_tally_key_open(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	struct bytes box = argument_bytes(the, 1);
	int good;
	if (box.length < crypto_box_SEALBYTES)
		xsRangeError("argument 2: at least %d bytes expected", (int)crypto_box_SEALBYTES);
	if (out.length != box.length - crypto_box_SEALBYTES)
		xsRangeError("argument 1: %d bytes expected", (int)(box.length - crypto_box_SEALBYTES));
	if (bytes_overlap(out, box))
		xsTypeError("the output overlaps an input");
	good = key.stage == OPEN && crypto_box_seal_open(out.at, box.at, box.length, key.public_key, key.secret) == 0;
	wipe_stack();
	if (!good && out.length > 0)
		memset(out.at, 0, out.length);
	xsmcSetBoolean(xsResult, good);
}

void xs_tally_key_end(xsMachine* the)
{
	(void)the;
	wipe();
}
