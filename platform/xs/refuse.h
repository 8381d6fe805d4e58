/* The end of a process whose harness broke the protocol of the cable: exit code EXIT_CABLE, and what was wrong. */
#ifndef SANDOGH_REFUSE_H
#define SANDOGH_REFUSE_H

void cable_refuse(const char* format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
