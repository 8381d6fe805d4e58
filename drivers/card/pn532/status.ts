// The status byte of InDataExchange, InCommunicateThru, Diagnose and others (PN532 user manual section 7.1, table 15).

/** Bits 0-5 of the status byte. */
export const STATUS_ERROR_MASK = 0x3f;
/** More information follows: the answer did not fit into one frame. */
export const STATUS_MORE = 0x40;

export const STATUS_TIMEOUT = 0x01;

export const statusNames: Readonly<Record<number, string>> = {
  0x00: "success",
  0x01: "the card did not answer in time",
  0x02: "CRC error",
  0x03: "parity error",
  0x04: "erroneous bit count during anticollision",
  0x05: "framing error",
  0x06: "abnormal bit collision",
  0x07: "communication buffer too small",
  0x09: "RF buffer overflow",
  0x0a: "RF field not switched on in time",
  0x0b: "RF protocol error",
  0x0d: "too hot, antenna drivers off",
  0x0e: "internal buffer overflow",
  0x10: "invalid parameter",
  0x13: "data format does not match",
  0x14: "authentication error",
  0x23: "wrong UID check byte",
  0x25: "invalid device state",
  0x26: "operation not allowed in this configuration",
  0x27: "command not acceptable in this context",
  0x29: "target released by its initiator",
  0x2a: "card exchanged",
  0x2b: "card disappeared",
  0x2d: "over-current",
};
