// The firmware as the Moddable SDK builds it, loaded by a program without a window (headless.c). What the host's
// program takes as arguments goes through the environment, see lin/loop.c.

import type { Machine, MachineOptions } from "../machine.js";
import { startProcess } from "../machine.js";

export interface SdkBuild {
  /** headless.c */
  readonly program: string;
  /** mc.so */
  readonly library: string;
}

/** The environment that the library reads. Throws for real time, which it does not keep. */
export function sdkEnvironment(options: MachineOptions, cable: string): NodeJS.ProcessEnv {
  if (!options.virtual) throw new TypeError("the SDK's build takes its time from the harness");
  const { seed, device, framebufferPath, size, nowUs, wallBase, stats } = options;
  return {
    ...process.env,
    SANDOGH_CABLE: cable,
    SANDOGH_NOW: String(nowUs),
    SANDOGH_WALL: String(wallBase),
    ...(seed === undefined ? {} : { SANDOGH_SEED: seed }),
    ...(device === undefined ? {} : { SANDOGH_DEVICE: device }),
    ...(framebufferPath === undefined
      ? {}
      : { SANDOGH_FRAMEBUFFER: framebufferPath, SANDOGH_SIZE: `${size.width}x${size.height}` }),
    ...(stats === true ? { SANDOGH_STATS: "1" } : {}),
  };
}

export function headless(build: SdkBuild): (options: MachineOptions) => Machine {
  return (options) => startProcess(build.program, [build.library], sdkEnvironment(options, "fd:3"), options);
}
