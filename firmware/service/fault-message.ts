// Which message a person reads when a device or the store has failed, and the number that the journal keeps of a
// printer's fault.

import type { PrinterFault } from "../cast/printer.js";
import type { JournalFault } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { VaultFault } from "../vault/fault.js";
import type { StatesFault } from "./states.js";
import type { ActFault } from "./steps.js";

export const printerFaults: Readonly<Record<PrinterFault, { readonly code: MessageCode; readonly detail: number }>> = {
  "no-answer": { code: "P-01", detail: 1 },
  "paper-out": { code: "P-02", detail: 2 },
  "cover-open": { code: "P-03", detail: 3 },
  jam: { code: "P-04", detail: 4 },
  cutter: { code: "P-05", detail: 5 },
  overheated: { code: "P-06", detail: 6 },
  "echo-lied": { code: "P-07", detail: 7 },
  broken: { code: "P-08", detail: 8 },
  "flow-control": { code: "P-10", detail: 9 },
};

/** What officials can see to while a report waits: it then begins anew by itself. */
export const reportWaits: Readonly<Partial<Record<PrinterFault, MessageCode>>> = {
  "paper-out": "O-16",
  "cover-open": "O-17",
  jam: "O-18",
};

export function vaultMessage(fault: VaultFault): MessageCode {
  switch (fault.kind) {
    case "medium":
      return "S-01";
    case "undecided":
      return "S-07";
    case "tampered":
      return "S-02";
    case "foreign":
      return "S-10";
    case "too-small":
      return "S-03";
    case "loading":
      return "S-14";
    case "seal":
      return "S-05";
    case "full":
      return "V-04";
  }
}

/**
 * What becomes of an act that the journal did not take: for want of room it is refused, since the acts that end the day
 * have theirs.
 */
export function journalFault(fault: JournalFault): ActFault {
  return fault.kind === "full"
    ? { kind: "refused", message: "O-14" }
    : { kind: "stop", message: journalMessage(fault) };
}

export function journalMessage(fault: JournalFault): MessageCode {
  switch (fault.kind) {
    case "medium":
    case "main":
      return "S-01";
    case "full":
      return "S-04";
    case "broken-chain":
    case "cut-off":
      return "S-11";
  }
}

export function statesMessage(fault: StatesFault): MessageCode {
  return fault.kind === "older" ? "S-13" : fault.kind === "state" ? "S-12" : journalMessage(fault);
}
