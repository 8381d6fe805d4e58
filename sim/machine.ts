// What runs a terminal's firmware, as sim/terminal.ts sees it: something that takes and gives the cable's frames, and
// whose power can be cut. The host's program on this computer is here; the emulated board is in platform/board.

import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { FlashChipName } from "../platform/cable.js";
import type { BusChip } from "./flash-port.js";

export const HOST_PROGRAM = "build/host/terminal";
const STDERR_MAX = 65536;

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What the process wrote on stderr, at most 64 KiB. */
  readonly stderr: string;
}

export interface Machine {
  /** Of the process that it runs in; for measurements. */
  readonly pid: number | undefined;
  /** Frames of the cable, whole ones; those of one call belong to one moment. */
  write(frames: Uint8Array): void;
  /** Cuts the power. */
  kill(): void;
  /** Pulls the cable: the machine ends by itself. */
  unplug(): void;
  /** A copy of the picture, when the machine has one of its own. */
  framebuffer?(): Uint8Array;
  /** Frees what is kept to be looked at after the end. */
  close?(): void;
}

export interface MachineOptions {
  readonly image: string;
  readonly virtual: boolean;
  readonly nowUs: number;
  /** Seconds since 1970 at time zero (virtual) or now. */
  readonly wallBase: number;
  readonly seed?: string;
  /** What is in the fuses: 64 hexadecimal digits. A machine without it has none. */
  readonly device?: string;
  readonly text?: string;
  readonly heap?: number;
  readonly stats?: boolean;
  readonly program?: string;
  readonly framebufferPath?: string;
  readonly size: { readonly width: number; readonly height: number };
  /** For a machine that reaches the chips by itself and not by the cable. */
  readonly flash: Readonly<Record<FlashChipName, BusChip>>;
  /** Bytes of the cable, any split. */
  readonly onBytes: (bytes: Buffer) => void;
  /** A chip threw PowerCut. */
  readonly onPowerCut: () => void;
  readonly onEnd: (exit: Exit) => void;
}

export type StartMachine = (options: MachineOptions) => Machine | Promise<Machine>;

/** The host's program as a process, joined by a socket. */
export function startHost(options: MachineOptions): Machine {
  const { image, seed, device, framebufferPath, wallBase, text, heap, stats, virtual, program, nowUs, size } = options;
  const args = ["--image", image, "--cable", "fd:3", "--wall", String(wallBase)];
  if (virtual) args.push("--virtual", "--now", String(nowUs));
  if (stats === true) args.push("--stats");
  if (seed !== undefined) args.push("--seed", seed);
  if (device !== undefined) args.push("--device", device);
  if (text !== undefined) args.push("--text", text);
  if (heap !== undefined) args.push("--heap", String(heap));
  if (framebufferPath !== undefined)
    args.push("--framebuffer", framebufferPath, "--size", `${size.width}x${size.height}`);
  return startProcess(program ?? HOST_PROGRAM, args, process.env, options);
}

/** A process whose file descriptor 3 is the cable. */
export function startProcess(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  options: Pick<MachineOptions, "onBytes" | "onEnd">,
): Machine {
  const { onBytes, onEnd } = options;
  let said = "";
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const cable = child.stdio[3] as Socket;
  cable.on("data", onBytes);
  // A cable that breaks shows in the exit of the process.
  cable.on("error", () => undefined);
  child.stderr?.on("data", (bytes: Buffer) => {
    if (said.length < STDERR_MAX) said += bytes.toString("utf8").slice(0, STDERR_MAX - said.length);
  });
  child.on("error", (error) => onEnd({ code: null, signal: null, stderr: said + error.message }));
  child.on("close", (code, signal) => onEnd({ code, signal, stderr: said }));
  return {
    pid: child.pid,
    write: (frames) => void cable.write(frames),
    kill: () => void child.kill("SIGKILL"),
    unplug: () => void cable.end(),
  };
}
