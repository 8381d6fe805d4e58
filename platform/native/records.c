/*
 * What an interpreter is bad at, over the bytes of flash: firmware/crypto/primitives.ts, from `firstUnlike` on. Each is
 * compared with its TypeScript twin (office/crypto/records.ts) by test/host/records.test.ts.
 */
#include "arguments.h"

#include <sodium/crypto_shorthash_siphash24.h>
#include <sodium/utils.h>

#include <string.h>

#define CHECK_LENGTH crypto_shorthash_siphashx24_BYTES
#define KEY_LENGTH crypto_shorthash_siphashx24_KEYBYTES
#define NUMBER_LENGTH 4
#define RECORD_MAX 65535
/* Bytes under a check. */
#define CHECKED_MAX 8192

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
	xsmcSetInteger(
		xsResult, (xsIntegerValue)(from + (size_t)(first_unlike(range.at, range.at + range.length, value) - range.at)));
}

/* equal(a, b) */
void xs_equal(xsMachine* the)
{
	struct bytes a = argument_bytes(the, 0);
	struct bytes b = argument_bytes(the, 1);
	int same = a.length == b.length && (a.length == 0 || sodium_memcmp(a.at, b.at, a.length) == 0);
	xsmcSetBoolean(xsResult, same);
}

/* find(bytes, wanted, from) */
void xs_find_piece(xsMachine* the)
{
	size_t from = (size_t)argument_range(the, 2, 0, INT32_MAX);
	struct bytes bytes = argument_bytes(the, 0);
	struct bytes wanted = argument_bytes(the, 1);
	size_t at;
	xsIntegerValue found = -1;
	if (wanted.length == 0 || bytes.length % wanted.length != 0 || from > bytes.length / wanted.length)
		xsRangeError("pieces of one length expected");
	for (at = from * wanted.length; at < bytes.length && found < 0; at += wanted.length)
		if (bytes.at[at] == wanted.at[0] && memcmp(bytes.at + at, wanted.at, wanted.length) == 0)
			found = (xsIntegerValue)(at / wanted.length);
	xsmcSetInteger(xsResult, found);
}

/* count(bytes, value) */
void xs_count(xsMachine* the)
{
	uint8_t value = (uint8_t)argument_range(the, 1, 0, 255);
	struct bytes bytes = argument_bytes(the, 0);
	size_t at;
	xsIntegerValue count = 0;
	for (at = 0; at < bytes.length; at++)
		count += bytes.at[at] == value;
	xsmcSetInteger(xsResult, count);
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

/* A record's bytes and its number behind them. */
static uint8_t checked[CHECKED_MAX + NUMBER_LENGTH];

/* review(verdicts, a, b, head, checkAt, checkLength, tail, number, key) */
void xs_review(xsMachine* the)
{
	size_t head = (size_t)argument_range(the, 3, 0, RECORD_MAX);
	size_t check_at = (size_t)argument_range(the, 4, 0, CHECKED_MAX);
	size_t check_length = (size_t)argument_range(the, 5, 1, CHECK_LENGTH);
	size_t tail = (size_t)argument_range(the, 6, 0, RECORD_MAX);
	int32_t number = argument_range(the, 7, -1, INT32_MAX - RECORD_MAX);
	struct bytes verdicts = argument_writable(the, 0);
	struct bytes a = argument_bytes(the, 1);
	struct bytes b = argument_bytes(the, 2);
	const uint8_t* key = argument_exact(the, 8, KEY_LENGTH);
	size_t stride = verdicts.length == 0 ? 0 : a.length / verdicts.length;
	size_t index;
	if (verdicts.length == 0 || verdicts.length > RECORD_MAX || a.length != b.length
		|| stride * verdicts.length != a.length)
		xsRangeError("records of one length expected");
	if (head > stride || check_at + check_length > stride || tail > stride)
		xsRangeError("parts inside a record expected");
	if (bytes_overlap(verdicts, a) || bytes_overlap(verdicts, b))
		xsTypeError("the output overlaps an input");
	for (index = 0; index < verdicts.length; index++) {
		const uint8_t* one = a.at + index * stride;
		const uint8_t* other = b.at + index * stride;
		uint8_t verdict = VERDICT_OTHER;
		uint8_t check[CHECK_LENGTH];
		if (is_filled(one, head, 0xff) && is_filled(other, head, 0xff) && is_filled(one + stride - tail, tail, 0xff)
			&& is_filled(other + stride - tail, tail, 0xff))
			verdict = VERDICT_FREE;
		else if (memcmp(one, other, stride) == 0) {
			if (is_filled(one, stride, 0))
				verdict = VERDICT_BLANK;
			else if (is_filled(one + stride - tail, tail, 0)) {
				uint32_t at = (uint32_t)number + (uint32_t)index;
				memcpy(checked, one, check_at);
				checked[check_at] = (uint8_t)(at >> 24);
				checked[check_at + 1] = (uint8_t)(at >> 16);
				checked[check_at + 2] = (uint8_t)(at >> 8);
				checked[check_at + 3] = (uint8_t)at;
				crypto_shorthash_siphashx24(check, checked, check_at + (number < 0 ? 0 : NUMBER_LENGTH), key);
				if (sodium_memcmp(check, one + check_at, check_length) == 0)
					verdict = VERDICT_SOUND;
			}
		}
		verdicts.at[index] = verdict;
	}
}

/* fold(sum, verdicts, records, checkAt, key) */
void xs_fold(xsMachine* the)
{
	size_t check_at = (size_t)argument_range(the, 3, 0, CHECKED_MAX);
	uint8_t* sum = argument_exact_writable(the, 0, CHECK_LENGTH);
	struct bytes verdicts = argument_bytes(the, 1);
	struct bytes records = argument_bytes(the, 2);
	const uint8_t* key = argument_exact(the, 4, KEY_LENGTH);
	size_t stride = verdicts.length == 0 ? 0 : records.length / verdicts.length;
	size_t index;
	size_t byte;
	if (verdicts.length == 0 || stride * verdicts.length != records.length || check_at + CHECK_LENGTH > stride)
		xsRangeError("records of one length expected");
	for (index = 0; index < verdicts.length; index++) {
		uint8_t element[CHECK_LENGTH];
		if (verdicts.at[index] != VERDICT_SOUND)
			continue;
		crypto_shorthash_siphashx24(element, records.at + index * stride + check_at, CHECK_LENGTH, key);
		for (byte = 0; byte < CHECK_LENGTH; byte++)
			sum[byte] ^= element[byte];
	}
}
