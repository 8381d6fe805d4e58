/*
 * The C library's memcpy, memmove and memset go byte by byte when it is built for size; on this board they were a fifth
 * of all work. These go by words where both ends can.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* May alias anything: the bytes that are moved have types of their own. */
typedef uint32_t __attribute__((may_alias)) word;

#define WORD sizeof(word)
#define BLOCK (8 * WORD)
/* A picture's band is 80 KB: the loop's own instructions count. */
#define LARGE (4 * BLOCK)

static inline void copy_block(uint8_t* out, const uint8_t* in)
{
	word* o = (word*)out;
	const word* i = (const word*)in;
	word a = i[0], b = i[1], c = i[2], d = i[3], e = i[4], f = i[5], g = i[6], h = i[7];
	o[0] = a;
	o[1] = b;
	o[2] = c;
	o[3] = d;
	o[4] = e;
	o[5] = f;
	o[6] = g;
	o[7] = h;
}

/*
 * Not `restrict`: of memmove each block must be read before the next is written; and with it the compiler spills what
 * it reads ahead.
 */
void* memcpy(void* to, const void* from, size_t length)
{
	uint8_t* out = to;
	const uint8_t* in = from;
	if ((((uintptr_t)out ^ (uintptr_t)in) & (WORD - 1)) == 0) {
		for (; length > 0 && ((uintptr_t)out & (WORD - 1)); length--)
			*out++ = *in++;
		for (; length >= LARGE; length -= LARGE, out += LARGE, in += LARGE) {
			copy_block(out, in);
			copy_block(out + BLOCK, in + BLOCK);
			copy_block(out + 2 * BLOCK, in + 2 * BLOCK);
			copy_block(out + 3 * BLOCK, in + 3 * BLOCK);
		}
		for (; length >= BLOCK; length -= BLOCK, out += BLOCK, in += BLOCK)
			copy_block(out, in);
		for (; length >= WORD; length -= WORD, out += WORD, in += WORD)
			*(word*)out = *(const word*)in;
	}
	else if (length >= 2 * WORD) {
		/* The two lie differently within a word: whole words are read and put together. */
		unsigned shift;
		word held;
		for (; (uintptr_t)out & (WORD - 1); length--)
			*out++ = *in++;
		shift = 8 * ((uintptr_t)in & (WORD - 1));
		in -= shift / 8;
		held = *(const word*)in;
		for (; length >= WORD; length -= WORD, out += WORD) {
			word next;
			in += WORD;
			next = *(const word*)in;
			*(word*)out = (held >> shift) | (next << (8 * WORD - shift));
			held = next;
		}
		in += shift / 8;
	}
	for (; length > 0; length--)
		*out++ = *in++;
	return to;
}

void* memmove(void* to, const void* from, size_t length)
{
	uint8_t* out = (uint8_t*)to + length;
	const uint8_t* in = (const uint8_t*)from + length;
	if ((uintptr_t)to - (uintptr_t)from >= length) {
		/* Forward is safe: what is written lies before what is still to be read, or apart from it. */
		uint8_t* o = to;
		const uint8_t* i = from;
		if ((uintptr_t)from - (uintptr_t)to >= BLOCK || (uintptr_t)to > (uintptr_t)from)
			return memcpy(to, from, length);
		for (; length > 0; length--)
			*o++ = *i++;
		return to;
	}
	if ((((uintptr_t)out ^ (uintptr_t)in) & (WORD - 1)) == 0) {
		for (; length > 0 && ((uintptr_t)out & (WORD - 1)); length--)
			*--out = *--in;
		for (; length >= WORD; length -= WORD) {
			out -= WORD;
			in -= WORD;
			*(word*)out = *(const word*)in;
		}
	}
	for (; length > 0; length--)
		*--out = *--in;
	return to;
}

void* memset(void* to, int value, size_t length)
{
	uint8_t* out = to;
	word all = (uint8_t)value * 0x01010101u;
	for (; length > 0 && ((uintptr_t)out & (WORD - 1)); length--)
		*out++ = (uint8_t)value;
	for (; length >= BLOCK; length -= BLOCK, out += BLOCK) {
		word* o = (word*)out;
		o[0] = o[1] = o[2] = o[3] = o[4] = o[5] = o[6] = o[7] = all;
	}
	for (; length >= WORD; length -= WORD, out += WORD)
		*(word*)out = all;
	for (; length > 0; length--)
		*out++ = (uint8_t)value;
	return to;
}
