#include "refuse.h"

#include "platform.h"

#include <stdarg.h>
#include <stdio.h>

void cable_refuse(const char* format, ...)
{
	char text[200];
	va_list arguments;
	platform_report("cable: ");
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	platform_report(text);
	platform_report("\n");
	platform_exit(EXIT_CABLE);
}
