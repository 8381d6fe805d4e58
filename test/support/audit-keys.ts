// A test election's auditor: the keys of a simulated terminal's checks, opened as `npx sandogh audit-keys` does.

import { type AuditKeys } from "../../firmware/device/keys.js";
import { openAuditKeys } from "../../firmware/device/loading.js";
import { loadingInImage } from "../../office/tally/image.js";
import type { Station } from "../../sim/station.js";

/** Of what lies on medium A. */
export function auditKeysOf({ crypto, election, terminalId, keys, chips }: Station): AuditKeys {
  const terminal = election.terminals.find(({ id }) => id === terminalId);
  const loading = terminal && loadingInImage(crypto, election, terminal, chips.a.cells);
  const opened = loading && openAuditKeys(crypto, loading.statement, keys.audit);
  if (opened === undefined) throw new Error(`terminal ${terminalId}: no audit keys on medium A`);
  return opened;
}
