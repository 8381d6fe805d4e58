#include "xsAll.h"
#include "xsScript.h"

#include "image.h"
#include "machine.h"
#include "platform.h"

/* Native functions of all modules. */
#define HOSTS_MAX 64

static const struct image* the_image;

/* The heap. A single block means that the limit is exact and that a board can reserve it at link time. */
static uint8_t* arena_bottom;
static uint8_t* arena_chunks; /* end of the chunks */
static uint8_t* arena_slots; /* start of the slots */
static uint8_t* arena_top;
static size_t slots_reserved;
static size_t code_reserved;

void* fxAllocateChunks(txMachine* the, txSize size)
{
	uint8_t* result = arena_chunks;
	(void)the;
	if (size < 0)
		return C_NULL;
	size = (size + 15) & ~15;
	if ((size_t)(arena_slots - arena_chunks) < (size_t)size)
		return C_NULL;
	arena_chunks += size;
	return result;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	(void)the;
	(void)chunks;
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	size_t length = (size_t)count * sizeof(txSlot);
	(void)the;
	if (count <= 0 || (size_t)(arena_slots - arena_chunks) < length)
		return C_NULL;
	arena_slots -= length;
	slots_reserved += length;
	return (txSlot*)arena_slots;
}

void fxFreeSlots(txMachine* the, void* slots)
{
	(void)the;
	(void)slots;
}

/* There is no parser in this program: whatever wants text evaluated gets an exception. */
txScript* fxParseScript(txMachine* the, void* stream, txGetter getter, txUnsigned flags)
{
	(void)stream;
	(void)getter;
	(void)flags;
	mxUnknownError("no evaluation on this machine");
	return C_NULL;
}

/* Nothing is to be noted: machine_end_turn looks for itself. */
void fxQueuePromiseJobs(txMachine* the)
{
	(void)the;
}

void fxAbort(txMachine* the, int status)
{
	switch (status) {
	case XS_NOT_ENOUGH_MEMORY_EXIT:
		machine_crash("memory full");
#if XS_MAJOR_VERSION > 13
	case XS_JAVASCRIPT_STACK_OVERFLOW_EXIT:
	case XS_NATIVE_STACK_OVERFLOW_EXIT:
#else
	case XS_STACK_OVERFLOW_EXIT:
#endif
		machine_crash("stack overflow");
	case XS_NO_MORE_KEYS_EXIT:
		machine_crash("not enough keys");
	case XS_UNHANDLED_EXCEPTION_EXIT:
		machine_crash_with_exception((xsMachine*)the, "uncaught");
		break;
	case XS_UNHANDLED_REJECTION_EXIT:
		machine_crash_with_exception((xsMachine*)the, "unhandled rejection");
		break;
	default:
		machine_crash("the engine gave up");
	}
}

/*
 * A relative specifier is resolved against the importer's, any other must be the name of a module of the image; a
 * trailing .js is dropped.
 */
txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char name[IMAGE_NAME_MAX + 8];
	char path[2 * IMAGE_NAME_MAX + 16];
	const char* rest = name;
	size_t length;
	(void)realm;
	if (c_strlen(fxToString(the, slot)) >= sizeof(name))
		return XS_NO_ID;
	fxToStringBuffer(the, slot, name, sizeof(name));
	length = c_strlen(name);
	if (length > 3 && c_strcmp(name + length - 3, ".js") == 0)
		name[length - 3] = 0;
	path[0] = 0;
	if (name[0] == '.') {
		const char* importer = moduleID == XS_NO_ID ? C_NULL : fxGetKeyName(the, moduleID);
		char* slash;
		if (!importer || c_strlen(importer) > IMAGE_NAME_MAX)
			return XS_NO_ID;
		c_strcpy(path, importer);
		slash = c_strrchr(path, '/');
		if (slash)
			*slash = 0;
		else
			path[0] = 0;
		for (;;) {
			if (c_strncmp(rest, "./", 2) == 0)
				rest += 2;
			else if (c_strncmp(rest, "../", 3) == 0) {
				if (path[0] == 0)
					return XS_NO_ID;
				slash = c_strrchr(path, '/');
				if (slash)
					*slash = 0;
				else
					path[0] = 0;
				rest += 3;
			}
			else
				break;
		}
		if (path[0])
			c_strcat(path, "/");
	}
	c_strcat(path, rest);
	return image_find(the_image, path) ? fxNewNameC(the, path) : XS_NO_ID;
}

/* What the machine calls the image's symbols: the numbers that stand in its code. */
static txID* symbol_ids;

static txID symbol_id(txU4 symbol)
{
	if (symbol >= the_image->symbols_count)
		machine_crash("symbol");
	return symbol_ids[symbol];
}

static void name_symbols(txMachine* the)
{
	const char* name = the_image->symbols;
	txU4 index;
	symbol_ids = c_malloc(the_image->symbols_count * sizeof(txID));
	if (!symbol_ids)
		machine_crash("memory full");
	symbol_ids[XS_NO_ID] = XS_NO_ID;
	for (index = 1; index < the_image->symbols_count; index++) {
		/* the image stays where it is, and so do its strings */
		symbol_ids[index] = fxNewNameX(the, (txString)name);
		name += c_strlen(name) + 1;
	}
}

/*
 * The module whose native functions fxRunScript is about to ask for: it calls build_natives before the module's code.
 */
static const struct image_module* module_being_loaded;

static native_function (*find_native)(const char* name);

static void build_natives(txMachine* the)
{
	/* later engines look a function up in here when it is called */
	static txHostFunctionBuilder all[HOSTS_MAX];
	static txInteger used;
	txHostFunctionBuilder* builders = all + used;
	const struct image_module* module = module_being_loaded;
	const uint8_t* at = module->hosts + 2;
	const uint8_t* end = module->hosts + module->hosts_length;
	txInteger count = module->hosts[0] | (module->hosts[1] << 8);
	txInteger index;
	if (count > HOSTS_MAX - used)
		mxRangeError("%s: more than %d native functions", module->name, HOSTS_MAX);
	used += count;
	for (index = 0; index < count; index++) {
		const char* name;
		native_function function;
		if (end - at < 4)
			mxTypeError("%s: table of native functions", module->name);
		builders[index].length = (txS1)at[0];
		builders[index].id = symbol_id(at[1] | (at[2] << 8));
		name = (const char*)at + 3;
		at += 3 + c_strlen(name) + 1;
		function = find_native(name);
		if (!function)
			mxReferenceError("%s: no native function %s", module->name, name);
		builders[index].callback = (txCallback)function;
	}
	fxBuildHosts(the, count, builders);
	mxPullSlot(mxResult);
}

/*
 * The module's code as this machine runs it: its copy, kept for ever, in which the symbols' numbers are the machine's
 * own. It lies in the arena beside the heap, not in the heap: nothing there need be copied, marked or moved.
 */
static txByte* place_code(const struct image_module* module)
{
	size_t length = (module->code_length + 15u) & ~(size_t)15;
	txByte* code;
	txByte* at;
	txByte* end;
	if ((size_t)(arena_slots - arena_chunks) < length)
		machine_crash("memory full");
	arena_slots -= length;
	code_reserved += length;
	code = (txByte*)arena_slots;
	c_memcpy(code, module->code, module->code_length);
	for (at = code, end = code + module->code_length; at < end;) {
		txS1 size = gxCodeSizes[*(txU1*)at];
		txU4 operand = 0;
		at++;
		if (size > 0)
			at += size - 1;
		else if (size == 0) {
			txID id;
			c_memcpy(&operand, at, sizeof(txID));
			id = symbol_id(operand);
			c_memcpy(at, &id, sizeof(txID));
			at += sizeof(txID);
		}
		else {
			c_memcpy(&operand, at, (size_t)-size);
			at += -size + operand;
		}
	}
	return code;
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	const struct image_module* found = image_find(the_image, fxGetKeyName(the, moduleID));
	/* Without symbols the engine takes the code as it is. */
	txScript script = { 0 };
	if (!found)
		return;
	script.codeBuffer = place_code(found);
	script.codeSize = (txSize)found->code_length;
	if (found->hosts_length) {
		module_being_loaded = found;
		script.callback = (void*)build_natives;
	}
	script.path = (txString)found->name;
	script.version[0] = XS_MAJOR_VERSION;
	script.version[1] = XS_MINOR_VERSION;
	script.version[2] = XS_PATCH_VERSION;
	fxResolveModule(the, module, moduleID, &script, C_NULL, C_NULL);
}

xsMachine* machine_create(const struct image* image, native_function (*natives)(const char* name), size_t heap_length)
{
	/*
	 * The heap grows in these steps until the arena is used up. The fuller it is, the more often it is collected; on
	 * the board, whose slots have 16 bytes, these beginnings and the code are 2.18 MB, of which 0.4 MB stay free with
	 * 3,000 candidates.
	 */
	txCreation creation = {
		.initialChunkSize = 850 * 1024,
		.incrementalChunkSize = 64 * 1024,
		.initialHeapCount = SLOTS_INITIAL, /* slots, as the next two */
		.incrementalHeapCount = 2 * 1024,
		.stackCount = 4096,
		.initialKeyCount = 4096,
		.incrementalKeyCount = 512,
		.nameModulo = 1993,
		.symbolModulo = 127,
		.parserBufferSize = 64, /* there is no parser */
		.parserTableModulo = 1,
	};
	txMachine* the;
	the_image = image;
	find_native = natives;
	heap_length &= ~(size_t)15;
	arena_bottom = platform_arena(heap_length);
	if (!arena_bottom)
		machine_crash("no memory for the heap");
	arena_chunks = arena_bottom;
	arena_top = arena_bottom + heap_length;
	arena_slots = arena_top;
	the = fxCreateMachine(&creation, "sandogh", C_NULL, XS_NO_ID);
	if (!the)
		machine_crash("no memory for the machine");
	return (xsMachine*)the;
}

extern void fxSetHostFunctionProperty(txMachine* the, txSlot* property, txCallback call, txInteger length, txID id);

static const char* const removed[] = {
	"eval",
	"Function",
	"Compartment",
	"ModuleSource",
	"harden",
	"lockdown",
	"petrify",
	"mutabilities",
};

void machine_freeze(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	fxBeginHost(the);
	mxTry(the)
	{
		txSlot* property;
		size_t index;

		/*
		 * The engine's lockdown leaves Date.now and Math.random alone; nothing here may read a clock or chance of its
		 * own.
		 */
		mxFunctionInstanceCode(mxDateConstructor.value.reference)->value.callback.address = fx_Date_secure;
		mxPush(mxDateConstructor);
		property = mxBehaviorSetProperty(the, mxDateConstructor.value.reference, mxID(_now), 0, XS_OWN);
		fxSetHostFunctionProperty(the, property, fx_Date_now_secure, 0, mxID(_now));
		mxPop();
		mxPush(mxMathObject);
		property = mxBehaviorSetProperty(the, mxMathObject.value.reference, mxID(_random), 0, XS_OWN);
		fxSetHostFunctionProperty(the, property, fx_Math_random_secure, 0, mxID(_random));
		mxPop();

		machine_copy_typed_arrays(machine);

		/* fx_lockdown takes `harden` from the global object. */
		fxNewHostFunction(the, fx_harden, 1, XS_NO_ID, XS_NO_ID);
		mxPush(mxGlobal);
		fxSetID(the, fxID(the, "harden"));
		mxPop();
		mxPushUndefined();
		fxNewHostFunction(the, fx_lockdown, 0, XS_NO_ID, XS_NO_ID);
		mxCall();
		mxRunCount(0);
		mxPop();

		for (index = 0; index < sizeof(removed) / sizeof(removed[0]); index++) {
			mxPush(mxGlobal);
			fxDeleteID(the, fxID(the, (txString)removed[index]));
			mxPop();
		}

		/* Lockdown freezes what the global object holds, not the global object. */
		mxPush(mxObjectConstructor);
		fxCallID(the, fxID(the, "freeze"));
		mxPush(mxGlobal);
		mxRunCount(1);
		mxPop();
	}
	mxCatch(the)
	{
		fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
	}
	fxEndHost(the);
}

static void on_started(txMachine* the)
{
	(void)the;
}

static void on_not_started(txMachine* the)
{
	mxException = *mxArgv(0);
	fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
}

void machine_start(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	fxBeginHost(the);
	mxTry(the)
	{
		txSlot* realm = mxProgram.value.reference->next->value.module.realm;
		name_symbols(the);
		mxPushStringC((txString)the_image->modules[0].name);
#if XS_MAJOR_VERSION > 13
		/* no options, and nobody who refers to it */
		mxPushUndefined();
		fxRunImport(the, realm, C_NULL);
#else
		fxRunImport(the, realm, XS_NO_ID);
#endif
		mxDub();
		fxGetID(the, mxID(_then));
		mxCall();
		fxNewHostFunction(the, on_started, 1, XS_NO_ID, XS_NO_ID);
		fxNewHostFunction(the, on_not_started, 1, XS_NO_ID, XS_NO_ID);
		mxRunCount(2);
		mxPop();
	}
	mxCatch(the)
	{
		fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
	}
	fxEndHost(the);
}

void machine_statistics(xsMachine* machine, char* text, size_t length)
{
	txMachine* the = (txMachine*)machine;
	snprintf(text, length,
		"{\"heap_length\":%zu,\"chunks_reserved\":%zu,\"chunks_peak\":%zu,\"slots_reserved\":%zu,\"slots_peak\":%zu,\"code\":%zu,\"slots_kept\":%zu,\"chunks_kept\":%zu}",
		(size_t)(arena_top - arena_bottom), (size_t)(arena_chunks - arena_bottom), (size_t)the->peakChunksSize,
		slots_reserved, (size_t)the->peakHeapCount * sizeof(txSlot), code_reserved, machine_kept_slots,
		machine_kept_chunks);
}
