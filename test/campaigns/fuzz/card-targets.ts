// What a card can say to a reader, and a device's own flash to it: entries of the list in targets.ts.

import { readClosed, readRecovery, signClosed, signRecovery } from "../../../firmware/access/closed-statement.js";
import { type CardCertificate, readCard, signCard } from "../../../firmware/access/certificate.js";
import { INS_GET_DESK, INS_GET_STATE, decodeCardState, encodeCardState } from "../../../firmware/access/protocol.js";
import { Responder } from "../../../firmware/access/noise.js";
import { readRight, signRight } from "../../../firmware/access/right.js";
import { concat, equalBytes, isFilledWith } from "../../../firmware/bytes.js";
import { decodeAs, encodeAs } from "../../../firmware/cbor/shape.js";
import { deviceKeys } from "../../../firmware/device/keys.js";
import { DeviceLog } from "../../../firmware/device/log.js";
import { logAddress } from "../../../firmware/device/log-cell.js";
import { cardRulesShape, problemOfRevoked } from "../../../firmware/election/card-rules.js";
import type { StyleId } from "../../../firmware/election/types.js";
import { readDeviceLog } from "../../../office/device/log.js";
import { ActivationCard } from "../../../sim/devices/activation-card.js";
import { inDeskReader } from "../../../sim/devices/card.js";
import type { Executed, Verified } from "../../../sim/devices/secure-card.js";
import { Initiator } from "../../../sim/devices/noise-initiator.js";
import { NorChip, flashOf } from "../../../sim/nor.js";
import { CardWorld } from "../../support/card-world.js";
import type { Target } from "./fuzz.js";
import { crypto, filled, pair, signed } from "./signed-target.js";

const rules = { issuerKey: pair.publicKey, epoch: 1, revoked: new Uint8Array(0) };

const statement = { election: filled(16), terminal: 2, freshKey: filled(32, 9) };

const cardState: Target = {
  name: "card-state",
  corpus: [
    encodeCardState({ kind: "empty", use: 3 }),
    encodeCardState({ kind: "granted", use: 3, right: filled(150) }),
  ],
  lengthMax: 300,
  short: 2_000,
  run: (bytes) => {
    const state = decodeCardState(bytes);
    if (state === undefined) return false;
    if (!equalBytes(encodeCardState(state), bytes)) throw new Error("taken, and has another encoding");
    return true;
  },
};

const cardRules: Target = {
  name: "card-rules",
  corpus: [[], [0, 0, 0, 1], [0, 0, 0, 1, 0, 0, 1, 0, 9, 9, 9, 9]].map((revoked) =>
    encodeAs({ ...rules, revoked: Uint8Array.from(revoked) }, cardRulesShape),
  ),
  lengthMax: 5_000,
  short: 1_000,
  run: (bytes) => {
    const read = decodeAs(bytes, cardRulesShape);
    return read.ok && problemOfRevoked(read.value) === undefined;
  },
};

/** Both messages of a card's handshake, one behind the other. */
function noiseTarget(): Target {
  const own = crypto.boxKeyPair(filled(32, 0x21));
  const prologue = filled(7);
  const responder = (): Responder =>
    new Responder({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(filled(32, 0x22)) });
  const card = new Initiator({
    crypto,
    prologue,
    own: crypto.boxKeyPair(filled(32, 0x23)),
    ephemeral: crypto.boxKeyPair(filled(32, 0x24)),
  });
  const first = card.begin();
  card.take(responder().answer(first, filled(60))!);
  const last = card.finish(filled(144))!.message;
  return {
    name: "noise",
    corpus: [concat(first, last)],
    lengthMax: 400,
    short: 400,
    run: (bytes) => {
      const side = responder();
      // a card that says less than a key is not answered at all: see select() of access/channel.ts
      if (bytes.length < first.length || side.answer(bytes.slice(0, first.length), filled(60)) === undefined)
        return false;
      const finished = side.finish(bytes.slice(first.length));
      side.wipe();
      if (finished === undefined) return false;
      if (!equalBytes(bytes, concat(first, last))) throw new Error("taken, and it is another's");
      return true;
    },
  };
}

/** A genuine card, in its own genuine channel, that says what it must not: both answers, one behind the other. */
function cardSays(): Target {
  const world = new CardWorld();
  const answers: { state: Uint8Array; desk: Uint8Array } = { state: new Uint8Array(0), desk: new Uint8Array(0) };
  class Says extends ActivationCard {
    protected override execute(ins: number, data: Uint8Array, reader: Verified): Executed {
      const said = super.execute(ins, data, reader);
      if (ins === INS_GET_STATE && answers.state.length > 0) return { ...said, data: answers.state };
      if (ins === INS_GET_DESK && answers.desk.length > 0) return { ...said, data: answers.desk };
      return said;
    }
  }
  const card = new Says({ crypto: world.crypto, keeps: world.keeps("voter") });
  const terminal = world.terminal();
  let lengths: readonly number[] = [];
  const target: Target = {
    name: "card-says",
    corpus: [],
    lengthMax: 400,
    short: 150,
    run: async (bytes) => {
      answers.state = bytes.slice(0, lengths[0]);
      answers.desk = bytes.slice(lengths[0]);
      const read = await terminal.read(inDeskReader(card));
      terminal.sessions.end();
      return read.ok;
    },
  };
  return {
    ...target,
    prepare: async () => {
      await world.granted(card);
      const kept = card.kept as { readonly use: number; readonly right: Uint8Array; readonly desk: Uint8Array };
      const state = encodeCardState({ kind: "granted", use: kept.use, right: kept.right });
      lengths = [state.length, kept.desk.length];
      return [concat(state, kept.desk)];
    },
  };
}

/** The cells of a device's log. */
function deviceLogTarget(): Target {
  const secret = filled(32, 0x31);
  const { sign } = deviceKeys(crypto, secret);
  const clock = { monotonic: () => 0, wall: () => 1_795_235_400 };
  const size = 0x1_0000;
  const open = (chip: NorChip, isKnown = true): DeviceLog =>
    DeviceLog.open({ flash: flashOf(chip), crypto, clock, secret, sign, isKnown });
  const lived = new NorChip({ size });
  const log = open(lived, false);
  log.append("made", sign.publicKey);
  for (let i = 0; i < 8; i++) log.append("installed", filled(32, i), i);
  const whole = lived.cells.slice();
  const used = 9 * 2 * 160;
  return {
    name: "device-log",
    corpus: [whole.slice(logAddress, logAddress + used)],
    lengthMax: used,
    short: 60,
    run: (bytes) => {
      const chip = new NorChip({ size });
      chip.restore(whole);
      chip.cells.set(bytes, logAddress);
      readDeviceLog(crypto, chip.cells, sign.publicKey);
      const found = open(chip);
      const state = found.state;
      if (state === "not-kept") throw new Error("not kept on a flash that keeps all");
      if (!found.append("released", filled(32))) throw new Error("not gone on with");
      if (open(chip).count !== found.count) throw new Error("another length at the next start");
      return state === "whole" && !isFilledWith(bytes, 0xff);
    },
  };
}

export const cardTargets: readonly Target[] = [
  signed<CardCertificate>(
    "sandogh/card",
    [
      { kind: "voter", serial: 77, epoch: 3, key: filled(32), station: 0 },
      { kind: "executive", serial: 1, epoch: 0xffff_ffff, key: filled(32), station: 999_999 },
    ],
    (value) => signCard(crypto, value, pair.secretKey),
    (bytes) => readCard(crypto, bytes, rules),
  ),
  signed(
    "sandogh/right",
    [{ election: filled(16), station: 7, style: 3 as StyleId, cardKey: filled(32), use: 9 }],
    (value) => signRight(crypto, value, pair.secretKey),
    (bytes) => readRight(crypto, bytes, pair.publicKey),
  ),
  signed(
    "sandogh/closed",
    [statement],
    (value) => signClosed(crypto, value, pair.secretKey),
    (bytes) => readClosed(crypto, bytes, pair.publicKey),
  ),
  signed(
    "sandogh/recovery",
    [statement],
    (value) => signRecovery(crypto, value, pair.secretKey),
    (bytes) => readRecovery(crypto, bytes, pair.publicKey),
  ),
  cardState,
  cardRules,
  noiseTarget(),
  cardSays(),
  deviceLogTarget(),
];
