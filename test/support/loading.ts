// What a terminal does at its first start, for tests and benches that fill a store before there is one.

import type { Crypto } from "../../firmware/crypto/crypto.js";
import { type DeviceKeys, deriveKeys } from "../../firmware/device/keys.js";
import { settleLoading } from "../../firmware/vault/loading-store.js";
import { ok } from "../../firmware/result.js";
import type { VaultOptions } from "../../firmware/vault/vault.js";
import { flashOf } from "../../sim/nor.js";
import type { Station } from "../../sim/station.js";
import { secretIn } from "./device-secret.js";
import { nodeTallyKey } from "./tally-key.js";

/** How the vault of a station that is off is opened in this process; it is loaded when it was not yet. */
export function vaultOptionsOf(station: Station, crypto: Crypto): VaultOptions & { readonly keys: DeviceKeys } {
  const { pack, terminalId: terminal, chips } = station;
  const deviceSecret = secretIn(chips.main, station.fuses);
  const { election } = pack;
  const keys = deriveKeys(crypto, deviceSecret, election.id, station.stationKey);
  const key = nodeTallyKey((out) => out.set(crypto.random(out.length)));
  return {
    crypto,
    keys,
    terminal,
    election,
    a: flashOf(chips.a),
    b: flashOf(chips.b),
    tallyKey: (media, layout) => {
      const isUnused = (): ReturnType<Parameters<typeof settleLoading>[0]["isUnused"]> => ok(true);
      const region = layout.loading;
      const settled = settleLoading({ crypto, key, election, terminal, deviceSecret, keys, media, region, isUnused });
      return settled.ok ? ok(settled.value.tallyKey) : settled;
    },
  };
}
