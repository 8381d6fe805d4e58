/*
 * The terminal in the SDK's build for Linux: joins the harness's cable and does the terminal's turns from the main loop of whoever loaded this library, one
 * turn a dispatch. The SDK runs promise jobs from the same loop at its usual priority; the cable's is a lower one, so that they come first.
 *
 * What desktop.c takes from its arguments is in the environment here, because a library has none:
 *
 *   SANDOGH_CABLE        where the cable is, as linux_plug_in takes it
 *   SANDOGH_NOW          virtual time at the start, microseconds; SANDOGH_WALL seconds since 1970 at its zero
 *   SANDOGH_TEXT         text bundle
 *   SANDOGH_FRAMEBUFFER  the picture that the harness sees, and SANDOGH_SIZE, "1024x600"
 *   SANDOGH_SEED         64 hexadecimal digits
 *   SANDOGH_STATS        memory figures on stderr at the end
 *
 * Time is always the harness's.
 */
#include "xsAll.h"

#include "linux.h"
#include "machine.h"
#include "platform.h"
#include "terminal.h"

#include <glib.h>
#include <glib-unix.h>
#include <signal.h>

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

static gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data)
{
	(void)callback;
	(void)data;
	((struct turns*)source)->is_waiting = !terminal_turn();
	return G_SOURCE_CONTINUE;
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
	if ((value = getenv("SANDOGH_NOW")))
		options.now_us = strtoull(value, NULL, 10);
	if ((value = getenv("SANDOGH_WALL")))
		options.wall_base = atof(value);
	if ((value = getenv("SANDOGH_TEXT")))
		linux_text(value);
	if ((value = getenv("SANDOGH_FRAMEBUFFER")))
		linux_framebuffer(value, getenv("SANDOGH_SIZE"));
	if ((value = getenv("SANDOGH_SEED")))
		linux_seed(value);
	options.statistics = getenv("SANDOGH_STATS") != NULL;
	signal(SIGPIPE, SIG_IGN);
	source = g_source_new(&functions, sizeof(struct turns));
	((struct turns*)source)->socket = g_source_add_unix_fd(source, linux_plug_in(where), G_IO_IN | G_IO_HUP | G_IO_ERR);
	g_source_set_priority(source, G_PRIORITY_DEFAULT + 1);
	terminal_begin(&options);
	terminal_use(the);
	g_source_attach(source, g_main_context_get_thread_default());
}

/* Without garbage: what is reserved here is all that there ever is, and fills up between collections. */
void machine_statistics(xsMachine* machine, char* text, size_t length)
{
	txMachine* the = (txMachine*)machine;
	int at;
	fxCollectGarbage(the);
	at = snprintf(text, length, "{\"chunks_reserved\":%zu,\"chunks_used\":%zu,\"slots_reserved\":%zu,\"slots_used\":%zu,\"keys_reserved\":%d,\"keys_used\":%d",
		(size_t)the->maximumChunksSize, (size_t)the->currentChunksSize, (size_t)the->maximumHeapCount * sizeof(txSlot),
		(size_t)the->currentHeapCount * sizeof(txSlot), the->keyCount - the->keyOffset, the->keyIndex - the->keyOffset);
#ifdef mxInstrument
	at += snprintf(text + at, length - (size_t)at, ",\"stack_reserved\":%zu,\"stack_peak\":%zu", (size_t)((char*)the->stackTop - (char*)the->stackBottom),
		(size_t)((char*)the->stackTop - (char*)the->stackPeak));
#endif
	snprintf(text + at, length - (size_t)at, "}");
}
