// The board under QEMU: one emulator process, its RAM as a file that both sides map, its UARTs as Unix sockets.
//
// FAULTS
// The power goes with the emulator's process (`kill`), also from within a flash chip's operation, or before the N-th
// instruction of work (`cutAtWork`): what was in RAM can still be read, as from a frozen chip. QEMU's UARTs pass bytes
// on at once; the pace of the lines is that of sim/serial-line.ts. The CPU takes one instruction a cycle and has no
// caches.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exit, Machine, MachineOptions, StartMachine } from "../machine.js";
import { BOARD_LINES, BoardLink } from "./link.js";
import type { BoardLine } from "./link.js";

export const BOARD_ELF = "build/board/ballot.elf";
export const BOARD_PLUGIN = "build/board/lockstep.so";
const EMULATOR = "qemu-system-riscv32";
const RAM_START = 0x80000000;
export const RAM_LENGTH = 8 * 1024 * 1024;
const DISPLAY = { width: 1024, height: 600 };
/** The last bytes of RAM: platform/board/board.ld. */
const FRAMEBUFFER_LENGTH = 2 * DISPLAY.width * DISPLAY.height;
const REPORT_MAX = 65536;
/** Of the plugin: the power was cut, as asked for. */
const EXIT_CUT = 99;
/** RV32IMAC and nothing else: what QEMU switches on by itself is switched off. */
const CPU = "rv32,f=off,d=off,h=off,s=off,zba=off,zbb=off,zbc=off,zbs=off,sstc=off";

export interface BoardOptions {
  readonly elf?: string;
  /** Arguments of the plugin (sim/board/lockstep.c); it is not loaded when absent. */
  readonly plugin?: Readonly<Record<string, string | number>>;
  /** Work done since the reset, in instructions; told before each trace line and each idle moment. */
  readonly onWork?: (instructions: number) => void;
  /** The answer to `askStatistics`. */
  readonly onStatistics?: (json: string) => void;
  /** The plugin has cut the power, before anybody else is told: "cut: after N instructions, before ADDRESS". */
  readonly onCut?: (where: string) => void;
  /** Told of each board that starts. */
  readonly onStart?: (board: Board) => void;
}

/** A power-on of the board. */
export interface Board extends Machine {
  /** All of its RAM as it is now, or was when the power went. Until `close`. */
  memory(): Uint8Array;
  askStatistics(): void;
}

/** To be given to a Terminal or a Station as `machine`. */
export function boardMachine(options: BoardOptions = {}): StartMachine {
  return async (machine) => {
    const board = await startBoard(options, machine);
    options.onStart?.(board);
    return board;
  };
}

/** Boards that run: an emulator would outlive a harness that ends without closing them. */
const running = new Set<() => void>();
process.once("exit", () => {
  for (const end of running) end();
});

/** RAM lies in memory where the system has such a place: a file on a disk would be written back to it. */
function workDirectory(): string {
  return mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "sandogh-board-"));
}

function listen(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      onSocket(socket);
      server.close();
    });
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

async function startBoard(options: BoardOptions, machine: MachineOptions): Promise<Board> {
  const directory = workDirectory();
  const ramPath = join(directory, "ram");
  const servers: Server[] = [];
  const sockets = new Map<BoardLine, Socket>();
  let child: ChildProcess | undefined;
  // Made here, so that it can be read from the first moment on.
  let ram: number | undefined = openSync(ramPath, "w+");
  ftruncateSync(ram, RAM_LENGTH);
  let reported = "";
  let dead = false;

  const ramFile = (): number => {
    if (ram === undefined) throw new Error("the board's memory is no longer kept");
    return ram;
  };
  const offset = (address: number, length: number): number => {
    if (address < RAM_START || address + length > RAM_START + RAM_LENGTH)
      throw new RangeError(`the SPI controller was given address 0x${address.toString(16)}`);
    return address - RAM_START;
  };
  const readRam = (at: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    readSync(ramFile(), bytes, 0, length, at);
    return bytes;
  };
  const kill = (): void => {
    dead = true;
    link.close();
    child?.kill("SIGKILL");
  };
  const link = new BoardLink({
    flash: machine.flash,
    memory: {
      read: (address, length) => readRam(offset(address, length), length),
      write: (address, bytes) => void writeSync(ramFile(), bytes, 0, bytes.length, offset(address, bytes.length)),
    },
    boot: {
      virtual: machine.virtual,
      nowUs: machine.nowUs,
      wallS: Math.floor(machine.wallBase),
      seed: seedOf(machine.seed),
      fuses: seedOf(machine.device),
    },
    onLine: (line, bytes) => void sockets.get(line)?.write(bytes),
    onFrame: machine.onBytes,
    onReport: (text) => {
      if (reported.length < REPORT_MAX) reported += text;
    },
    onWork: (instructions) => options.onWork?.(instructions),
    onStatistics: (json) => options.onStatistics?.(json),
    onPowerCut: machine.onPowerCut,
  });

  for (const line of BOARD_LINES) {
    servers.push(
      await listen(join(directory, line), (socket) => {
        sockets.set(line, socket);
        socket.on("data", (bytes) => link.receive(line, bytes));
        // A line that breaks shows in the exit of the process.
        socket.on("error", () => undefined);
      }),
    );
  }
  child = spawn(EMULATOR, emulatorArguments(options, machine, directory, ramPath), {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    if (reported.length < REPORT_MAX) reported += bytes.toString("utf8");
  });
  const endWithHarness = (): void => {
    child?.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  running.add(endWithHarness);
  const ended = (exit: Exit): void => {
    dead = true;
    running.delete(endWithHarness);
    link.close();
    for (const server of servers) server.close();
    for (const socket of sockets.values()) socket.destroy();
    machine.onEnd(exit);
  };
  child.on("error", (error) => ended({ code: null, signal: null, stderr: reported + error.message }));
  let over: Exit | undefined;
  let isTold = false;
  // What the board had sent is read to its end first: it had left. Several sockets may have closed before the first of
  // them says so.
  const perhapsEnded = (): void => {
    if (over === undefined || isTold || [...sockets.values()].some((socket) => !socket.closed)) return;
    isTold = true;
    if (over.code === EXIT_CUT) {
      options.onCut?.(/^cut: .*/m.exec(over.stderr)?.[0] ?? "");
      machine.onPowerCut();
    }
    ended(over);
  };
  child.on("close", (code, signal) => {
    over = { code, signal, stderr: reported };
    for (const socket of sockets.values()) socket.on("close", perhapsEnded);
    perhapsEnded();
  });
  return {
    pid: child.pid,
    write: (frames) => link.write(frames),
    kill,
    // The emulator ends in order, and its plugin writes what it has gathered.
    unplug: () => void child?.kill("SIGTERM"),
    framebuffer: () => readRam(RAM_LENGTH - FRAMEBUFFER_LENGTH, FRAMEBUFFER_LENGTH),
    memory: () => readRam(0, RAM_LENGTH),
    askStatistics: () => {
      if (!dead) link.askStatistics();
    },
    close: () => {
      kill();
      if (ram !== undefined) closeSync(ram);
      ram = undefined;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function emulatorArguments(
  options: BoardOptions,
  machine: MachineOptions,
  directory: string,
  ramPath: string,
): string[] {
  const lines = BOARD_LINES.flatMap((line) => ["-chardev", `socket,id=${line},path=${join(directory, line)}`]);
  const plugin = Object.entries(options.plugin ?? {}).map(([name, value]) => `,${name}=${value}`);
  return [
    "-M",
    "virt,memory-backend=ram",
    "-object",
    `memory-backend-file,id=ram,size=${RAM_LENGTH},mem-path=${ramPath},share=on`,
    "-m",
    "8M",
    "-cpu",
    CPU,
    "-bios",
    options.elf ?? BOARD_ELF,
    "-nodefaults",
    "-display",
    "none",
    "-no-reboot",
    ...lines,
    "-serial",
    "chardev:control",
    "-device",
    `pci-serial-4x,addr=1,${BOARD_LINES.slice(1)
      .map((line, index) => `chardev${index + 1}=${line}`)
      .join(",")}`,
    // In virtual time the harness owns the clock and instructions are counted exactly; in real time the board runs as
    // fast as it can.
    ...(machine.virtual ? ["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm"] : []),
    ...(options.plugin === undefined
      ? []
      : ["-plugin", `${BOARD_PLUGIN}${plugin.join("")}${"stacks" in options.plugin ? `,ram=${ramPath}` : ""}`]),
  ];
}

/** Without a seed every boot has its own: this board has no entropy of its own. */
function seedOf(hex: string | undefined): Uint8Array {
  return hex === undefined ? randomBytes(32) : new Uint8Array(Buffer.from(hex, "hex"));
}
