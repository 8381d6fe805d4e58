// Campaigns, benches and the pictures of the screens lie above the tools, which therefore never import them: a command
// checks what it was asked and starts them as a process of their own, with one JSON argument. This is both ends of
// that.

import { spawn } from "node:child_process";
import { exitCode } from "./complaint.js";
import { processStreams } from "./progress.js";
import { settled } from "./settled.js";
import { Talk, type TalkOptions } from "./talk.js";

/** Runs a script with a request; it writes where we do. Resolves with its exit code. */
export function runScript(script: string, request: TalkOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import=tsx", script, JSON.stringify(request)], { stdio: "inherit" });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    // the script ends, and then we do
    process.on("SIGTERM", pass).on("SIGINT", pass);
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGTERM", pass).off("SIGINT", pass);
      resolve(code ?? exitCode.failed);
    });
  });
}

/** The script's end: does what it was asked, with the exit codes and complaints of every command. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the command has sent, by its type
export async function answer<T extends TalkOptions>(
  name: string,
  act: (request: T, talk: Talk) => number | Promise<number>,
): Promise<void> {
  const code = await settled(name, processStreams, () => {
    const request = JSON.parse(process.argv[2] ?? "") as T;
    return act(request, new Talk(processStreams, request));
  });
  // an emulator that was cut off may have left a line open
  process.exit(code);
}
