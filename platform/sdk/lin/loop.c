/*
 * The terminal in the SDK's build for Linux: joins the harness's cable and does the terminal's turns from the main loop
 * of whoever loaded this library, one turn a dispatch. The SDK runs promise jobs from the same loop at its usual
 * priority; the cable's is a lower one, so that they come first.
 *
 * What desktop.c takes from its arguments is in the environment here, because a library has none. In the simulator,
 * which loads the library again for every start of the terminal, all but the first come as lines on the cable, ended by
 * an empty one, before the cable's frames:
 *
 *   SANDOGH_CABLE        where the cable is, as linux_plug_in takes it
 *   SANDOGH_NOW          virtual time at the start, microseconds; SANDOGH_WALL seconds since 1970 at its zero
 *   SANDOGH_FRAMEBUFFER  the picture that the harness sees, and SANDOGH_SIZE, "1024x600"
 *   SANDOGH_SEED         64 hexadecimal digits; SANDOGH_DEVICE the same: whose fuses (native/fuses.h)
 *   SANDOGH_STATS        memory figures on stderr at the end
 *
 * Time is always the harness's.
 */
#include "xsAll.h"

#include "../../desktop/linux.h"
#include "../../native/fuses.h"
#include "../../native/random.h"
#include "../../xs/cable.h"
#include "../../xs/machine.h"
#include "../../xs/platform.h"
#include "../../xs/terminal.h"

#include "screen.h"

#include <glib.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/socket.h>

#define SETTING_MAX 4096

static int the_socket = -1;

struct turns {
	GSource source;
	gpointer socket;
	/* The harness was told that nothing is left to do; only a frame changes that. */
	int is_waiting;
};

static gboolean prepare(GSource* source, gint* timeout_ms)
{
	*timeout_ms = -1;
	return !((struct turns*)source)->is_waiting;
}

static gboolean check(GSource* source)
{
	struct turns* turns = (struct turns*)source;
	return !turns->is_waiting || g_source_query_unix_fd(source, turns->socket) != 0;
}

/* Where a simulator goes on when the terminal ends within a turn. */
static jmp_buf out_of_the_turn;
static struct {
	txSlot* stack;
	txSlot* frame;
	txSlot* scope;
	txByte* code;
	txJump* jump;
} before_the_turn;
static volatile int is_in_turn;
static struct turns* the_turns;
static txScreen* simulator;

static void unplug(void)
{
	if (!the_turns)
		return;
	g_source_destroy(&the_turns->source);
	g_source_unref(&the_turns->source);
	the_turns = NULL;
	close(the_socket);
}

static gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data)
{
	(void)callback;
	(void)data;
	if (setjmp(out_of_the_turn) != 0) {
		txMachine* the = simulator->machine;
		is_in_turn = 0;
		/* What was under way is given up; the simulator calls the machine once more and deletes it. */
		the->stack = before_the_turn.stack;
		the->frame = before_the_turn.frame;
		the->scope = before_the_turn.scope;
		the->code = before_the_turn.code;
		the->firstJump = before_the_turn.jump;
		unplug();
		simulator->abort(simulator, 0);
		return G_SOURCE_REMOVE;
	}
	if (simulator) {
		txMachine* the = simulator->machine;
		before_the_turn.stack = the->stack;
		before_the_turn.frame = the->frame;
		before_the_turn.scope = the->scope;
		before_the_turn.code = the->code;
		before_the_turn.jump = the->firstJump;
		is_in_turn = 1;
	}
	((struct turns*)source)->is_waiting = !terminal_turn();
	is_in_turn = 0;
	return G_SOURCE_CONTINUE;
}

/* A simulator outlives the terminal's power. */
static void leave(int code)
{
	(void)code;
	if (is_in_turn)
		longjmp(out_of_the_turn, 1);
}

/* One line of the settings into `line`; 0 for the empty one. */
static int read_setting(char* line)
{
	size_t length = 0;
	for (;;) {
		char byte;
		if (recv(the_socket, &byte, 1, 0) != 1 || length == SETTING_MAX)
			linux_fail("ended within the settings", "SANDOGH_CABLE");
		if (byte == '\n')
			break;
		line[length++] = byte;
	}
	line[length] = 0;
	return length > 0;
}

static void read_settings(void)
{
	static const char* const names[] = { "SANDOGH_NOW", "SANDOGH_WALL", "SANDOGH_FRAMEBUFFER", "SANDOGH_SIZE",
		"SANDOGH_SEED", "SANDOGH_DEVICE" };
	char line[SETTING_MAX + 1];
	size_t index;
	for (index = 0; index < sizeof(names) / sizeof(names[0]); index++)
		unsetenv(names[index]);
	while (read_setting(line)) {
		char* value = strchr(line, '=');
		if (!value)
			linux_fail("no setting", line);
		*value++ = 0;
		setenv(line, value, 1);
	}
}

static GSourceFuncs functions = { .prepare = prepare, .check = check, .dispatch = dispatch };

static struct terminal_options options = { .is_virtual = 1 };

/* plugIn(): once, before any other native function of the platform */
void xs_plug_in(xsMachine* the)
{
	const char* where = getenv("SANDOGH_CABLE");
	const char* value;
	GSource* source;
	if (!where)
		linux_fail("is not set: start it with npm run sdk -- run", "SANDOGH_CABLE");
	linux_on_unplugged = terminal_report_statistics;
	the_socket = linux_plug_in(where);
	if (((txScreen*)((txMachine*)the)->host)->view) {
		simulator = ((txMachine*)the)->host;
		linux_on_exit = leave;
		read_settings();
	}
	if ((value = getenv("SANDOGH_NOW")))
		options.now_us = strtoull(value, NULL, 10);
	if ((value = getenv("SANDOGH_WALL")))
		options.wall_base = atof(value);
	if ((value = getenv("SANDOGH_FRAMEBUFFER")))
		linux_framebuffer(value, getenv("SANDOGH_SIZE"));
	if ((value = getenv("SANDOGH_SEED"))) {
		uint8_t seed[32];
		linux_seed(value, "SANDOGH_SEED", seed);
		random_seed(seed);
	}
	if ((value = getenv("SANDOGH_DEVICE"))) {
		uint8_t key[32];
		linux_seed(value, "SANDOGH_DEVICE", key);
		fuses_simulate(key);
	}
	options.statistics = getenv("SANDOGH_STATS") != NULL;
	signal(SIGPIPE, SIG_IGN);
	source = g_source_new(&functions, sizeof(struct turns));
	((struct turns*)source)->socket = g_source_add_unix_fd(source, the_socket, G_IO_IN | G_IO_HUP | G_IO_ERR);
	g_source_set_priority(source, G_PRIORITY_DEFAULT + 1);
	terminal_begin(&options);
	terminal_use(the);
	g_source_attach(source, g_main_context_get_thread_default());
	the_turns = (struct turns*)source;
}

/* hasPage(): this is a simulator, and the cable is plugged in */
void xs_has_page(xsMachine* the)
{
	xsmcSetBoolean(xsResult, simulator && the_turns);
}

/* flush(): what was sent outside of a turn leaves */
void xs_flush(xsMachine* the)
{
	(void)the;
	cable_flush();
}

/* unplug(): the simulator lets the library go */
void xs_unplug(xsMachine* the)
{
	(void)the;
	unplug();
}

/* Without garbage: what is reserved here is all that there ever is, and fills up between collections. */
void machine_statistics(xsMachine* machine, char* text, size_t length)
{
	txMachine* the = (txMachine*)machine;
	int at;
	fxCollectGarbage(the);
	at = snprintf(text, length,
		"{\"chunks_reserved\":%zu,\"chunks_used\":%zu,\"slots_reserved\":%zu,\"slots_used\":%zu,\"keys_reserved\":%d,\"keys_used\":%d",
		(size_t)the->maximumChunksSize, (size_t)the->currentChunksSize, (size_t)the->maximumHeapCount * sizeof(txSlot),
		(size_t)the->currentHeapCount * sizeof(txSlot), the->keyCount - the->keyOffset, the->keyIndex - the->keyOffset);
#ifdef mxInstrument
	at += snprintf(text + at, length - (size_t)at, ",\"stack_reserved\":%zu,\"stack_peak\":%zu",
		(size_t)((char*)the->stackTop - (char*)the->stackBottom),
		(size_t)((char*)the->stackTop - (char*)the->stackPeak));
#endif
	snprintf(text + at, length - (size_t)at, "}");
}
