#include "image.h"

#include <string.h>

static uint32_t read_u32(const uint8_t* at)
{
	return (uint32_t)at[0] | ((uint32_t)at[1] << 8) | ((uint32_t)at[2] << 16) | ((uint32_t)at[3] << 24);
}

/* Names and hosts are read up to their NULs without looking at a length, so each must end in one. */
static int ends_in_nul(const uint8_t* bytes, uint32_t length)
{
	return length > 0 && bytes[length - 1] == 0;
}

const char* image_open(struct image* image, const uint8_t* bytes, size_t length)
{
	size_t at = 16;
	uint32_t symbols_length;
	uint32_t strings = 1;
	uint32_t index;
	if (length < at || memcmp(bytes, IMAGE_MAGIC, 8) != 0)
		return "not an image";
	image->count = read_u32(bytes + 8);
	if (image->count == 0 || image->count > IMAGE_MODULES_MAX)
		return "number of modules";
	symbols_length = read_u32(bytes + 12);
	if (symbols_length < 2 || symbols_length > length - at)
		return "symbols";
	image->symbols = (const char*)bytes + at + 2;
	image->symbols_count = bytes[at] | ((uint32_t)bytes[at + 1] << 8);
	for (index = 2; index < symbols_length; index++)
		strings += bytes[at + index] == 0;
	if (strings != image->symbols_count || (symbols_length > 2 && bytes[at + symbols_length - 1] != 0))
		return "symbols";
	at += ((size_t)symbols_length + 3) & ~(size_t)3;
	if (at > length)
		return "cut short";
	for (index = 0; index < image->count; index++) {
		struct image_module* module = &image->modules[index];
		uint32_t name_length;
		uint64_t end;
		if (length - at < 12)
			return "cut short";
		name_length = read_u32(bytes + at);
		module->code_length = read_u32(bytes + at + 4);
		module->hosts_length = read_u32(bytes + at + 8);
		at += 12;
		end = (uint64_t)at + name_length + module->code_length + module->hosts_length;
		if (end > length)
			return "cut short";
		module->name = (const char*)bytes + at;
		module->code = bytes + at + name_length;
		module->hosts = module->code + module->code_length;
		if (name_length > IMAGE_NAME_MAX || !ends_in_nul(bytes + at, name_length))
			return "name of a module";
		if (module->code_length == 0)
			return "module without code";
		if (module->hosts_length != 0
			&& (module->hosts_length < 6 || !ends_in_nul(module->hosts, module->hosts_length)))
			return "hosts of a module";
		at = (size_t)((end + 3) & ~(uint64_t)3);
		if (at > length)
			return "cut short";
	}
	if (at != length)
		return "bytes after the last module";
	return NULL;
}

const struct image_module* image_find(const struct image* image, const char* name)
{
	uint32_t index;
	for (index = 0; index < image->count; index++)
		if (strcmp(image->modules[index].name, name) == 0)
			return &image->modules[index];
	return NULL;
}
