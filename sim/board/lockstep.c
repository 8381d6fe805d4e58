/*
 * Plugin of the emulator (QEMU's TCG plugin interface, version 1): counts the work of the board in instructions, as count.c does, and
 *
 *   begin=ADDRESS,end=ADDRESS   of board_begin_wait and board_end_wait: nothing in between is work
 *   cut=N                       the power goes when N instructions of work are done: exit code 99 at once
 *   hang=N                      the watchdog: exit code 97 when N instructions of work were done without a wait
 *   profile=FILE                at a regular end, one line for each block of code that ran: address, instructions done in it
 *   from=N,to=N                 only work in this window counts for the profile
 *
 * Numbers are decimal or 0x hexadecimal. Blocks are the unit: a cut comes with the first block that begins at or after the N-th instruction.
 * Debian ships QEMU without its header, so the part of the interface that is used is declared here.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb*));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb* tb, void (*cb)(unsigned, void*), enum qemu_plugin_cb_flags flags, void* data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb* tb);
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

static uint64_t work;
static uint64_t work_at_wait;
static int is_waiting;

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
	work += block->instructions;
	if (work >= from && work < to)
		block->done += block->instructions;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb* tb)
{
	struct block* block;
	(void)id;
	if (block_count == BLOCKS_MAX) {
		fprintf(stderr, "lockstep: more than %d blocks\n", BLOCKS_MAX);
		_exit(1);
	}
	block = &blocks[block_count++];
	block->at = qemu_plugin_tb_vaddr(tb);
	block->instructions = qemu_plugin_tb_n_insns(tb);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, run_block, QEMU_PLUGIN_CB_NO_REGS, block);
}

static void finish(qemu_plugin_id_t id, void* data)
{
	FILE* file = fopen(profile_path, "w");
	size_t index;
	(void)id;
	(void)data;
	if (!file)
		return;
	for (index = 0; index < block_count; index++)
		if (blocks[index].done > 0)
			fprintf(file, "%08" PRIx64 " %" PRIu64 "\n", blocks[index].at, blocks[index].done);
	fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv)
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
		else
			return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	if (profile_path)
		qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}
