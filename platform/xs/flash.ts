// Raw NOR flash over the cable: each request waits for the chip, as a driver that polls the status register does.

import type { Flash, FlashStatus } from "../../firmware/platform.js";
import { Channel, FLASH_CHIPS, FLASH_REQUEST, FlashOp, readU32le, u32le } from "../cable.js";
import type { FlashChipName } from "../cable.js";
import { bytesOf, wholeNumber } from "../arguments.js";
import { flashProgram, flashRead, request } from "./world.js";

const NOTHING = new Uint8Array(0);

export class CableFlash implements Flash {
  readonly #chip: number;
  /** Kept from the first answer: the geometry of a chip does not change. */
  #status: FlashStatus | undefined;

  constructor(chip: FlashChipName) {
    this.#chip = FLASH_CHIPS.indexOf(chip);
  }

  read(byteLength: number, address: number, into?: Uint8Array): Uint8Array | undefined {
    if (!this.#within(byteLength, address)) return undefined;
    const out = into ?? new Uint8Array(byteLength);
    wholeNumber(out.length, byteLength, byteLength, "flash: into");
    for (let at = 0; at < byteLength; at += FLASH_REQUEST) {
      const part = byteLength <= FLASH_REQUEST ? out : out.subarray(at, at + FLASH_REQUEST);
      if (!flashRead(this.#chip, address + at, part)) return undefined;
    }
    return out;
  }

  write(data: Uint8Array, address: number): boolean {
    const bytes = bytesOf(data, "flash: data");
    if (!this.#within(bytes.length, address)) return false;
    for (let at = 0; at < bytes.length; at += FLASH_REQUEST) {
      const part = bytes.length <= FLASH_REQUEST ? bytes : bytes.subarray(at, at + FLASH_REQUEST);
      if (!flashProgram(this.#chip, address + at, part)) return false;
    }
    return true;
  }

  eraseBlock(block: number): boolean {
    const status = this.#geometry();
    wholeNumber(block, 0, (status?.blocks ?? 0x100000000) - 1, "flash: block");
    return status !== undefined && this.#ask(FlashOp.erase, u32le(block));
  }

  status(): FlashStatus | undefined {
    const reply = new Uint8Array(request(Channel.flash, FlashOp.status, this.#chip, NOTHING));
    if (reply[0] !== 1) return undefined;
    if (reply.length !== 14) throw new Error("cable: length of a flash status");
    this.#status = {
      size: readU32le(reply, 1),
      blocks: readU32le(reply, 5),
      blockLength: readU32le(reply, 9),
      wasProtected: reply[13] === 1,
    };
    return this.#status;
  }

  #ask(op: number, payload: Uint8Array): boolean {
    return new Uint8Array(request(Channel.flash, op, this.#chip, payload))[0] === 1;
  }

  #geometry(): FlashStatus | undefined {
    return this.#status ?? this.status();
  }

  /** False when no chip has answered yet, so that its size is not known. */
  #within(byteLength: number, address: number): boolean {
    const size = this.#geometry()?.size;
    wholeNumber(address, 0, size ?? 0xffffffff, "flash: address");
    wholeNumber(byteLength, 0, (size ?? 0x100000000) - address, "flash: byteLength");
    return size !== undefined;
  }
}
