// What a flash chip answers to the cable's requests.

import type { FlashStatus } from "../firmware/platform.js";
import type { NorRegisters } from "./nor-part.js";
import { FlashOp, readU32le, u32le } from "../platform/cable.js";

/** As sim/nor.ts has it. A method may throw PowerCut. */
export interface FlashChip {
  read(length: number, address: number): Uint8Array | undefined;
  /** `data` may cross pages. */
  program(address: number, data: Uint8Array): boolean;
  erase(block: number): boolean;
  status(): FlashStatus | undefined;
}

/** The same with its bus side, for a machine that reaches it by SPI. */
export interface BusChip extends FlashChip {
  readonly registers: NorRegisters;
}

/** The payload of the reply. Throws what the chip throws, and for an op that does not exist. */
export function flashReply(chip: FlashChip, op: number, payload: Uint8Array): Uint8Array {
  switch (op) {
    case FlashOp.read: {
      const data = chip.read(readU32le(payload, 4), readU32le(payload, 0));
      if (data === undefined) return Uint8Array.of(0);
      const reply = new Uint8Array(1 + data.length);
      reply[0] = 1;
      reply.set(data, 1);
      return reply;
    }
    case FlashOp.program:
      return Uint8Array.of(chip.program(readU32le(payload, 0), payload.slice(4)) ? 1 : 0);
    case FlashOp.erase:
      return Uint8Array.of(chip.erase(readU32le(payload, 0)) ? 1 : 0);
    case FlashOp.status: {
      const status = chip.status();
      if (status === undefined) return Uint8Array.of(0);
      const reply = new Uint8Array(14);
      reply[0] = 1;
      reply.set(u32le(status.size, status.blocks, status.blockLength), 1);
      reply[13] = status.wasProtected === true ? 1 : 0;
      return reply;
    }
    default:
      throw new Error(`the terminal sent flash op ${op}`);
  }
}
