/*
 * TypedArray.prototype.set between two arrays of one type, as a copy of memory. The engine means to do that, but of
 * 13.3 compares the two arrays instead of their types and so takes every element through a getter and a setter, 150
 * instructions a byte; later engines compare the types. Everything else is left to the engine's own function.
 */
#include "xsAll.h"

#include "machine.h"

static txCallback engine_set;

static txSlot* array_of(txSlot* slot)
{
	txSlot* dispatch;
	if (slot->kind != XS_REFERENCE_KIND)
		return C_NULL;
	dispatch = slot->value.reference->next;
	return dispatch != C_NULL && (dispatch->flag & XS_INTERNAL_FLAG) != 0 && dispatch->kind == XS_TYPED_ARRAY_KIND
		? dispatch
		: C_NULL;
}

/* The bytes that an array sees; nothing when its buffer is detached, or not in the heap. */
static txByte* bytes_of(txMachine* the, txSlot* dispatch, txInteger* length)
{
	txSlot* view = dispatch->next;
	txSlot* buffer = view->next;
	txSlot* data = buffer->value.reference->next;
	if (data->kind != XS_ARRAY_BUFFER_KIND || data->value.arrayBuffer.address == C_NULL)
		return C_NULL;
	*length = fxGetDataViewSize(the, view, buffer);
	return data->value.arrayBuffer.address + view->value.dataView.offset;
}

static void set(txMachine* the)
{
	txSlot* target = array_of(mxThis);
	txSlot* source = mxArgc > 0 ? array_of(mxArgv(0)) : C_NULL;
	txByte *to, *from;
	txInteger at, length = 0, count = 0;
	if (target == C_NULL || source == C_NULL || target->value.typedArray.dispatch != source->value.typedArray.dispatch
		|| (target->next->next->value.reference->next->flag & XS_DONT_SET_FLAG) != 0
		|| (mxArgc > 1 && (mxArgv(1)->kind != XS_INTEGER_KIND || mxArgv(1)->value.integer < 0))) {
		engine_set(the);
		return;
	}
	to = bytes_of(the, target, &length);
	from = bytes_of(the, source, &count);
	at = mxArgc > 1 ? mxArgv(1)->value.integer : 0;
	if (to == C_NULL || from == C_NULL || at > (length >> target->value.typedArray.dispatch->shift)
		|| count > length - (at << target->value.typedArray.dispatch->shift)) {
		engine_set(the);
		return;
	}
	c_memmove(to + (at << target->value.typedArray.dispatch->shift), from, (size_t)count);
}

void machine_copy_typed_arrays(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	txSlot* property = mxBehaviorGetProperty(the, mxTypedArrayPrototype.value.reference, mxID(_set), 0, XS_OWN);
	txSlot* callback = property->value.reference->next;
	engine_set = callback->value.callback.address;
	callback->value.callback.address = set;
}
