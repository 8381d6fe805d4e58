// A station in the middle of its voting day: the polls are open and so many ballots are stored, written by the vault
// and the journal themselves.

import { encodeBallot } from "../../firmware/election/ballot.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import type { Mark } from "../../firmware/election/types.js";
import { Journal } from "../../firmware/journal/journal.js";
import { EpochLog } from "../../firmware/device/epoch.js";
import { readU32 } from "../../firmware/bytes.js";
import { certificatesMax } from "../../firmware/device/certificate.js";
import { deriveKey, deviceKeys } from "../../firmware/device/keys.js";
import { certificateAddress } from "../../firmware/device/layout.js";
import { DeviceLog } from "../../firmware/device/log.js";
import { readStored } from "../../firmware/device/stored.js";
import { States } from "../../firmware/service/states.js";
import { StateWords } from "../../firmware/vault/state-words.js";
import { Vault } from "../../firmware/vault/vault.js";
import { Chance } from "../../sim/chance.js";
import { flashOf } from "../../sim/nor.js";
import { secretIn } from "../../test/support/device-secret.js";
import type { Station } from "../../sim/station.js";
import { must } from "../../test/campaigns/crash/day.js";
import { vaultOptionsOf } from "../../test/support/loading.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";

/** Before the station is switched on for the first time. `marks`: what every ballot says. */
export function fill(station: Station, ballots: number, marks: readonly Mark[]): void {
  const chance = new Chance("fill", "vault");
  const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => chance.fill(out) });
  const { election } = station.pack;
  const secret = secretIn(station.chips.main, station.fuses);
  const options = vaultOptionsOf(station, crypto);
  const { keys } = options;
  const { vault, media, layout } = must(Vault.open(options));
  const journal = must(
    Journal.open({
      crypto,
      media,
      region: layout.journal,
      head: layout.journalHead,
      key: keys.journal,
      election: election.id,
      terminal: station.terminalId,
      signKey: options.keys.sign,
      clock: { monotonic: () => 0, wall: () => 1_795_235_400 },
    }),
  );
  const erasing = (): Uint8Array => deriveKey(crypto, secret, election.id, "erasing", 16);
  noteLog(station, crypto, secret);
  const { id } = election;
  const words = new StateWords({
    crypto,
    media,
    keys: { state: keys.state, erasing },
    election: id,
    terminal: station.terminalId,
  });
  const epochs = EpochLog.open(flashOf(station.chips.main), crypto, secret);
  must(States.open({ crypto, journal, words, epochs, election: id }));
  must(journal.append("started"));
  must(journal.append("opened", 0));
  if (ballots === 0) return;
  const plain = encodeBallot({ style: election.styles[0]!.id, marks }, election.ballotLength);
  for (let i = 0; i < ballots; i++) {
    const prepared = must(vault.prepare(crypto.random(16), plain));
    must(vault.commit(prepared));
    must(vault.spend(prepared));
    must(vault.blank());
  }
}

/** What an earlier start with this package has noted. */
function noteLog(station: Station, crypto: Crypto, secret: Uint8Array): void {
  const flash = flashOf(station.chips.main);
  const { sign } = deviceKeys(crypto, secret);
  const clock = { monotonic: () => 0, wall: () => 1_795_235_400 };
  const certificate = readStored(flash, certificateAddress, certificatesMax);
  if (!certificate.ok || certificate.value === undefined) throw new Error("no certificate");
  const log = DeviceLog.open({ flash, crypto, clock, secret, sign, isKnown: true });
  log.note("enrolled", crypto.sha256(certificate.value), readU32(station.keys.authority.publicKey, 0));
  log.note("installed", station.pack.election.root, station.terminalId);
}
