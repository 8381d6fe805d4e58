/*
 * The image of a role: one file with the byte code of every module. Little endian.
 *
 *   image   = "SNDGHXS2" u32 module_count, symbols, modules; the first is the entry
 *   symbols = u32 length, u16 count, count - 1 strings closed by NUL, zeros up to a multiple of 4
 *   module  = u32 name_length (with the closing NUL) u32 code_length u32 hosts_length,
 *             then the three of them in that order, then zeros up to a multiple of 4
 *
 * name: the module's specifier, its path in the repository without extension. code and hosts: as the XS coder writes
 * them (hosts: empty, or u16 count, then {i8 argument count, u16 symbol, name of the C function closed by NUL}), with
 * the numbers of the image's symbols, which begin at 1.
 */
#ifndef SANDOGH_IMAGE_H
#define SANDOGH_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* Byte code is of one engine: the build names another magic for another one. */
#ifndef IMAGE_MAGIC
#define IMAGE_MAGIC "SNDGHXS2"
#endif
#define IMAGE_MODULES_MAX 1024
#define IMAGE_NAME_MAX 200

struct image_module {
	const char* name;
	const uint8_t* code;
	const uint8_t* hosts;
	uint32_t code_length;
	uint32_t hosts_length;
};

struct image {
	uint32_t count;
	/* Strings closed by NUL, one behind the other. */
	const char* symbols;
	uint32_t symbols_count;
	struct image_module modules[IMAGE_MODULES_MAX];
};

/* Reads the table of `bytes`, which must stay where they are. Returns NULL, or what is wrong with them. */
const char* image_open(struct image* image, const uint8_t* bytes, size_t length);

/* NULL when the image has no such module. */
const struct image_module* image_find(const struct image* image, const char* name);

#endif
