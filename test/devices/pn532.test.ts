// The virtual PN532 against its user manual (UM0701-02), frame by frame, where our driver does not lead.

import test from "ava";
import { FrameDecoder, WAKE_UP, encodeFrame } from "../../drivers/card/pn532/frame.js";
import { toHex } from "../../firmware/bytes.js";
import { VirtualClock } from "../../sim/clock.js";
import { ForeignCard } from "../../sim/devices/card.js";
import { VirtualPN532 } from "../../sim/devices/pn532.js";
import { randomFrom } from "../support/serial-pair.js";

class Card extends ForeignCard {
  heard = 0;
  constructor(exchanges = true) {
    super({ exchanges });
  }
  override apdu(): Uint8Array {
    this.heard++;
    return Uint8Array.of(0x90, 0x00);
  }
}

const second = 1_000_000;
const apdu = "00a40400";
const ok = "00";
const timeOut = "01";
const noTarget = "27";

function reader() {
  const clock = new VirtualClock();
  const device = new VirtualPN532({ clock, random: randomFrom(3) });
  let answer = "nothing";
  const decoder = new FrameDecoder((frame) => {
    if (frame.kind === "data") answer = toHex(frame.data.slice(2));
    else if (frame.kind === "error") answer = "error";
  });
  device.send = (bytes) => decoder.push(bytes);
  device.receive(WAKE_UP);
  return {
    device,
    /** The answer's data in hexadecimal. */
    ask(hex: string): string {
      answer = "nothing";
      device.receive(encodeFrame(Uint8Array.from(Buffer.from(`d4${hex}`, "hex"))));
      clock.advanceTo(clock.nowUs() + second);
      return answer;
    },
  };
}

/** Of the first target in an answer to InListPassiveTarget. */
const uidIn = (listed: string): string => listed.slice(12, 20);

test("a card is listed by its UID, and not by another's; of two cards the lower UID comes first", (t) => {
  const { device, ask } = reader();
  ask("3205ff0101");
  const [one, other] = [new Card(), new Card()];
  device.place(one);
  device.placeBeside(other);
  const both = ask("4a0200");
  t.is(both.slice(0, 2), "02");
  const uids = [uidIn(both), both.slice(2 + 30 + 10, 2 + 30 + 18)];
  t.true(uids[0]! < uids[1]!, uids.join(" "));
  for (const target of ["01", "02"]) t.is(ask(`40${target}${apdu}`), `${ok}9000`);
  t.deepEqual([one.heard, other.heard], [1, 1]);
  t.is(ask("5200"), ok);
  t.is(ask("4a0200"), "00", "released cards are halted until the field was off");
  ask("320100");
  ask("320101");
  const [low] = [uidIn(ask("4a0200"))];
  ask("320100");
  ask("320101");
  t.is(ask(`4a0100${low}`), "00", "a random UID is another one after the field was off");
  const now = uidIn(ask("4a0100"));
  t.is(ask("5201"), ok);
  t.not(now, low);
  t.is(ask("4a01000102"), "error", "a UID of two bytes");
});

test("each of two is selected by its UID alone", (t) => {
  // the same seed draws the same UIDs
  const placed = () => {
    const { device, ask } = reader();
    const cards = [new Card(), new Card(false)] as const;
    device.place(cards[0]);
    device.placeBeside(cards[1]);
    ask("3205ff0101");
    return { ask, cards };
  };
  const uids = [
    ...placed()
      .ask("4a0200")
      .matchAll(/0004(?:08|20)04([0-9a-f]{8})/g),
  ].map(([, uid]) => uid!);
  t.is(uids.length, 2);
  const selRes = uids.map((uid) => {
    const { ask } = placed();
    const listed = ask(`4a0100${uid}`);
    t.is(uidIn(listed), uid);
    t.is(listed.slice(0, 2), "01");
    return listed.slice(8, 10);
  });
  t.deepEqual(selRes.sort(), ["08", "20"]);
});

test("without automatic RATS there is no ATS, and no APDU reaches the card", (t) => {
  const { device, ask } = reader();
  const card = new Card();
  device.place(card);
  ask("1204");
  const listed = ask("4a0100");
  t.is(listed.length, 2 * (1 + 1 + 2 + 1 + 1 + 4), listed);
  t.is(ask(`4001${apdu}`), timeOut);
  t.is(card.heard, 0);
  t.is(ask("0006"), timeOut);
});

test("a card that was swapped hears nothing and is told from no target at all", (t) => {
  const { device, ask } = reader();
  t.is(ask(`4001${apdu}`), noTarget);
  device.place(new Card());
  ask("4a0100");
  t.is(ask("0006"), ok);
  const other = new Card();
  device.place(other);
  t.is(ask(`4001${apdu}`), timeOut, "the reader does not know that its target has gone");
  t.is(ask("0006"), timeOut);
  t.is(other.heard, 0);
  t.is(ask("5202"), noTarget);
});

test("the general status tells the last error and the targets", (t) => {
  const { device, ask } = reader();
  t.is(ask("04"), "00000080");
  device.place(new Card());
  ask("4a0100");
  t.is(ask("04"), "0000010100000080");
  device.lift();
  ask(`4001${apdu}`);
  t.is(ask("04"), "0100010100000080");
  ask("5200");
  t.is(ask("04"), "01000080");
  t.is(ask("0400"), "error");
});

test("the self-tests answer as the manual says, and wrong parameters with the error frame", (t) => {
  const { ask } = reader();
  t.is(ask("0000c0ffee"), "00c0ffee");
  for (const test of ["0001", "0002", "000720"]) t.is(ask(test), ok, test);
  t.is(ask("000401"), "80");
  t.is(ask("0005000000"), "nothing", "echo back goes on until the next command");
  t.is(ask("0006"), timeOut);
  for (const wrong of ["00", "000100", "0004", "000403", "0005", "0007", "0009"]) t.is(ask(wrong), "error", wrong);
});
