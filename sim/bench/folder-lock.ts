// One station to a folder: two would write one flash.

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StationError } from "../station.js";

const lockFile = "bench.lock";

/**
 * Makes the folder when it is not there and takes it for this process; the function returned gives it back. The lock of
 * a process that died counts for nothing. Throws StationError when another process has it, or when it cannot be
 * written.
 */
export function lockFolder(directory: string): () => void {
  const path = join(directory, lockFile);
  try {
    mkdirSync(directory, { recursive: true });
    if (existsSync(path) && !isAlive(Number(readFileSync(path, "utf8")))) rmSync(path);
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    const inUse = `${directory} is in use by another bench; name another folder with --data`;
    throw new StationError(code === "EEXIST" && existsSync(path) ? inUse : `--data ${directory}: ${message}`);
  }
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
