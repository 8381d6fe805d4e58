/*
 * The compiler: JavaScript modules to XS byte code, at build time and on the developer's machine only.
 *
 *   xsc LIST       each line of LIST is "specifier <TAB> input.js <TAB> output.xsb"
 *   xsc LIST bare  the same without lines
 *   xsc --version  the engine's, which byte code is bound to
 *
 * An output is one module:
 *
 *   u32 name_length (with the closing NUL) u32 symbols_length u32 code_length u32 hosts_length u32 ids_length, then the five of them in that order
 *
 * symbols, code and hosts: as the XS coder writes them (symbols: u16 count, then count - 1 strings closed by NUL;
 * hosts: empty, or u16 count, then {i8 argument count, u16 symbol, name of the C function closed by NUL}). ids: u32 for
 * each place in the code that holds a symbol's number. tools/build/image.ts makes an image of them. Exit code 1 with
 * "input:line: message" on stderr for each error.
 */
#include "xsAll.h"
#include "xsScript.h"

#include <stdio.h>

#define LINE_MAX_LENGTH 4096

static const char* input_path;
static int failures;

static void report(void* console, txString path, txInteger line, txString format, c_va_list arguments)
{
	(void)console;
	(void)path;
	failures++;
	fprintf(stderr, "%s:%d: ", input_path, (int)line);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
}

static void write_u32(FILE* file, uint32_t value)
{
	int index;
	for (index = 0; index < 4; index++)
		fputc((int)(value >> (8 * index)) & 0xff, file);
}

/* Places in the code that hold a symbol's number. */
static uint32_t* ids;
static size_t ids_count;
static size_t ids_room;

static void note_id(size_t at)
{
	if (ids_count == ids_room) {
		ids_room = 2 * ids_room + 1024;
		ids = realloc(ids, ids_room * sizeof(uint32_t));
		if (!ids)
			exit(1);
	}
	ids[ids_count++] = (uint32_t)at;
}

/*
 * Functions and strings stay where the code is, instead of being copied into the heap each time that they are met: the
 * code that is run is kept for as long as the machine is (machine.c). The two forms of each of these operations have
 * the same length.
 */
static void keep_in_place(txByte* code, txSize length)
{
	txByte* start = code;
	txByte* end = code + length;
	ids_count = 0;
	while (code < end) {
		txU1 operation = *(txU1*)code;
		txS1 size = gxCodeSizes[operation];
		txU4 operand = 0;
		if (XS_CODE_CODE_1 <= operation && operation <= XS_CODE_CODE_4)
			*code = (txByte)(operation - XS_CODE_CODE_1 + XS_CODE_CODE_ARCHIVE_1);
		else if (XS_CODE_STRING_1 <= operation && operation <= XS_CODE_STRING_4)
			*code = (txByte)(operation - XS_CODE_STRING_1 + XS_CODE_STRING_ARCHIVE_1);
		if (size > 0)
			code += size;
		else if (size == 0) {
			note_id((size_t)(code + 1 - start));
			code += 1 + sizeof(txID);
		}
		else {
			c_memcpy(&operand, code + 1, (size_t)-size);
			code += 1 - size + operand;
		}
	}
}

/* Whether the code tells its lines: it does for developers, not on a board. */
static int with_lines = 1;

static int write_module(const char* path, const char* name, const txScript* script)
{
	/* Renamed when complete: an output that is there is whole. */
	char draft[LINE_MAX_LENGTH + 8];
	FILE* file;
	uint32_t lengths[5];
	size_t index;
	snprintf(draft, sizeof(draft), "%s.%d", path, (int)getpid());
	file = fopen(draft, "wb");
	if (!file)
		return 0;
	lengths[0] = (uint32_t)strlen(name) + 1;
	lengths[1] = (uint32_t)script->symbolsSize;
	lengths[2] = (uint32_t)script->codeSize;
	lengths[3] = (uint32_t)script->hostsSize;
	lengths[4] = (uint32_t)(4 * ids_count);
	for (index = 0; index < 5; index++)
		write_u32(file, lengths[index]);
	fwrite(name, lengths[0], 1, file);
	fwrite(script->symbolsBuffer, lengths[1], 1, file);
	fwrite(script->codeBuffer, lengths[2], 1, file);
	if (lengths[3] > 0)
		fwrite(script->hostsBuffer, lengths[3], 1, file);
	for (index = 0; index < ids_count; index++)
		write_u32(file, ids[index]);
	return fclose(file) == 0 && rename(draft, path) == 0;
}

static void compile(txMachine* the, const char* name, const char* input, const char* output)
{
	txParser self;
	txParser* parser = &self;
	txParserJump jump;
	char mapped[LINE_MAX_LENGTH + 4];
	txScript* volatile script = NULL;
	FILE* volatile map_file = NULL;
	txUnsigned flags = with_lines ? mxCFlag | mxDebugFlag : mxCFlag;
	FILE* file = fopen(input, "r");
	input_path = input;
	if (!file) {
		fprintf(stderr, "%s: %s\n", input, strerror(errno));
		failures++;
		return;
	}
	fxInitializeParser(parser, the, 64 * 1024, 1993);
	parser->reportError = report;
	parser->firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		txString map = NULL;
		/* Names of template objects are made from it: the specifier, so that they differ between modules. */
		parser->path = fxNewParserSymbol(parser, (txString)name);
		fxParserTree(parser, file, (txGetter)fgetc, flags, &map);
		if (map) {
			txString path = fxCombinePath(parser, (txString)input, map);
			txString source = NULL;
			map_file = fopen(path, "r");
			if (!map_file)
				fxReportParserError(parser, 1, "%s: %s", path, strerror(errno));
			fxParserSourceMap(parser, map_file, (txGetter)fgetc, flags, &source);
			/* The coder looks up the lines of nodes whose path is another than this. */
			snprintf(mapped, sizeof(mapped), "%s.ts", name);
			parser->path = fxNewParserSymbol(parser, mapped);
		}
		fxParserHoist(parser);
		fxParserBind(parser);
		script = fxParserCode(parser);
	}
	fclose(file);
	if (map_file)
		fclose(map_file);
	if (script) {
		keep_in_place(script->codeBuffer, script->codeSize);
		if (!write_module(output, name, script)) {
			fprintf(stderr, "%s: %s\n", output, strerror(errno));
			failures++;
		}
		fxDeleteScript(script);
	}
	else if (parser->errorCount == 0) {
		fprintf(stderr, "%s: cannot be compiled\n", input);
		failures++;
	}
	fxTerminateParser(parser);
}

void* fxAllocateChunks(txMachine* the, txSize size)
{
	(void)the;
	return c_malloc(size);
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	(void)the;
	c_free(chunks);
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	(void)the;
	return (txSlot*)c_malloc((size_t)count * sizeof(txSlot));
}

void fxFreeSlots(txMachine* the, void* slots)
{
	(void)the;
	c_free(slots);
}

txScript* fxParseScript(txMachine* the, void* stream, txGetter getter, txUnsigned flags)
{
	(void)stream;
	(void)getter;
	(void)flags;
	mxUnknownError("the compiler runs nothing");
	return C_NULL;
}

void fxQueuePromiseJobs(txMachine* the)
{
	(void)the;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	(void)the;
	(void)realm;
	(void)moduleID;
	(void)slot;
	return XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	(void)the;
	(void)module;
	(void)moduleID;
}

void fxAbort(txMachine* the, int status)
{
	(void)the;
	fprintf(stderr, "xsc: %s: the engine gave up (%d)\n", input_path ? input_path : "", status);
	exit(1);
}

int main(int argc, char** argv)
{
	txCreation creation = {
		.initialChunkSize = 256 * 1024,
		.incrementalChunkSize = 64 * 1024,
		.initialHeapCount = 8192,
		.incrementalHeapCount = 2048,
		.stackCount = 1024,
		.initialKeyCount = 4096,
		.incrementalKeyCount = 512,
		.nameModulo = 1993,
		.symbolModulo = 127,
		.parserBufferSize = 64 * 1024,
		.parserTableModulo = 1993,
	};
	char line[LINE_MAX_LENGTH];
	txMachine* the;
	FILE* list;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("%d.%d\n", XS_MAJOR_VERSION, XS_MINOR_VERSION);
		return 0;
	}
	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "bare") != 0) || !(list = fopen(argv[1], "r"))) {
		fprintf(stderr, "usage: xsc LIST [bare] | xsc --version\n");
		return 1;
	}
	with_lines = argc == 2;
	the = fxCreateMachine(&creation, "xsc", C_NULL, XS_NO_ID);
	if (!the)
		return 1;
	while (fgets(line, sizeof(line), list)) {
		char* name = strtok(line, "\t\n");
		char* input = strtok(NULL, "\t\n");
		char* output = strtok(NULL, "\t\n");
		if (!name || !input || !output) {
			fprintf(stderr, "xsc: line of the list\n");
			return 1;
		}
		compile(the, name, input, output);
	}
	fclose(list);
	return failures ? 1 : 0;
}
