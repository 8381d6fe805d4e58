/*
 * Turns of the firmware and their ends. Written with what the engine of npm and the one of the Moddable SDK have in
 * common: both builds use it.
 */
#include "xsAll.h"

#include "machine.h"
#include "platform.h"

#define CRASH_TEXT_MAX 4096

void (*machine_on_crash)(const char* text) = NULL;

void machine_crash(const char* text)
{
	platform_report(text);
	platform_report("\n");
	if (machine_on_crash)
		machine_on_crash(text);
	platform_exit(EXIT_CRASH);
}

/* The stack property of an error holds its message and where it was made; other values are shown as text. */
void machine_crash_with_exception(xsMachine* machine, const char* why)
{
	txMachine* the = (txMachine*)machine;
	static char text[CRASH_TEXT_MAX];
	size_t length = (size_t)snprintf(text, sizeof(text), "%s: ", why);
	txSlot* exception;
	mxPush(mxException);
	exception = the->stack;
	mxException.kind = XS_UNDEFINED_KIND;
	mxTry(the)
	{
		if (exception->kind == XS_REFERENCE_KIND) {
			mxPushSlot(exception);
			fxGetID(the, fxID(the, "stack"));
			if (the->stack->kind == XS_STRING_KIND || the->stack->kind == XS_STRING_X_KIND)
				fxToStringBuffer(the, the->stack, text + length, (txSize)(sizeof(text) - length));
			else {
				mxPop();
				mxPushSlot(exception);
				fxToStringBuffer(the, the->stack, text + length, (txSize)(sizeof(text) - length));
			}
		}
		else if (exception->kind == XS_SYMBOL_KIND)
			snprintf(text + length, sizeof(text) - length, "a symbol");
		else
			fxToStringBuffer(the, exception, text + length, (txSize)(sizeof(text) - length));
	}
	mxCatch(the)
	{
		snprintf(text + length, sizeof(text) - length, "an exception that cannot be shown");
	}
	machine_crash(text);
}

void machine_end_turn(xsMachine* machine)
{
	txMachine* the = (txMachine*)machine;
	while (mxPendingJobs.value.reference->next)
		fxRunPromiseJobs(the);
	fxCheckUnhandledRejections(the, 1);
	fxEndJob(the);
}

/* Stack slots of a call: this, function, target, result, two of the frame, and the arguments. */
#define CALL_SLOTS_MAX 16

void machine_turn(
	xsMachine* machine, xsSlot* function, int count, const int32_t* numbers, const void* payload, size_t length)
{
	txMachine* the = (txMachine*)machine;
	fxBeginHost(the);
	mxTry(the)
	{
		int index;
		mxOverflow(-CALL_SLOTS_MAX);
		mxPushUndefined();
		mxPushSlot((txSlot*)function);
		mxCall();
		for (index = 0; index < count; index++)
			mxPushInteger(numbers[index]);
		if (payload) {
			mxPushUndefined();
			fxArrayBuffer(the, the->stack, (void*)payload, (txInteger)length, -1);
		}
		mxRunCount(payload ? count + 1 : count);
		mxPop();
	}
	mxCatch(the)
	{
		machine_crash_with_exception(machine, "uncaught");
	}
	fxEndHost(the);
	machine_end_turn(machine);
}
