/*
 * firmware/crypto/tally-key.ts: the key that opens ballots is drawn, split, put together, used and wiped here, outside
 * of the JavaScript heap, whose collector copies what it moves. secret = executive part XOR supervision part XOR the
 * terminal's own part; an office's part is Shamir's sharing over GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1.
 * No table is looked up and no branch taken by a secret.
 */
#include "arguments.h"

#include "random.h"
#include "seal.h"

#include <sodium/crypto_box.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/utils.h>

#include <string.h>

/* Executive and supervision. */
#define OFFICES 2
/* Of one office. */
#define SHARES_MAX 8
#define ELECTION_BYTES 16
#define DEVICE_SECRET_BYTES 32
/* 32 bytes of the office's part, then the share's index, 1 to 255. */
#define SHARE_BYTES (crypto_box_SECRETKEYBYTES + 1)
/* Says to the card whose share it is: firmware/device/loading.ts. */
#define BINDING_BYTES 16
#define CARD_BOX_BYTES (SHARE_BYTES + BINDING_BYTES + crypto_box_SEALBYTES)
#define PART_BOX_BYTES (crypto_box_SECRETKEYBYTES + crypto_box_SEALBYTES)
/* What libsodium leaves behind on the stack lies below the caller, within this. */
#define STACK_BYTES 4096

enum stage { NOTHING, COLLECTING, OPEN };

static struct {
	enum stage stage;
	int shares_count[OFFICES];
	/* The key that shares are sealed to, fresh for each count. */
	uint8_t fresh_public[crypto_box_PUBLICKEYBYTES];
	uint8_t fresh_secret[crypto_box_SECRETKEYBYTES];
	uint8_t shares[OFFICES][SHARES_MAX][SHARE_BYTES];
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

/* Adds an office's part to the secret: Lagrange's interpolation at 0. */
static void add_office(uint8_t secret[crypto_box_SECRETKEYBYTES], int office)
{
	int own;
	int other;
	size_t at;
	for (own = 0; own < key.shares_count[office]; own++) {
		uint8_t own_index = key.shares[office][own][SHARE_BYTES - 1];
		uint8_t basis = 1;
		for (other = 0; other < key.shares_count[office]; other++) {
			uint8_t other_index = key.shares[office][other][SHARE_BYTES - 1];
			if (other != own)
				basis = multiply(basis, multiply(other_index, invert(own_index ^ other_index)));
		}
		for (at = 0; at < crypto_box_SECRETKEYBYTES; at++)
			secret[at] ^= multiply(basis, key.shares[office][own][at]);
	}
}

/*
 * The key pair that this terminal's part is sealed to: derived anew from the device's secret, here and only for as long
 * as it takes.
 */
static void part_keys(uint8_t public_key[crypto_box_PUBLICKEYBYTES], uint8_t secret_key[crypto_box_SECRETKEYBYTES],
	const uint8_t* device_secret, const uint8_t* election)
{
	static const uint8_t purpose[] = "sandogh tally part";
	uint8_t message[sizeof(purpose) - 1 + ELECTION_BYTES];
	uint8_t seed[crypto_box_SEEDBYTES];
	memcpy(message, purpose, sizeof(purpose) - 1);
	memcpy(message + sizeof(purpose) - 1, election, ELECTION_BYTES);
	crypto_generichash_blake2b(seed, sizeof(seed), message, sizeof(message), device_secret, DEVICE_SECRET_BYTES);
	crypto_box_seed_keypair(public_key, secret_key, seed);
	sodium_memzero(seed, sizeof(seed));
}

static int open_part(
	uint8_t part[crypto_box_SECRETKEYBYTES], const uint8_t* box, const uint8_t* device_secret, const uint8_t* election)
{
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	uint8_t secret_key[crypto_box_SECRETKEYBYTES];
	int good;
	part_keys(public_key, secret_key, device_secret, election);
	good = crypto_box_seal_open(part, box, PART_BOX_BYTES, public_key, secret_key) == 0;
	sodium_memzero(secret_key, sizeof(secret_key));
	return good;
}

/* Seals under a seed of the generator's. */
static int seal_fresh(uint8_t* out, const uint8_t* message, size_t length, const uint8_t* recipient)
{
	uint8_t seed[crypto_box_SEEDBYTES];
	int good;
	random_fill(seed, sizeof(seed));
	good = seal_box(out, message, length, recipient, seed);
	sodium_memzero(seed, sizeof(seed));
	return good;
}

/*
 * An office's part, divided among its cards so that `needed` of them give it back: values at 1 to `count` of
 * polynomials whose coefficients the generator draws, each sealed to its card with the binding behind it.
 */
static int seal_office(uint8_t* out, const uint8_t part[crypto_box_SECRETKEYBYTES], int needed, int count,
	const uint8_t* cards, const uint8_t* binding)
{
	uint8_t coefficients[SHARES_MAX - 1][crypto_box_SECRETKEYBYTES];
	uint8_t message[SHARE_BYTES + BINDING_BYTES];
	int good = 1;
	int power;
	int card;
	size_t at;
	for (power = 0; power < needed - 1; power++)
		random_fill(coefficients[power], sizeof(coefficients[power]));
	memcpy(message + SHARE_BYTES, binding, BINDING_BYTES);
	for (card = 0; card < count && good; card++) {
		for (at = 0; at < crypto_box_SECRETKEYBYTES; at++) {
			uint8_t value = 0;
			for (power = needed - 2; power >= 0; power--)
				value = multiply(value ^ coefficients[power][at], (uint8_t)(card + 1));
			message[at] = value ^ part[at];
		}
		message[SHARE_BYTES - 1] = (uint8_t)(card + 1);
		good =
			seal_fresh(out + card * CARD_BOX_BYTES, message, sizeof(message), cards + card * crypto_box_PUBLICKEYBYTES);
	}
	sodium_memzero(coefficients, sizeof(coefficients));
	sodium_memzero(message, sizeof(message));
	return good;
}

/* out: the public key, a box for each card, the own part's box for the device and for the escrow. */
void xs_tally_key_draw(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	uint8_t* offices = argument_exact(the, 1, 2 * OFFICES);
	struct bytes cards = argument_bytes(the, 2);
	uint8_t* binding = argument_exact(the, 3, BINDING_BYTES);
	uint8_t* device_secret = argument_exact(the, 4, DEVICE_SECRET_BYTES);
	uint8_t* election = argument_exact(the, 5, ELECTION_BYTES);
	uint8_t* escrow = argument_exact(the, 6, crypto_box_PUBLICKEYBYTES);
	uint8_t secret[crypto_box_SECRETKEYBYTES];
	uint8_t own[crypto_box_SECRETKEYBYTES];
	uint8_t part[crypto_box_SECRETKEYBYTES];
	uint8_t device_public[crypto_box_PUBLICKEYBYTES];
	uint8_t device_private[crypto_box_SECRETKEYBYTES];
	size_t count = 0;
	uint8_t* to = out.at;
	const uint8_t* card = cards.at;
	int good;
	int office;
	size_t at;
	for (office = 0; office < OFFICES; office++) {
		int needed = offices[2 * office];
		int of = offices[2 * office + 1];
		if (needed < 1 || of < needed || of > SHARES_MAX)
			xsRangeError("argument 2: office %d: 1 to %d of so many cards expected", office, SHARES_MAX);
		count += (size_t)of;
	}
	if (cards.length != count * crypto_box_PUBLICKEYBYTES)
		xsRangeError("argument 3: %d bytes expected", (int)(count * crypto_box_PUBLICKEYBYTES));
	if (out.length != crypto_box_PUBLICKEYBYTES + count * CARD_BOX_BYTES + 2 * PART_BOX_BYTES)
		xsRangeError("argument 1: %d bytes expected",
			(int)(crypto_box_PUBLICKEYBYTES + count * CARD_BOX_BYTES + 2 * PART_BOX_BYTES));
	if (bytes_overlap(out, cards))
		xsTypeError("the output overlaps an input");

	random_fill(secret, sizeof(secret));
	memcpy(own, secret, sizeof(own));
	good = crypto_scalarmult_curve25519_base(to, secret) == 0;
	to += crypto_box_PUBLICKEYBYTES;
	for (office = 0; office < OFFICES && good; office++) {
		int of = offices[2 * office + 1];
		random_fill(part, sizeof(part));
		for (at = 0; at < sizeof(own); at++)
			own[at] ^= part[at];
		good = seal_office(to, part, offices[2 * office], of, card, binding);
		to += of * CARD_BOX_BYTES;
		card += of * crypto_box_PUBLICKEYBYTES;
	}
	if (good) {
		part_keys(device_public, device_private, device_secret, election);
		good = seal_fresh(to, own, sizeof(own), device_public)
			&& seal_fresh(to + PART_BOX_BYTES, own, sizeof(own), escrow);
	}
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(own, sizeof(own));
	sodium_memzero(part, sizeof(part));
	sodium_memzero(device_private, sizeof(device_private));
	wipe_stack();
	if (!good)
		memset(out.at, 0, out.length);
	xsmcSetBoolean(xsResult, good);
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
	int32_t office = argument_range(the, 1, 0, OFFICES - 1);
	int count = key.shares_count[office];
	uint8_t opened[SHARE_BYTES];
	int good = key.stage == COLLECTING && count < SHARES_MAX
		&& crypto_box_seal_open(opened, box, SHARE_BYTES + crypto_box_SEALBYTES, key.fresh_public, key.fresh_secret)
			== 0;
	int before;
	wipe_stack();
	if (good) {
		good = opened[SHARE_BYTES - 1] != 0;
		for (before = 0; before < count; before++)
			if (key.shares[office][before][SHARE_BYTES - 1] == opened[SHARE_BYTES - 1])
				good = 0;
	}
	if (good) {
		memcpy(key.shares[office][count], opened, SHARE_BYTES);
		key.shares_count[office]++;
	}
	sodium_memzero(opened, sizeof(opened));
	xsmcSetBoolean(xsResult, good);
}

void xs_tally_key_combine(xsMachine* the)
{
	uint8_t* box = argument_exact(the, 0, PART_BOX_BYTES);
	uint8_t* device_secret = argument_exact(the, 1, DEVICE_SECRET_BYTES);
	uint8_t* election = argument_exact(the, 2, ELECTION_BYTES);
	uint8_t* expected = argument_exact(the, 3, crypto_box_PUBLICKEYBYTES);
	uint8_t secret[crypto_box_SECRETKEYBYTES];
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	int good = key.stage == COLLECTING;
	int office;
	for (office = 0; office < OFFICES; office++)
		good = good && key.shares_count[office] > 0;
	good = good && open_part(secret, box, device_secret, election);
	if (good) {
		for (office = 0; office < OFFICES; office++)
			add_office(secret, office);
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
