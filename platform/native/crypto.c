/*
 * firmware/crypto/primitives.ts with libsodium 1.0.18 underneath. Lengths are checked here because only a bug can get
 * them wrong; what comes from outside is checked by the facade.
 */
#include "arguments.h"

#include "seal.h"

#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/crypto_box.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_hash_sha512.h>
#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/crypto_shorthash_siphash24.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#include <string.h>

/*
 * Byte arrays must not be read after they were written as something else: these functions read and write at the same
 * time.
 */
static void refuse_overlap(xsMachine* the, struct bytes out, struct bytes in)
{
	if (bytes_overlap(out, in))
		xsTypeError("the output overlaps an input");
}

static struct bytes range(uint8_t* at, size_t length)
{
	struct bytes bytes;
	bytes.at = at;
	bytes.length = length;
	return bytes;
}

void xs_sha256(xsMachine* the)
{
	uint8_t* out = argument_exact_writable(the, 0, crypto_hash_sha256_BYTES);
	struct bytes message = argument_bytes(the, 1);
	crypto_hash_sha256(out, message.at, message.length);
}

void xs_sha512(xsMachine* the)
{
	uint8_t* out = argument_exact_writable(the, 0, crypto_hash_sha512_BYTES);
	struct bytes message = argument_bytes(the, 1);
	crypto_hash_sha512(out, message.at, message.length);
}

void xs_blake2b(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	struct bytes message = argument_bytes(the, 1);
	struct bytes key = argument_bytes(the, 2);
	if (out.length < crypto_generichash_blake2b_BYTES_MIN || out.length > crypto_generichash_blake2b_BYTES_MAX)
		xsRangeError("argument 1: 16 to 64 bytes expected");
	if (key.length > crypto_generichash_blake2b_KEYBYTES_MAX)
		xsRangeError("argument 3: at most 64 bytes expected");
	if (crypto_generichash_blake2b(
			out.at, out.length, message.at, message.length, key.length ? key.at : NULL, key.length)
		!= 0)
		xsUnknownError("blake2b");
}

void xs_sip_hash(xsMachine* the)
{
	uint8_t* out = argument_exact_writable(the, 0, crypto_shorthash_siphashx24_BYTES);
	struct bytes message = argument_bytes(the, 1);
	uint8_t* key = argument_exact(the, 2, crypto_shorthash_siphashx24_KEYBYTES);
	crypto_shorthash_siphashx24(out, message.at, message.length, key);
}

void xs_sign_key_pair(xsMachine* the)
{
	uint8_t* public_key = argument_exact_writable(the, 0, crypto_sign_ed25519_PUBLICKEYBYTES);
	uint8_t* secret_key = argument_exact_writable(the, 1, crypto_sign_ed25519_SECRETKEYBYTES);
	uint8_t* seed = argument_exact(the, 2, crypto_sign_ed25519_SEEDBYTES);
	uint8_t copy[crypto_sign_ed25519_SEEDBYTES];
	memcpy(copy, seed, sizeof(copy));
	crypto_sign_ed25519_seed_keypair(public_key, secret_key, copy);
	sodium_memzero(copy, sizeof(copy));
}

void xs_sign(xsMachine* the)
{
	uint8_t* signature = argument_exact_writable(the, 0, crypto_sign_ed25519_BYTES);
	struct bytes message = argument_bytes(the, 1);
	uint8_t* secret_key = argument_exact(the, 2, crypto_sign_ed25519_SECRETKEYBYTES);
	refuse_overlap(the, range(signature, crypto_sign_ed25519_BYTES), message);
	refuse_overlap(
		the, range(signature, crypto_sign_ed25519_BYTES), range(secret_key, crypto_sign_ed25519_SECRETKEYBYTES));
	crypto_sign_ed25519_detached(signature, NULL, message.at, message.length, secret_key);
}

void xs_verify(xsMachine* the)
{
	uint8_t* signature = argument_exact(the, 0, crypto_sign_ed25519_BYTES);
	struct bytes message = argument_bytes(the, 1);
	uint8_t* public_key = argument_exact(the, 2, crypto_sign_ed25519_PUBLICKEYBYTES);
	int good = crypto_sign_ed25519_verify_detached(signature, message.at, message.length, public_key) == 0;
	xsmcSetBoolean(xsResult, good);
}

void xs_box_key_pair(xsMachine* the)
{
	uint8_t* public_key = argument_exact_writable(the, 0, crypto_box_PUBLICKEYBYTES);
	uint8_t* secret_key = argument_exact_writable(the, 1, crypto_box_SECRETKEYBYTES);
	uint8_t* seed = argument_exact(the, 2, crypto_box_SEEDBYTES);
	crypto_box_seed_keypair(public_key, secret_key, seed);
}

void xs_x25519(xsMachine* the)
{
	uint8_t* out = argument_exact_writable(the, 0, crypto_scalarmult_curve25519_BYTES);
	uint8_t* scalar = argument_exact(the, 1, crypto_scalarmult_curve25519_SCALARBYTES);
	uint8_t* point = argument_exact(the, 2, crypto_scalarmult_curve25519_BYTES);
	uint8_t result[crypto_scalarmult_curve25519_BYTES] = { 0 };
	int good = crypto_scalarmult_curve25519(result, scalar, point) == 0;
	if (good)
		memcpy(out, result, sizeof(result));
	else
		memset(out, 0, sizeof(result));
	sodium_memzero(result, sizeof(result));
	xsmcSetBoolean(xsResult, good);
}

/* BLAKE2b-24(ephemeral || recipient), as libsodium's crypto_box_seal derives it. */
static void seal_nonce(uint8_t nonce[crypto_box_NONCEBYTES], const uint8_t* ephemeral, const uint8_t* recipient)
{
	crypto_generichash_blake2b_state state;
	crypto_generichash_blake2b_init(&state, NULL, 0, crypto_box_NONCEBYTES);
	crypto_generichash_blake2b_update(&state, ephemeral, crypto_box_PUBLICKEYBYTES);
	crypto_generichash_blake2b_update(&state, recipient, crypto_box_PUBLICKEYBYTES);
	crypto_generichash_blake2b_final(&state, nonce, crypto_box_NONCEBYTES);
}

int seal_box(uint8_t* out, const uint8_t* message, size_t length, const uint8_t* recipient, const uint8_t* seed)
{
	static uint8_t opened[SEAL_MESSAGE_MAX];
	uint8_t ephemeral[crypto_box_PUBLICKEYBYTES];
	uint8_t secret[crypto_box_SECRETKEYBYTES];
	uint8_t nonce[crypto_box_NONCEBYTES];
	uint8_t* box = out + sizeof(ephemeral);
	size_t box_length = length + crypto_box_MACBYTES;
	int good;
	crypto_box_seed_keypair(ephemeral, secret, seed);
	seal_nonce(nonce, ephemeral, recipient);
	memcpy(out, ephemeral, sizeof(ephemeral));
	good = crypto_box_easy(box, message, length, nonce, recipient, secret) == 0;

	/*
	 * What is sealed is gone for good when the box cannot be opened: open it as the recipient would, with a shared key
	 * computed anew.
	 */
	if (good)
		good = crypto_box_open_easy(opened, box, box_length, nonce, recipient, secret) == 0;
	if (good)
		good = length == 0 || sodium_memcmp(opened, message, length) == 0;
	sodium_memzero(opened, length);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(nonce, sizeof(nonce));
	if (!good)
		memset(out, 0, length + crypto_box_SEALBYTES);
	return good;
}

void xs_seal(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	struct bytes message = argument_bytes(the, 1);
	uint8_t* recipient = argument_exact(the, 2, crypto_box_PUBLICKEYBYTES);
	uint8_t* seed = argument_exact(the, 3, crypto_box_SEEDBYTES);
	if (message.length > SEAL_MESSAGE_MAX)
		xsRangeError("argument 2: at most %d bytes expected", SEAL_MESSAGE_MAX);
	if (out.length != message.length + crypto_box_SEALBYTES)
		xsRangeError("argument 1: %d bytes expected", (int)(message.length + crypto_box_SEALBYTES));
	refuse_overlap(the, out, message);
	refuse_overlap(the, out, range(recipient, crypto_box_PUBLICKEYBYTES));
	refuse_overlap(the, out, range(seed, crypto_box_SEEDBYTES));
	xsmcSetBoolean(xsResult, seal_box(out.at, message.at, message.length, recipient, seed));
}

void xs_seal_open(xsMachine* the)
{
	struct bytes out = argument_writable(the, 0);
	struct bytes box = argument_bytes(the, 1);
	uint8_t* public_key = argument_exact(the, 2, crypto_box_PUBLICKEYBYTES);
	uint8_t* secret_key = argument_exact(the, 3, crypto_box_SECRETKEYBYTES);
	int good;
	if (box.length < crypto_box_SEALBYTES)
		xsRangeError("argument 2: at least %d bytes expected", (int)crypto_box_SEALBYTES);
	if (out.length != box.length - crypto_box_SEALBYTES)
		xsRangeError("argument 1: %d bytes expected", (int)(box.length - crypto_box_SEALBYTES));
	refuse_overlap(the, out, box);
	refuse_overlap(the, out, range(public_key, crypto_box_PUBLICKEYBYTES));
	refuse_overlap(the, out, range(secret_key, crypto_box_SECRETKEYBYTES));
	good = crypto_box_seal_open(out.at, box.at, box.length, public_key, secret_key) == 0;
	if (!good && out.length > 0)
		memset(out.at, 0, out.length);
	xsmcSetBoolean(xsResult, good);
}

void xs_hmac_sha256(xsMachine* the)
{
	uint8_t* out = argument_exact_writable(the, 0, crypto_auth_hmacsha256_BYTES);
	struct bytes key = argument_bytes(the, 1);
	struct bytes message = argument_bytes(the, 2);
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, key.at, key.length);
	crypto_auth_hmacsha256_update(&state, message.at, message.length);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

/* ChaCha20-Poly1305 of RFC 8439, both ways: the longer of the two holds the tag behind the other one. */
struct aead {
	struct bytes out;
	struct bytes in;
	struct bytes data;
	uint8_t* nonce;
	uint8_t* key;
};

static struct aead aead_arguments(xsMachine* the)
{
	struct aead aead;
	aead.out = argument_writable(the, 0);
	aead.in = argument_bytes(the, 1);
	aead.data = argument_bytes(the, 2);
	aead.nonce = argument_exact(the, 3, crypto_aead_chacha20poly1305_ietf_NPUBBYTES);
	aead.key = argument_exact(the, 4, crypto_aead_chacha20poly1305_ietf_KEYBYTES);
	refuse_overlap(the, aead.out, aead.in);
	refuse_overlap(the, aead.out, aead.data);
	refuse_overlap(the, aead.out, range(aead.nonce, crypto_aead_chacha20poly1305_ietf_NPUBBYTES));
	refuse_overlap(the, aead.out, range(aead.key, crypto_aead_chacha20poly1305_ietf_KEYBYTES));
	return aead;
}

void xs_encrypt(xsMachine* the)
{
	struct aead aead = aead_arguments(the);
	if (aead.out.length != aead.in.length + crypto_aead_chacha20poly1305_ietf_ABYTES)
		xsRangeError("argument 1: %d bytes expected", (int)(aead.in.length + crypto_aead_chacha20poly1305_ietf_ABYTES));
	crypto_aead_chacha20poly1305_ietf_encrypt(
		aead.out.at, NULL, aead.in.at, aead.in.length, aead.data.at, aead.data.length, NULL, aead.nonce, aead.key);
}

void xs_decrypt(xsMachine* the)
{
	struct aead aead = aead_arguments(the);
	int good;
	if (aead.in.length < crypto_aead_chacha20poly1305_ietf_ABYTES)
		xsRangeError("argument 2: at least %d bytes expected", (int)crypto_aead_chacha20poly1305_ietf_ABYTES);
	if (aead.out.length != aead.in.length - crypto_aead_chacha20poly1305_ietf_ABYTES)
		xsRangeError("argument 1: %d bytes expected", (int)(aead.in.length - crypto_aead_chacha20poly1305_ietf_ABYTES));
	/* libsodium computes and compares the tag before it deciphers, and zeroes the output when they differ */
	good = crypto_aead_chacha20poly1305_ietf_decrypt(aead.out.at, NULL, NULL, aead.in.at, aead.in.length, aead.data.at,
			   aead.data.length, aead.nonce, aead.key)
		== 0;
	xsmcSetBoolean(xsResult, good);
}
