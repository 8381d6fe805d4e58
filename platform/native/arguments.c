#include "arguments.h"

#include <math.h>

static struct bytes get(xsMachine* the, int index, int writable)
{
	void* data = NULL;
	xsUnsignedValue count = 0;
	struct bytes bytes;
	if (index >= xsmcArgc)
		xsTypeError("argument %d is missing", index + 1);
	if (writable)
		xsmcGetBufferWritable(xsArg(index), &data, &count);
	else
		xsmcGetBufferReadable(xsArg(index), &data, &count);
	bytes.at = data;
	bytes.length = count;
	return bytes;
}

struct bytes argument_bytes(xsMachine* the, int index)
{
	return get(the, index, 0);
}

struct bytes argument_writable(xsMachine* the, int index)
{
	return get(the, index, 1);
}

static uint8_t* exact(xsMachine* the, int index, size_t length, int writable)
{
	struct bytes bytes = get(the, index, writable);
	if (bytes.length != length)
		xsRangeError("argument %d: %d bytes expected", index + 1, (int)length);
	return bytes.at;
}

uint8_t* argument_exact(xsMachine* the, int index, size_t length)
{
	return exact(the, index, length, 0);
}

uint8_t* argument_exact_writable(xsMachine* the, int index, size_t length)
{
	return exact(the, index, length, 1);
}

struct words argument_words(xsMachine* the, int index, struct bytes bytes)
{
	struct words words = { (int32_t*)(void*)bytes.at, bytes.length / 4 };
	if (((uintptr_t)bytes.at & 3) != 0)
		xsRangeError("argument %d: not at a whole word", index + 1);
	return words;
}

double argument_whole(xsMachine* the, int index)
{
	double value;
	int type;
	if (index >= xsmcArgc)
		xsTypeError("argument %d is missing", index + 1);
	type = xsmcTypeOf(xsArg(index));
	if (type != xsIntegerType && type != xsNumberType)
		xsTypeError("argument %d: not a number", index + 1);
	value = xsmcToNumber(xsArg(index));
	if (!(value >= -9007199254740992.0 && value <= 9007199254740992.0) || value != trunc(value))
		xsTypeError("argument %d: not a whole number", index + 1);
	return value;
}

int32_t argument_range(xsMachine* the, int index, int32_t min, int32_t max)
{
	double value;
	/* nearly every argument is an integer: without a floating point unit the way over a double is ten times as long */
	if (index < xsmcArgc && xsmcTypeOf(xsArg(index)) == xsIntegerType) {
		int32_t integer = xsmcToInteger(xsArg(index));
		if (integer < min || integer > max)
			xsRangeError("argument %d: out of range", index + 1);
		return integer;
	}
	value = argument_whole(the, index);
	if (value < min || value > max)
		xsRangeError("argument %d: out of range", index + 1);
	return (int32_t)value;
}

int bytes_overlap(struct bytes a, struct bytes b)
{
	uintptr_t a_at = (uintptr_t)a.at;
	uintptr_t b_at = (uintptr_t)b.at;
	return a.length > 0 && b.length > 0 && a_at < b_at + b.length && b_at < a_at + a.length;
}
