/* What platform.h asks of Linux: the cable as a Unix socket, files, clock and entropy of the kernel. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* ppoll */
#endif

#include "linux.h"

#include "../xs/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define DISPLAY_SIDE_MAX 4096

static int cable = -1;
static uint8_t* framebuffer;
static uint32_t framebuffer_width;
static uint32_t framebuffer_height;
static const uint8_t* text;
static size_t text_length;

void* platform_arena(size_t length)
{
	void* arena = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return arena == MAP_FAILED ? NULL : arena;
}

uint64_t platform_monotonic_us(void)
{
	static uint64_t start_us = NEVER_US;
	struct timespec now;
	uint64_t now_us;
	clock_gettime(CLOCK_MONOTONIC, &now);
	now_us = (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
	if (start_us == NEVER_US)
		start_us = now_us;
	return now_us - start_us;
}

void platform_entropy(void* out, size_t length)
{
	uint8_t* at = out;
	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);
		if (got < 0) {
			if (errno == EINTR)
				continue;
			platform_report("getrandom failed\n");
			platform_exit(EXIT_CRASH);
		}
		at += got;
		length -= (size_t)got;
	}
}

void platform_report(const char* words)
{
	size_t length = strlen(words);
	while (length > 0) {
		ssize_t put = write(STDERR_FILENO, words, length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return;
		words += put;
		length -= (size_t)put;
	}
}

void (*linux_on_exit)(int code);
void (*linux_on_unplugged)(void);

void platform_exit(int code)
{
	if (linux_on_exit)
		linux_on_exit(code);
	exit(code);
}

static void unplugged(void) __attribute__((noreturn));

static void unplugged(void)
{
	if (linux_on_unplugged)
		linux_on_unplugged();
	platform_exit(EXIT_UNPLUGGED);
}

size_t platform_cable_read(void* buffer, size_t length, uint64_t timeout_us)
{
	for (;;) {
		ssize_t got = recv(cable, buffer, length, timeout_us == NEVER_US ? 0 : MSG_DONTWAIT);
		struct pollfd wait = { cable, POLLIN, 0 };
		struct timespec timeout;
		if (got > 0)
			return (size_t)got;
		if (got == 0)
			unplugged();
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			unplugged();
		if (timeout_us == 0)
			return 0;
		timeout.tv_sec = (time_t)(timeout_us / 1000000u);
		timeout.tv_nsec = (long)(timeout_us % 1000000u) * 1000;
		if (ppoll(&wait, 1, timeout_us == NEVER_US ? NULL : &timeout, NULL) == 0)
			return 0;
	}
}

void platform_cable_write(const void* buffer, size_t length)
{
	const uint8_t* at = buffer;
	while (length > 0) {
		ssize_t put = send(cable, at, length, MSG_NOSIGNAL);
		if (put < 0) {
			struct pollfd wait = { cable, POLLOUT, 0 };
			if (errno == EINTR)
				continue;
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				unplugged();
			poll(&wait, 1, -1);
			continue;
		}
		at += put;
		length -= (size_t)put;
	}
}

uint8_t* platform_framebuffer(uint32_t* width, uint32_t* height)
{
	*width = framebuffer_width;
	*height = framebuffer_height;
	return framebuffer;
}

const uint8_t* platform_text(size_t* length)
{
	*length = text_length;
	return text;
}

void linux_fail(const char* what, const char* which)
{
	fprintf(stderr, "terminal: %s: %s\n", which, what);
	exit(EXIT_CABLE);
}

uint8_t* linux_map(const char* path, size_t* length, int writable)
{
	int file = open(path, writable ? O_RDWR : O_RDONLY);
	struct stat is;
	void* bytes;
	if (file < 0 || fstat(file, &is) != 0)
		linux_fail(strerror(errno), path);
	*length = (size_t)is.st_size;
	if (*length == 0)
		linux_fail("empty", path);
	bytes = mmap(
		NULL, *length, writable ? PROT_READ | PROT_WRITE : PROT_READ, writable ? MAP_SHARED : MAP_PRIVATE, file, 0);
	if (bytes == MAP_FAILED)
		linux_fail(strerror(errno), path);
	close(file);
	return bytes;
}

int linux_plug_in(const char* where)
{
	struct sockaddr_un address;
	if (strncmp(where, "fd:", 3) == 0) {
		int type = 0;
		socklen_t length = sizeof(type);
		cable = atoi(where + 3);
		if (getsockopt(cable, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM)
			linux_fail("not a stream socket", where);
		if (fcntl(cable, F_SETFL, fcntl(cable, F_GETFL) & ~O_NONBLOCK) != 0)
			linux_fail(strerror(errno), where);
		return cable;
	}
	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	if (strlen(where) >= sizeof(address.sun_path))
		linux_fail("path too long for a socket", where);
	memcpy(address.sun_path, where, strlen(where));
	cable = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (cable < 0 || connect(cable, (struct sockaddr*)&address, sizeof(address)) != 0)
		linux_fail(strerror(errno), where);
	return cable;
}

void linux_framebuffer(const char* path, const char* size)
{
	size_t length = 0;
	char rest;
	if (!size || sscanf(size, "%ux%u%c", &framebuffer_width, &framebuffer_height, &rest) != 2 || framebuffer_width == 0
		|| framebuffer_height == 0 || framebuffer_width > DISPLAY_SIDE_MAX || framebuffer_height > DISPLAY_SIDE_MAX)
		linux_fail("--size WIDTHxHEIGHT is wrong or missing", path);
	framebuffer = linux_map(path, &length, 1);
	if (length != 2 * (size_t)framebuffer_width * framebuffer_height)
		linux_fail("not 2 bytes a pixel of --size", path);
}

void linux_text(const char* path)
{
	text = linux_map(path, &text_length, 0);
}

#ifdef SANDOGH_SIMULATION
void linux_seed(const char* hex, const char* option, uint8_t seed[32])
{
	size_t index;
	if (strlen(hex) != 64 || strspn(hex, "0123456789abcdefABCDEF") != 64)
		linux_fail("64 hexadecimal digits expected", option);
	for (index = 0; index < 32; index++) {
		unsigned value = 0;
		sscanf(hex + 2 * index, "%2x", &value);
		seed[index] = (uint8_t)value;
	}
}
#endif
