// Every end of a command as an exit code, with one line on stderr when it is not the end that was meant.

import { BuildFailed, Complaint, exitCode, fileComplaint, oneLine } from "./complaint.js";
import type { Streams } from "./progress.js";

/**
 * Runs a command; `name` is how people call it. What it throws becomes a line: a complaint, or a mistake of the
 * program.
 */
export async function settled(name: string, streams: Streams, act: () => number | Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (thrown) {
    const complaint = thrown instanceof Complaint ? thrown : fileComplaint(thrown);
    if (complaint !== undefined) {
      streams.err(`${name}: ${oneLine(complaint.message)}\n`);
      return exitCode.wrongCall;
    }
    if (thrown instanceof BuildFailed) {
      streams.err(`${thrown.message.trimEnd()}\n${name}: the build failed\n`);
      return exitCode.failed;
    }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    // whoever looks for the mistake wants the place
    const isTraced = (process.env["SANDOGH_TRACE"] ?? "") !== "";
    const said = oneLine(error.message === "" ? error.name : error.message);
    streams.err(
      isTraced ? `${name}: ${error.stack ?? said}\n` : `${name}: failed: ${said}; SANDOGH_TRACE=1 shows where\n`,
    );
    return exitCode.failed;
  }
}
