/*
 * What an interpreter is bad at, over the bytes of flash: firmware/crypto/primitives.ts, from `firstUnlike` on. Each is compared with its TypeScript
 * twin (tools/crypto/records.ts) by test/host/records.test.ts.
 */
#include "arguments.h"

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/utils.h>

#include <string.h>

#define MAC_LENGTH 16
#define RECORD_MAX 65535

enum { VERDICT_FREE, VERDICT_SOUND, VERDICT_OTHER, VERDICT_BLANK };

/* May alias anything. */
typedef uint32_t __attribute__((may_alias)) word;

static const uint8_t* first_unlike(const uint8_t* at, const uint8_t* end, uint8_t value)
{
	const word all = value * 0x01010101u;
	for (; at < end && ((uintptr_t)at & 3) != 0; at++)
		if (*at != value)
			return at;
	while (end - at >= 16) {
		const word* four = (const word*)(const void*)at;
		if (((four[0] ^ all) | (four[1] ^ all) | (four[2] ^ all) | (four[3] ^ all)) != 0)
			break;
		at += 16;
	}
	while (at < end && *at == value)
		at++;
	return at;
}

static int is_filled(const uint8_t* at, size_t length, uint8_t value)
{
	return first_unlike(at, at + length, value) == at + length;
}

/* [from, to) of argument 0, from arguments `index` and the one behind it. */
static struct bytes range_of(xsMachine* the, int index)
{
	size_t from = (size_t)argument_range(the, index, 0, INT32_MAX);
	size_t to = (size_t)argument_range(the, index + 1, 0, INT32_MAX);
	struct bytes bytes = argument_bytes(the, 0);
	if (from > to || to > bytes.length)
		xsRangeError("argument %d: outside the bytes", index + 1);
	bytes.at += from;
	bytes.length = to - from;
	return bytes;
}

/* firstUnlike(bytes, from, to, value) */
void xs_first_unlike(xsMachine* the)
{
	uint8_t value = (uint8_t)argument_range(the, 3, 0, 255);
	size_t from = (size_t)argument_range(the, 1, 0, INT32_MAX);
	struct bytes range = range_of(the, 1);
	xsmcSetInteger(xsResult, (xsIntegerValue)(from + (size_t)(first_unlike(range.at, range.at + range.length, value) - range.at)));
}

/* equal(a, b) */
void xs_equal(xsMachine* the)
{
	struct bytes a = argument_bytes(the, 0);
	struct bytes b = argument_bytes(the, 1);
	int same = a.length == b.length && (a.length == 0 || sodium_memcmp(a.at, b.at, a.length) == 0);
	xsmcSetBoolean(xsResult, same);
}

/* zeroBits(bytes, from, to) */
void xs_zero_bits(xsMachine* the)
{
	struct bytes range = range_of(the, 1);
	size_t index;
	uint32_t zeros = 0;
	for (index = 0; index < range.length; index++) {
		uint32_t bits = (uint8_t)~range.at[index];
		for (; bits != 0; bits &= bits - 1)
			zeros++;
	}
	xsmcSetNumber(xsResult, (double)zeros);
}

/* A key before which nothing of a message has been hashed. */
static void begin_mac(xsMachine* the, crypto_generichash_blake2b_state* state, struct bytes key)
{
	if (key.length < crypto_generichash_blake2b_KEYBYTES_MIN || key.length > crypto_generichash_blake2b_KEYBYTES_MAX)
		xsRangeError("a key of 16 to 64 bytes expected");
	crypto_generichash_blake2b_init(state, key.at, key.length, MAC_LENGTH);
}

static void end_mac(const crypto_generichash_blake2b_state* begun, const uint8_t* message, size_t length, const uint8_t* rest, size_t rest_length, uint8_t mac[MAC_LENGTH])
{
	/* Of the key it holds what `final` leaves, nothing. */
	crypto_generichash_blake2b_state state = *begun;
	crypto_generichash_blake2b_update(&state, message, length);
	crypto_generichash_blake2b_update(&state, rest, rest_length);
	crypto_generichash_blake2b_final(&state, mac, MAC_LENGTH);
}

/* review(verdicts, a, b, head, checkAt, checkLength, tail, number, key) */
void xs_review(xsMachine* the)
{
	size_t head = (size_t)argument_range(the, 3, 0, RECORD_MAX);
	size_t check_at = (size_t)argument_range(the, 4, 0, RECORD_MAX);
	size_t check_length = (size_t)argument_range(the, 5, 1, MAC_LENGTH);
	size_t tail = (size_t)argument_range(the, 6, 0, RECORD_MAX);
	int32_t number = argument_range(the, 7, -1, INT32_MAX - RECORD_MAX);
	struct bytes verdicts = argument_writable(the, 0);
	struct bytes a = argument_bytes(the, 1);
	struct bytes b = argument_bytes(the, 2);
	struct bytes key = argument_bytes(the, 8);
	size_t stride = verdicts.length == 0 ? 0 : a.length / verdicts.length;
	crypto_generichash_blake2b_state begun;
	size_t index;
	if (verdicts.length == 0 || verdicts.length > RECORD_MAX || a.length != b.length || stride * verdicts.length != a.length)
		xsRangeError("records of one length expected");
	if (head > stride || check_at + check_length > stride || tail > stride)
		xsRangeError("parts inside a record expected");
	if (bytes_overlap(verdicts, a) || bytes_overlap(verdicts, b))
		xsTypeError("the output overlaps an input");
	begin_mac(the, &begun, key);
	for (index = 0; index < verdicts.length; index++) {
		const uint8_t* one = a.at + index * stride;
		const uint8_t* other = b.at + index * stride;
		uint8_t verdict = VERDICT_OTHER;
		uint8_t mac[MAC_LENGTH];
		uint8_t place[4];
		if (is_filled(one, head, 0xff) && is_filled(other, head, 0xff) && is_filled(one + stride - tail, tail, 0xff) && is_filled(other + stride - tail, tail, 0xff))
			verdict = VERDICT_FREE;
		else if (memcmp(one, other, stride) == 0) {
			if (is_filled(one, stride, 0))
				verdict = VERDICT_BLANK;
			else if (is_filled(one + stride - tail, tail, 0)) {
				uint32_t at = (uint32_t)number + (uint32_t)index;
				place[0] = (uint8_t)(at >> 24);
				place[1] = (uint8_t)(at >> 16);
				place[2] = (uint8_t)(at >> 8);
				place[3] = (uint8_t)at;
				end_mac(&begun, one, check_at, place, number < 0 ? 0 : sizeof(place), mac);
				if (sodium_memcmp(mac, one + check_at, check_length) == 0)
					verdict = VERDICT_SOUND;
			}
		}
		verdicts.at[index] = verdict;
	}
	sodium_memzero(&begun, sizeof(begun));
}

/* fold(sum, verdicts, records, key) */
void xs_fold(xsMachine* the)
{
	uint8_t* sum = argument_exact_writable(the, 0, MAC_LENGTH);
	struct bytes verdicts = argument_bytes(the, 1);
	struct bytes records = argument_bytes(the, 2);
	struct bytes key = argument_bytes(the, 3);
	size_t stride = verdicts.length == 0 ? 0 : records.length / verdicts.length;
	crypto_generichash_blake2b_state begun;
	size_t index;
	int byte;
	if (verdicts.length == 0 || stride * verdicts.length != records.length || stride < 2)
		xsRangeError("records of one length expected");
	for (index = 0; index < verdicts.length; index++)
		if (verdicts.at[index] == VERDICT_SOUND && 2 + (((size_t)records.at[index * stride] << 8) | records.at[index * stride + 1]) > stride)
			xsRangeError("a record that is longer than its place");
	begin_mac(the, &begun, key);
	for (index = 0; index < verdicts.length; index++) {
		const uint8_t* record = records.at + index * stride;
		uint8_t mac[MAC_LENGTH];
		if (verdicts.at[index] != VERDICT_SOUND)
			continue;
		end_mac(&begun, record + 2, ((size_t)record[0] << 8) | record[1], NULL, 0, mac);
		for (byte = 0; byte < MAC_LENGTH; byte++)
			sum[byte] ^= mac[byte];
	}
	sodium_memzero(&begun, sizeof(begun));
}
