/*
 * Plugin of the emulator (QEMU's TCG plugin interface, version 1): counts the work of the board in instructions, as
 * wait.c does, and
 *
 *   begin=ADDRESS,end=ADDRESS   of board_begin_wait and board_end_wait: nothing in between is work
 *   cut=N                       the power goes when N instructions of work are done: exit code 99 at once
 *   hang=N                      the watchdog: exit code 97 when N instructions of work were done without a wait
 *   profile=FILE                at a regular end, one line for each block of code that ran: address, instructions done in it
 *   stacks=FILE                 at a regular end, one line for each stack of JavaScript functions that was seen: names, outermost first, instructions
 *   ram=FILE,machine=ADDRESS    for it: the board's RAM, and the variable of the host that points at the engine's machine
 *   from=N,to=N                 only work in this window counts for the profiles
 *   caches=FILE and others      what the caches of an ESP32-S3 would fetch: memories.h
 *
 * Numbers are decimal or 0x hexadecimal. Blocks are the unit: a cut comes with the first block that begins at or after
 * the N-th instruction. Debian ships QEMU without its header, so the part of the interface that is used is declared
 * here.
 */
#include "memories.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
extern void qemu_plugin_register_vcpu_tb_trans_cb(
	qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb*));
extern void qemu_plugin_register_vcpu_tb_exec_cb(
	struct qemu_plugin_tb* tb, void (*cb)(unsigned, void*), enum qemu_plugin_cb_flags flags, void* data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb* tb);
struct qemu_plugin_insn;
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };
typedef uint32_t qemu_plugin_meminfo_t;
extern struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb* tb, size_t index);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn* insn);
extern unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
extern _Bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
extern void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn* insn,
	void (*cb)(unsigned, qemu_plugin_meminfo_t, uint64_t, void*), enum qemu_plugin_cb_flags flags,
	enum qemu_plugin_mem_rw rw, void* data);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, void*), void* data);

#define EXIT_CUT 99
#define EXIT_HANG 97
#define BLOCKS_MAX 262144

/* The version of the interface that is used. */
__attribute__((visibility("default"))) int qemu_plugin_version = 1;

struct block {
	uint64_t at;
	uint64_t instructions;
	uint64_t done;
	uint32_t length;
	int iram;
};

static struct block blocks[BLOCKS_MAX];
static size_t block_count;
static uint64_t begin_at;
static uint64_t end_at;
static uint64_t cut_at = UINT64_MAX;
static uint64_t hang_after = UINT64_MAX;
static uint64_t from;
static uint64_t to = UINT64_MAX;
static const char* profile_path;

/*
 * Stacks of JavaScript are looked at once in so many instructions. The layout is that of the engine (sxMachine and
 * sxSlot of xsAll.h, version 13.3) with 32-bit pointers and 16-bit ids; no address is followed that is not in RAM.
 */
#define LOOK_EVERY 2003
#define STACKS_MAX 65536
#define DEPTH_MAX 32
#define RAM_START 0x80000000u
#define RAM_LENGTH 0x800000u
#define MACHINE_FRAME 8
#define MACHINE_KEYS 112
#define SLOT_LENGTH 16
#define SLOT_ID 6
#define SLOT_VALUE 8
#define KIND_REFERENCE 10

struct stack {
	uint64_t looks;
	int depth;
	uint16_t names[DEPTH_MAX];
};

static struct stack stacks[STACKS_MAX];
static const char* stacks_path;
static const char* ram_path;
static const uint8_t* ram;
static uint32_t machine_at;
static uint64_t next_look;

static uint64_t work;
static uint64_t work_at_wait;
static int is_waiting;

static uint32_t word_at(uint32_t address)
{
	uint32_t word = 0;
	if (address >= RAM_START && address - RAM_START <= RAM_LENGTH - 4)
		memcpy(&word, ram + (address - RAM_START), 4);
	return word;
}

/* Of the function that a frame runs, 0: none. */
static uint16_t name_of(uint32_t frame)
{
	uint32_t function = frame + 3 * SLOT_LENGTH;
	if ((word_at(function + 4) & 0xff) != KIND_REFERENCE)
		return 0;
	return (uint16_t)(word_at(word_at(word_at(function + SLOT_VALUE)) + 4) >> 16);
}

static void look(void)
{
	struct stack seen = { 1, 0, { 0 } };
	uint32_t machine = word_at(machine_at);
	uint32_t frame = word_at(machine + MACHINE_FRAME);
	uint32_t hash = 0;
	for (; frame != 0 && machine != 0 && seen.depth < DEPTH_MAX; frame = word_at(frame)) {
		seen.names[seen.depth++] = name_of(frame);
		hash = hash * 31 + seen.names[seen.depth - 1];
	}
	for (hash = (hash ^ (hash >> 16)) % STACKS_MAX; stacks[hash].looks > 0; hash = (hash + 1) % STACKS_MAX)
		if (stacks[hash].depth == seen.depth && memcmp(stacks[hash].names, seen.names, sizeof(seen.names)) == 0) {
			stacks[hash].looks++;
			return;
		}
	stacks[hash] = seen;
}

static void run_block(unsigned cpu, void* data)
{
	struct block* block = data;
	(void)cpu;
	if (block->at == begin_at)
		is_waiting = 1;
	else if (block->at == end_at) {
		is_waiting = 0;
		work_at_wait = work;
	}
	if (is_waiting)
		return;
	if (work >= cut_at) {
		fprintf(stderr, "cut: after %" PRIu64 " instructions, before %08" PRIx64 "\n", work, block->at);
		_exit(EXIT_CUT);
	}
	if (work - work_at_wait > hang_after) {
		fprintf(stderr, "watchdog: no wait for %" PRIu64 " instructions, at %08" PRIx64 "\n", hang_after, block->at);
		_exit(EXIT_HANG);
	}
	if (memories_file) {
		memories_at(work);
		memories_run((uint32_t)block->at, block->length, block->iram);
	}
	work += block->instructions;
	if (work >= from && work < to) {
		block->done += block->instructions;
		if (ram && work >= next_look) {
			next_look = work + LOOK_EVERY;
			look();
		}
	}
}

static void touch(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void* data)
{
	(void)cpu;
	(void)data;
	if (!is_waiting)
		memories_touch((uint32_t)address, 1u << qemu_plugin_mem_size_shift(info), qemu_plugin_mem_is_store(info));
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb* tb)
{
	struct block* block;
	size_t index;
	(void)id;
	if (block_count == BLOCKS_MAX) {
		fprintf(stderr, "lockstep: more than %d blocks\n", BLOCKS_MAX);
		_exit(1);
	}
	block = &blocks[block_count++];
	block->at = qemu_plugin_tb_vaddr(tb);
	block->instructions = qemu_plugin_tb_n_insns(tb);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, run_block, QEMU_PLUGIN_CB_NO_REGS, block);
	if (!memories_file)
		return;
	block->iram = is_iram((uint32_t)block->at);
	for (index = 0; index < block->instructions; index++) {
		struct qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(tb, index);
		block->length += (uint32_t)qemu_plugin_insn_size(insn);
		qemu_plugin_register_vcpu_mem_cb(insn, touch, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
	}
}

static void write_stacks(void)
{
	FILE* file = fopen(stacks_path, "w");
	uint32_t keys = word_at(word_at(machine_at) + MACHINE_KEYS);
	size_t index;
	int depth;
	if (!file)
		return;
	for (index = 0; index < STACKS_MAX; index++) {
		if (stacks[index].looks == 0)
			continue;
		for (depth = stacks[index].depth - 1; depth >= 0; depth--) {
			uint16_t name = stacks[index].names[depth];
			uint32_t text = name == 0 ? 0 : word_at(word_at(keys + 4 * name) + SLOT_VALUE);
			fputs(text >= RAM_START && text < RAM_START + RAM_LENGTH - 64 ? (const char*)ram + (text - RAM_START) : "?",
				file);
			fputc(depth > 0 ? ';' : ' ', file);
		}
		fprintf(file, "%" PRIu64 "\n", stacks[index].looks * LOOK_EVERY);
	}
	fclose(file);
}

static void finish(qemu_plugin_id_t id, void* data)
{
	FILE* file;
	size_t index;
	(void)id;
	(void)data;
	if (ram)
		write_stacks();
	if (memories_file) {
		memories_tell(work);
		fclose(memories_file);
	}
	file = profile_path ? fopen(profile_path, "w") : NULL;
	if (!file)
		return;
	for (index = 0; index < block_count; index++)
		if (blocks[index].done > 0)
			fprintf(file, "%08" PRIx64 " %" PRIu64 "\n", blocks[index].at, blocks[index].done);
	fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(
	qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv)
{
	int index;
	(void)info;
	for (index = 0; index < argc; index++) {
		char* value = strchr(argv[index], '=');
		uint64_t number;
		if (!value)
			return 1;
		*value++ = 0;
		number = strtoull(value, NULL, 0);
		if (strcmp(argv[index], "begin") == 0)
			begin_at = number;
		else if (strcmp(argv[index], "end") == 0)
			end_at = number;
		else if (strcmp(argv[index], "cut") == 0)
			cut_at = number;
		else if (strcmp(argv[index], "hang") == 0)
			hang_after = number;
		else if (strcmp(argv[index], "from") == 0)
			from = number;
		else if (strcmp(argv[index], "to") == 0)
			to = number;
		else if (strcmp(argv[index], "profile") == 0)
			profile_path = strdup(value);
		else if (strcmp(argv[index], "stacks") == 0)
			stacks_path = strdup(value);
		else if (strcmp(argv[index], "ram") == 0)
			ram_path = strdup(value);
		else if (strcmp(argv[index], "machine") == 0)
			machine_at = (uint32_t)number;
		else if (!memories_option(argv[index], value))
			return 1;
	}
	if (caches_path && !(memories_file = fopen(caches_path, "w")))
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	if (stacks_path && ram_path) {
		int file = open(ram_path, O_RDONLY);
		const void* mapped = file < 0 ? MAP_FAILED : mmap(NULL, RAM_LENGTH, PROT_READ, MAP_SHARED, file, 0);
		if (mapped == MAP_FAILED)
			return 1;
		ram = mapped;
		close(file);
	}
	if (profile_path || ram || memories_file)
		qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}
