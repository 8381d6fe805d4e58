#include "image.h"

#include <string.h>

static uint32_t read_u32(const uint8_t* at)
{
	return (uint32_t)at[0] | ((uint32_t)at[1] << 8) | ((uint32_t)at[2] << 16) | ((uint32_t)at[3] << 24);
}

/* The engine reads symbols and hosts up to their NULs without looking at a length, so each must end in one. */
static int ends_in_nul(const uint8_t* bytes, uint32_t length)
{
	return length > 0 && bytes[length - 1] == 0;
}

const char* image_open(struct image* image, const uint8_t* bytes, size_t length)
{
	size_t at = 12;
	uint32_t index;
	if (length < at || memcmp(bytes, IMAGE_MAGIC, 8) != 0)
		return "not an image";
	image->count = read_u32(bytes + 8);
	if (image->count == 0 || image->count > IMAGE_MODULES_MAX)
		return "number of modules";
	for (index = 0; index < image->count; index++) {
		struct image_module* module = &image->modules[index];
		uint32_t name_length;
		uint64_t end;
		if (length - at < 16)
			return "cut short";
		name_length = read_u32(bytes + at);
		module->symbols_length = read_u32(bytes + at + 4);
		module->code_length = read_u32(bytes + at + 8);
		module->hosts_length = read_u32(bytes + at + 12);
		at += 16;
		end = (uint64_t)at + name_length + module->symbols_length + module->code_length + module->hosts_length;
		if (end > length)
			return "cut short";
		module->name = (const char*)bytes + at;
		module->symbols = bytes + at + name_length;
		module->code = module->symbols + module->symbols_length;
		module->hosts = module->code + module->code_length;
		if (name_length > IMAGE_NAME_MAX || !ends_in_nul(bytes + at, name_length))
			return "name of a module";
		if (module->symbols_length < 2 || (module->symbols_length > 2 && !ends_in_nul(module->symbols, module->symbols_length)))
			return "symbols of a module";
		if (module->code_length == 0)
			return "module without code";
		if (module->hosts_length != 0 && (module->hosts_length < 6 || !ends_in_nul(module->hosts, module->hosts_length)))
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
