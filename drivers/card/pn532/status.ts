// The status byte of InDataExchange, InCommunicateThru, Diagnose and others (PN532 user manual section 7.1, table 15).

/** Bits 0-5 of the status byte. */
export const STATUS_ERROR_MASK = 0x3f;
/** More information follows: the answer did not fit into one frame. */
export const STATUS_MORE = 0x40;

export const STATUS_TIMEOUT = 0x01;
