/** Opens a line, 8N1. */
export function open(line: number, baud: number): void;
export function close(line: number): void;
/** Bytes that have come and were not read. */
export function waiting(line: number): number;
/** Bytes that write takes now. */
export function free(line: number): number;
/** Fills `out`; RangeError when fewer bytes are waiting. */
export function read(line: number, out: Uint8Array): void;
/** RangeError when there is not room for all of them. */
export function write(line: number, bytes: Uint8Array): void;
