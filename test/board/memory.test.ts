// The board's own memcpy, memmove and memset, compiled for this machine, against Node's, at every alignment.

import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { removeAfter } from "./support.js";

const ROUNDS = 20_000;

const program = `
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
extern void* own_memcpy(void*, const void*, size_t);
extern void* own_memmove(void*, const void*, size_t);
extern void* own_memset(void*, int, size_t);
static uint8_t a[1024], b[1024];
static uint32_t state = 1;
static uint32_t next(void) { state ^= state << 13; state ^= state >> 17; state ^= state << 5; return state; }
int main(void) {
  for (int round = 0; round < ${ROUNDS}; round++) {
    size_t length = next() % 400, from = 8 + next() % 200, to = 8 + next() % 200, i;
    int kind = (int)(next() % 3);
    if (kind == 0) to = 612 + next() % 8;
    for (i = 0; i < sizeof(a); i++) a[i] = b[i] = (uint8_t)next();
    if (kind == 0) { own_memcpy(a + to, a + from, length); for (i = 0; i < length; i++) b[to + i] = b[from + i]; }
    else if (kind == 1) {
      uint8_t copy[400];
      own_memmove(a + to, a + from, length);
      for (i = 0; i < length; i++) copy[i] = b[from + i];
      for (i = 0; i < length; i++) b[to + i] = copy[i];
    }
    else { own_memset(a + to, 0x1a5, length); for (i = 0; i < length; i++) b[to + i] = 0xa5; }
    for (i = 0; i < sizeof(a); i++) if (a[i] != b[i]) { printf("round %d kind %d from %zu to %zu length %zu at %zu\\n", round, kind, from, to, length, i); return 1; }
  }
  return 0;
}
`;

test("memory is moved as the C standard says, at every alignment and overlap", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "sandogh-memory-"));
  t.teardown(removeAfter(directory));
  writeFileSync(join(directory, "main.c"), program);
  const rename = ["memcpy", "memmove", "memset"].map((name) => `-D${name}=own_${name}`);
  const compile = (args: readonly string[]): void => {
    const { status, stderr } = spawnSync(process.env["CC"] ?? "cc", args, { encoding: "utf8" });
    t.is(status, 0, stderr);
  };
  compile([
    "-O2",
    "-fno-builtin",
    "-fno-tree-loop-distribute-patterns",
    "-include",
    "string.h",
    ...rename,
    "-c",
    "-o",
    join(directory, "memory.o"),
    "platform/board/memory.c",
  ]);
  compile(["-O0", "-o", join(directory, "program"), join(directory, "main.c"), join(directory, "memory.o")]);
  const { status, stdout } = spawnSync(join(directory, "program"), { encoding: "utf8" });
  t.is(status, 0, stdout);
});
