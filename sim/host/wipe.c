/* What the heap held before is nowhere in memory. The same for every build of the engine. */
#include "xsAll.h"

#include "machine.h"

void machine_wipe(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	txBlock* block;
	txSlot* slot;
	fxCollect(the, XS_COMPACT_FLAG);
	/* what lives has been moved to the front of its block */
	for (block = the->firstBlock; block; block = block->nextBlock)
		c_memset(block->current, 0, (size_t)(block->limit - block->current));
	for (slot = the->freeHeap; slot; slot = slot->next)
		c_memset(&slot->value, 0, sizeof(slot->value));
	/* the stack grows down */
	c_memset((void*)the->stackBottom, 0, (size_t)((char*)the->stack - (char*)the->stackBottom));
}
