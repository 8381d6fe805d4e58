/* The XS machine of a terminal: made once, frozen before the first module runs, never given a parser. */
#ifndef SANDOGH_MACHINE_H
#define SANDOGH_MACHINE_H

#include "image.h"
#include "xsmc.h"

/* Slots that the heap begins with. They have 16 bytes on a board and 32 where pointers have 8. */
#define SLOTS_INITIAL (56u * 1024u)

/*
 * All of the JavaScript heap: chunks grow from the bottom of one block, slots and the stack from its top. 3.5 MiB on a
 * board; a machine with larger slots gets what these take more, so that it leaves chunks the same room.
 */
#define HEAP_LENGTH_DEFAULT (3584u * 1024u + SLOTS_INITIAL * 4u * (unsigned)(sizeof(void*) - 4))

/* A C function that modules of the image may name. */
typedef void (*native_function)(xsMachine*);

/*
 * Does not return when there is no memory for it. `image` must stay where it is. `natives` finds a function by its
 * name, NULL for none.
 */
xsMachine* machine_create(const struct image* image, native_function (*natives)(const char* name), size_t heap_length);

/*
 * Takes away what could evaluate text, makes Date and Math.random throw, and freezes every built-in object and the
 * global one. Called before any module runs, so no code of the image ever sees a built-in that can be changed.
 */
void machine_freeze(xsMachine* the);
/* See typed-array.c; a part of machine_freeze. */
void machine_copy_typed_arrays(xsMachine* machine);

/* Runs the entry module of the image and all that it imports. */
void machine_start(xsMachine* the);

/*
 * Ends a turn: runs promise jobs until there are none. A rejection that nobody handles by then is a crash, as an
 * exception that nobody catches is.
 */
void machine_end_turn(xsMachine* the);

/*
 * Calls a function of the firmware in a turn of its own: what it throws is a crash, and promise jobs run before this
 * returns. The arguments are whole numbers, then, when `payload` is not NULL, an ArrayBuffer with a copy of it.
 */
void machine_turn(
	xsMachine* the, xsSlot* function, int count, const int32_t* numbers, const void* payload, size_t length);

/*
 * Collects garbage and overwrites everything of the heap and its stack that is free: what was freed before cannot be
 * found in memory.
 */
void machine_wipe(xsMachine* the);

/* What lived when the heap was wiped last: slots, and bytes in chunks. */
extern size_t machine_kept_slots, machine_kept_chunks;

/* One JSON object about memory, in bytes; what is in it depends on the build of the engine. */
void machine_statistics(xsMachine* the, char* text, size_t length);

/* Ends the process with EXIT_CRASH: the firmware cannot go on. */
void machine_crash(const char* text) __attribute__((noreturn));

/* The same with what the current exception says of itself. */
void machine_crash_with_exception(xsMachine* the, const char* why) __attribute__((noreturn));

/* Called with what is to be said before the process ends with EXIT_CRASH; the cable passes it to the harness. */
extern void (*machine_on_crash)(const char* text);

#endif
