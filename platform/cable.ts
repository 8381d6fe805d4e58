// The terminal's cable, as both ends see it. One stream joins a terminal to the harness; it carries frames:
//
//   u8 channel, u8 op, u16 port, u32 length, payload        little endian; at most 65536 bytes of payload
//
// T -> H is sent by the terminal, H -> T by the harness. A reply has the op of its request with bit 0x80.
//
// control 0   HELLO   T -> H  u32 version of the protocol (1)
//             IDLE    T -> H  u64 microseconds: nothing is left to do before that time unless a frame comes (all ones: ever)
//             RUN     H -> T  u64 microseconds: the time is now that; frames due at that time follow in the same write
//             TRACE   T -> H  a line of text
//             CRASH   T -> H  message and stack; the process ends with exit code 70
// serial 1    OPEN    T -> H  u32 baud, device name               port = a number that the terminal never uses again
//             DATA    both    bytes. The terminal has at most SERIAL_TRANSMITTER bytes not yet credited
//             CREDIT  H -> T  u32 bytes that the transmitter has drained
//             CLOSE   T -> H
// flash 2     READ    T -> H  u32 address, u32 length             port = chip; reply: u8 1, data | u8 0: no answer
//             PROGRAM T -> H  u32 address, data                   reply: u8 1 | 0
//             ERASE   T -> H  u32 block                           reply: u8 1 | 0
//             STATUS  T -> H                                      reply: u8 1, u32 size, u32 blocks, u32 blockLength | u8 0
// tcp 3       OPEN    T -> H  u16 port, host name                 port = as for serial
//             OPENED  H -> T
//             DATA    both    bytes; each side has at most TCP_WINDOW bytes not yet credited by the other
//             CREDIT  both    u32 bytes taken
//             CLOSE   both    the harness: refused, reset or closed by the peer
// display 4   RECT    T -> H  u16 x, y, width, height: these pixels of the shared picture have changed
// page 5      TEXT    both    in the SDK's simulator: what its page and the harness say to each other, JSON in ASCII. The first one,
//                             empty, tells the port (sim/sdk/simulator.ts takes these frames out)
//
// IDLE and RUN exist in virtual time only.

export const CABLE_VERSION = 1;
export const CABLE_PAYLOAD_MAX = 65536;
export const CABLE_HEAD = 8;
export const REPLY = 0x80;

export const Channel = { control: 0, serial: 1, flash: 2, tcp: 3, display: 4, page: 5 } as const;
export const Control = { hello: 0, idle: 1, run: 2, trace: 3, crash: 4 } as const;
export const SerialOp = { open: 0, data: 1, credit: 2, close: 3 } as const;
export const FlashOp = { read: 0, program: 1, erase: 2, status: 3 } as const;
export const TcpOp = { open: 0, data: 1, credit: 2, close: 3, opened: 4 } as const;
export const DisplayOp = { rect: 0 } as const;
export const PageOp = { text: 0 } as const;

/** Bytes that a UART's transmitter takes before it must have drained some. */
export const SERIAL_TRANSMITTER = 1024;
/** Bytes that a TCP connection takes, each way, before the other end must have taken some. */
export const TCP_WINDOW = 16384;
/** Bytes of flash in one request. */
export const FLASH_REQUEST = 32768;

export const FLASH_CHIPS = ["main", "a", "b"] as const;
export type FlashChipName = (typeof FLASH_CHIPS)[number];

export const SERIAL_DEVICES = ["reader", "printer", "panel"] as const;
export type SerialDeviceName = (typeof SERIAL_DEVICES)[number];

/** Writes the head of a frame at `at`. */
export function writeHead(
  bytes: Uint8Array,
  at: number,
  channel: number,
  op: number,
  port: number,
  length: number,
): void {
  bytes[at] = channel;
  bytes[at + 1] = op;
  bytes[at + 2] = port;
  bytes[at + 3] = port >>> 8;
  writeU32le(bytes, at + 4, length);
}

export function writeU32le(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function readU32le(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function u32le(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, index) => writeU32le(bytes, 4 * index, value));
  return bytes;
}
