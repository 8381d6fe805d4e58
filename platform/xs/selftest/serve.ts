// A request is one line of JSON from the panel's line, {"id": n, "op": name, ...}; the answer is a line of the trace,
// {"id": n, "value": any} or {"id": n, "error": name of the exception, "message": its message}.

import type { Platform, Serial } from "../../../firmware/platform.js";
import type { Command, Request } from "./commands.js";

const LINE_MAX = 65536;

type Commands = Readonly<Record<string, Command>>;

async function answer(platform: Platform, commands: Commands, line: string): Promise<void> {
  const request = JSON.parse(line) as Request;
  const command = commands[request.op];
  try {
    if (command === undefined) throw new Error(`no command ${request.op}`);
    const value = await command(platform, request);
    platform.trace(JSON.stringify({ id: request.id, value }));
  } catch (error) {
    // A crash that was asked for must stay one.
    if (error instanceof Error && error.message.startsWith("on purpose")) throw error;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    platform.trace(JSON.stringify({ id: request.id, error: name, message }));
  }
}

export function serve(platform: Platform, commands: Commands): void {
  let line = "";
  const { io, device, baud } = platform.serial.panel;
  new io({
    device,
    baud,
    format: "buffer",
    onReadable(this: Serial) {
      const bytes = this.read();
      if (bytes === undefined) return;
      for (const byte of new Uint8Array(bytes)) {
        if (byte !== 10) {
          if (line.length >= LINE_MAX) throw new RangeError("selftest: line too long");
          line += String.fromCharCode(byte);
          continue;
        }
        const whole = line;
        line = "";
        void answer(platform, commands, whole);
      }
    },
  });
  platform.trace("ready");
}
