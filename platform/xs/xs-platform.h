/*
 * Settings of the XS engine for sandogh: included by every file of the engine (XSPLATFORM) and by ours through xsmc.h.
 * Identifiers are 16 bits (no mx32bitID), so that byte code is the same here and on a 32-bit board.
 */
#ifndef SANDOGH_XS_PLATFORM_H
#define SANDOGH_XS_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1
#if defined(__linux__)
#undef mxLinux
#define mxLinux 1
#include <pthread.h>
#define mxUsePOSIXThreads 1
/* A board has one hart and no threads; 8-byte atomics would need a library there. */
#define mxUseGCCAtomics 1
#endif
#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>

#define mxMachinePlatform \
	void* host; \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink;

#define mxUseDefaultMachinePlatform 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultSharedChunks 1

/* Strings behave as the language says for characters beyond the basic plane: a surrogate pair has length 2. */
#define mxCESU8 1

#endif
