#include "machine.h"
#include "natives.h"
#include "terminal.h"

void terminal_run(const struct image* image, const struct terminal_options* options)
{
	xsMachine* machine;
	terminal_begin(options);
	machine = machine_create(image, native_find, options->heap_length);
	terminal_use(machine);
	machine_freeze(machine);
	machine_start(machine);
	machine_end_turn(machine);
	for (;;)
		if (!terminal_turn())
			terminal_wait();
}
