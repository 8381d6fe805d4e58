// The reference terminal: what a role's main hands to the firmware on the ESP32.

import FlashStorage from "embedded:storage/flash";
import TCP from "embedded:io/socket/tcp";
import config from "mc/config";
import SdkTimer from "timer";
import type { Platform, TCPConstructor } from "../../../firmware/platform.js";
import * as blender from "../../native/blend.js";
import * as primitives from "../../native/crypto.js";
import { mac } from "../../native/fuses.js";
import { random } from "../../native/generator.js";
import * as tallyKey from "../../native/tally-key.js";
import { RectangleDisplay } from "../../rectangle-display.js";
import { imageText } from "../text.js";
import { NorFlash, PartitionFlash } from "./flash.js";
import { gather, monotonic, wall, wipeHeap } from "./native/machine.js";
import * as network from "./native/network.js";
import * as nor from "./native/nor.js";
import * as panel from "./native/panel.js";
import * as uart from "./native/uart.js";
import { rootOf } from "./image-root.js";
import { serialOver } from "./serial.js";
import { timersOver } from "./timers.js";

/** The lines of uart.c, in their order. */
const LINES = ["reader", "printer", "panel"];
/** What the generator is given while the terminal runs. */
const GATHER_MS = 60_000;

declare const trace: (text: string) => void;

export function makePlatform(): Platform {
  const timer = timersOver(SdkTimer);
  const gatherOn = (): void => {
    if (!gather()) throw new Error("the noise source has failed its test");
    timer.set(gatherOn, GATHER_MS);
  };
  gatherOn();
  const networkError = network.start();
  // votes are cast without a network; the uplink finds nobody and says so
  if (networkError !== 0) trace(`network: error ${networkError}\n`);
  const size = panel.start();
  const Serial = serialOver(uart, LINES, timer);
  return {
    clock: { monotonic, wall },
    timer,
    random,
    model: "reference-1",
    fuses: { mac },
    root: rootOf(config.root),
    primitives,
    tallyKey,
    serial: {
      reader: { io: Serial, device: "reader", baud: 115200 },
      printer: { io: Serial, device: "printer", baud: 230400 },
      panel: { io: Serial, device: "panel", baud: 115200 },
    },
    flash: {
      main: new PartitionFlash(FlashStorage.open({ path: "main_0", mode: "r+" })),
      a: new NorFlash(nor, 0),
      b: new NorFlash(nor, 1),
    },
    network: { io: TCP as unknown as TCPConstructor, address: config.broker, port: config.brokerPort },
    display: new RectangleDisplay({
      width: Math.floor(size / 65536),
      height: size % 65536,
      write: panel.write,
      done: () => undefined,
    }),
    blender,
    text: imageText(),
    wipeHeap,
    trace: (line) => trace(`${line}\n`),
  };
}
