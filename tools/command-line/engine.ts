// The engine that a command's terminal runs on: that of the npm package, which needs nothing more, or the SDK's.

import { Option } from "@commander-js/extra-typings";
import { type StartMachine, startHost } from "../../sim/machine.js";
import { imageOf } from "../build/image.js";
import { type Engine, NPM_ENGINE, sdkEngine, terminalOf } from "../build/sources.js";
import { sdkIsMissing, sdkPath } from "../sdk/toolchain.js";
import { Complaint } from "./complaint.js";

const names = ["npm", "sdk"] as const;
export type EngineName = (typeof names)[number];

export function engineOption() {
  return new Option("--engine <name>", "the XS of the npm package, or that of the Moddable SDK at MODDABLE")
    .choices(names)
    .default("npm" as const);
}

/** Throws a Complaint that says what to install. */
export function engineOf(name: EngineName): Engine {
  if (name === "npm") return NPM_ENGINE;
  const missing = sdkIsMissing();
  if (missing !== undefined) throw new Complaint(missing);
  return sdkEngine(sdkPath());
}

/** The desktop's terminal on this engine. Host and image of the role must have been built with it. */
export function hostMachine(engine: Engine, role = "ballot"): StartMachine {
  return (options) => startHost({ ...options, image: imageOf(role, "lines", engine), program: terminalOf(engine) });
}
