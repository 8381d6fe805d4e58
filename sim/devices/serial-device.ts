/**
 * The far end of a serial line: a virtual device sees bytes when their last bit has arrived and sends bytes that arrive
 * later.
 */
export interface SerialDevice {
  /** Bytes from the terminal, in order; any split. */
  receive(bytes: Uint8Array): void;
  /** The harness sets it before anything is received; the line's baud rate paces what is given to it. */
  send: (bytes: Uint8Array) => void;
  /** Baud rate the device is set to; a terminal that opens the line with another one gets garbage. */
  readonly baud: number;
}
