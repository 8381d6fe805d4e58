/* What the heap held before is nowhere in memory. The same for every build of the engine. */
#include "xsAll.h"

#include "machine.h"

size_t machine_kept_slots, machine_kept_chunks;

void machine_wipe(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	txBlock* block;
	txSlot* slot;
	size_t free = 0;
	fxCollect(the, XS_COMPACT_FLAG);
	/* what lives has been moved to the front of its block */
	machine_kept_chunks = 0;
	for (block = the->firstBlock; block; block = block->nextBlock) {
		machine_kept_chunks += (size_t)(block->current - (txByte*)(block + 1));
		c_memset(block->current, 0, (size_t)(block->limit - block->current));
	}
	for (slot = the->freeHeap; slot; slot = slot->next, free++)
		c_memset(&slot->value, 0, sizeof(slot->value));
	machine_kept_slots = (size_t)the->maximumHeapCount - free;
	/* the stack grows down */
	c_memset((void*)the->stackBottom, 0, (size_t)((char*)the->stack - (char*)the->stackBottom));
}
