/* C functions that modules of the image may name (`export function f() @ "xs_f";`). */
#ifndef SANDOGH_NATIVES_H
#define SANDOGH_NATIVES_H

#include "machine.h"

/* NULL when there is no function of that name. */
native_function native_find(const char* name);

#endif
