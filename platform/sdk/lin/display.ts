// The display of the SDK's build: what the harness sees, and the SDK's own screen, which mcsim shows.

import { CableDisplay } from "../../xs/display.js";

/** The SDK's screen (its build/simulators), as far as it is used here. */
interface SimulatorScreen {
  begin(x: number, y: number, width: number, height: number): void;
  send(pixels: ArrayBufferLike, offset: number, count: number): void;
  end(): void;
}

declare const screen: SimulatorScreen;

export class ScreenDisplay extends CableDisplay {
  override begin(x: number, y: number, width: number, height: number): void {
    super.begin(x, y, width, height);
    screen.begin(x, y, width, height);
  }

  override send(pixels: Uint8Array): void {
    super.send(pixels);
    screen.send(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  }

  override end(): void {
    super.end();
    screen.end();
  }
}
