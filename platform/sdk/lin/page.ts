// In the SDK's simulator the page, the harness and the display's glass talk to each other through the terminal's
// process; the firmware knows nothing of it.

import { Channel, PageOp } from "../../cable.js";
import { openPort } from "../../xs/loop.js";
import { send } from "../../xs/world.js";
import { flush, hasPage, unplug } from "./native/page.js";

/** What the simulator calls (the SDK's build/simulators), as far as it is used here. */
interface ScreenContext {
  onTouchBegan(contact: number, x: number, y: number): void;
  onTouchMoved(contact: number, x: number, y: number): void;
  onTouchEnded(contact: number, x: number, y: number): void;
  onQuit(): void;
}

declare const screen: {
  context: ScreenContext;
  onMessage: (message: string) => void;
  postMessage(message: string): void;
};

/** Arguments of one call: they go through the stack. */
const PART = 256;

function ascii(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(String.fromCharCode(...bytes.subarray(at, at + PART)));
  return parts.join("");
}

export function joinPage(): void {
  if (!hasPage()) return;
  const port = openPort(Channel.page, (_, payload) => screen.postMessage(ascii(payload)));
  const tell = (text: string): void => {
    // a page stays there when the power is cut
    if (!hasPage()) return;
    send(
      Channel.page,
      PageOp.text,
      port,
      Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    );
    flush();
  };
  const touch =
    (phase: string) =>
    (contact: number, x: number, y: number): void =>
      tell(JSON.stringify({ do: "touch", contact, phase, x, y }));
  screen.context = {
    onTouchBegan: touch("down"),
    onTouchMoved: touch("move"),
    onTouchEnded: touch("up"),
    onQuit: unplug,
  };
  screen.onMessage = tell;
  tell("");
}
