import { decodeBallot } from "../../firmware/election/ballot.js";
import type { OptionIndex } from "../../firmware/election/types.js";
import { readRecord } from "../../firmware/vault/record.js";
import type { Vault } from "../../firmware/vault/vault.js";
import type { Store } from "./store.js";

/** The choices of every committed ballot. Throws for a record that does not verify, open and decode. */
export function openBallots(store: Store, vault: Vault): number[][] {
  return [...vault.records()].map(({ record }) => {
    const read = readRecord(store.crypto, record, store.keys.sign.publicKey);
    if (!read.ok) throw new Error(read.error.what);
    const plain = store.crypto.sealOpen(read.value.box, store.tally);
    if (plain === undefined) throw new Error("does not open");
    const ballot = decodeBallot(store.crypto, plain, store.election, () => ({
      option: 0 as OptionIndex,
      list: undefined,
    }));
    if (!ballot.ok) throw new Error(ballot.error.kind);
    return [...ballot.value.marks[0]!.choices];
  });
}
