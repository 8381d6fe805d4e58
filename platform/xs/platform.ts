// The desktop platform: what a role's main hands to the firmware.

import type { Platform } from "../../firmware/platform.js";
import { CableDisplay } from "./display.js";
import { CableFlash } from "./flash.js";
import { clearTimer, setTimer } from "./loop.js";
import * as blender from "../native/blend.js";
import * as primitives from "../native/crypto.js";
import { mac } from "../native/fuses.js";
import { random } from "../native/generator.js";
import * as tallyKey from "../native/tally-key.js";
import { now, text, trace, wall, wipeHeap } from "./world.js";
import { testRoot } from "../test-root.js";
import { CableSerial } from "./serial.js";
import { CableTCP } from "./tcp.js";

/** The name by which the harness knows its broker, and MQTT's port. */
const NETWORK_ADDRESS = "broker";
const NETWORK_PORT = 1883;

export function makePlatform(): Platform {
  return {
    clock: { monotonic: () => Math.floor(now() / 1000), wall },
    timer: { set: setTimer, clear: clearTimer },
    random,
    model: "simulated-1",
    fuses: { mac },
    root: testRoot,
    primitives,
    tallyKey,
    serial: {
      reader: { io: CableSerial, device: "reader", baud: 115200 },
      printer: { io: CableSerial, device: "printer", baud: 230400 },
      panel: { io: CableSerial, device: "panel", baud: 115200 },
    },
    flash: { main: new CableFlash("main"), a: new CableFlash("a"), b: new CableFlash("b") },
    network: { io: CableTCP, address: NETWORK_ADDRESS, port: NETWORK_PORT },
    display: new CableDisplay(),
    blender,
    text: new Uint8Array(text()),
    wipeHeap,
    trace,
  };
}
