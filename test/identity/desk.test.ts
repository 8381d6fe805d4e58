// A real process of the identity role, lived with: numbers, cards, officials, devices that fail.

import test from "ava";
import { occurrences } from "../support/process-memory.js";
import { type ActivationFault, lock, spend } from "../../firmware/access/activation.js";
import { Sessions } from "../../firmware/access/channel.js";
import { grant } from "../../firmware/access/desk.js";
import { type Right, claimedRight } from "../../firmware/access/right.js";
import { signAssignment } from "../../firmware/device/assignment.js";
import type { StyleId, TerminalId } from "../../firmware/election/types.js";
import { ForeignCard, inDeskReader } from "../../sim/devices/card.js";
import type { ActivationCard } from "../../sim/devices/activation-card.js";
import { packageAddress } from "../../firmware/device/layout.js";
import { otherKeys } from "../roll/support.js";
import { PowerCut } from "../../sim/nor.js";
import { buildRoll } from "../../office/roll/build.js";
import { drawVoters } from "../roll/support.js";
import { numberOf } from "../../office/roll/voters.js";
import { type DeskScene, atDesk, station, styles, voters } from "./support.js";

const [first, second, third] = voters.map(({ key }) => key) as [number, number, number];

const many = drawVoters("many", 8_000, 2);

/** Another reader of this station: a desk or a terminal, as the authority has assigned them. */
function readerOf({ crypto, keys }: DeskScene, role: "identity" | "ballot") {
  const sign = crypto.signKeyPair(new Uint8Array(32).fill(role === "ballot" ? 1 : 2));
  const box = crypto.boxKeyPair(new Uint8Array(32).fill(role === "ballot" ? 3 : 4));
  const assignment = signAssignment(
    crypto,
    {
      ...{ root: new Uint8Array(32), serial: "OTHER-1", signKey: sign.publicKey, boxKey: box.publicKey },
      ...{ station, number: 2 as TerminalId, role, election: keys.election, epoch: keys.cards.epoch },
      stationKey: new Uint8Array(role === "ballot" ? 80 : 0),
    },
    keys.authority.secretKey,
  );
  return { sign, sessions: new Sessions({ crypto, box, assignment, rules: keys.cards }) };
}

async function grantElsewhere(scene: DeskScene, card: ActivationCard, style = 1): Promise<void> {
  const { sign, sessions } = readerOf(scene, "identity");
  const desk = {
    crypto: scene.crypto,
    sessions,
    election: scene.keys.election,
    station,
    signSecretKey: sign.secretKey,
  };
  const done = await grant(inDeskReader(card), desk, style as StyleId);
  if (!done.ok) throw new Error(done.error.kind);
}

function rightOn({ kept }: ActivationCard): Right | undefined {
  return kept.kind === "granted" ? claimedRight(kept.right) : undefined;
}

async function atTerminal(scene: DeskScene, card: ActivationCard, ...acts: readonly (typeof lock)[]): Promise<void> {
  const { sessions } = readerOf(scene, "ballot");
  const there = inDeskReader(card);
  for (const act of acts) {
    const done = await sessions.in<void, ActivationFault>(there, act);
    if (!done.ok) throw new Error(done.error.kind);
  }
}

test("each voter gets one card, of the ballot style of the area; a second is refused, over a restart too", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    t.like(rightOn(await scene.giveTo(first)), { style: 1, election: scene.keys.election, station, use: 0 });
    t.like(rightOn(await scene.giveTo(third)), { style: 2 });
    scene.desk.powerOff();
    await scene.desk.powerOn();
    await scene.until("number");
    for (const key of [first, third]) {
      await scene.type(numberOf(key));
      await scene.press("green");
      await scene.until("number D-03");
      await scene.press("back");
    }
    await scene.giveTo(second);
  });
});

test("a wrong digit, a number that is too short and one that is not in the roll are refused in words, and the number can be mended", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    const number = numberOf(second);
    await scene.type(number.slice(0, 9) + String((Number(number[9]) + 1) % 10));
    await scene.press("green");
    await scene.until("number D-01");
    await scene.press("correction");
    await scene.until("number");
    await scene.press("green");
    await scene.until("number D-01");
    await scene.press(number[9] as "0", "green");
    await scene.until("found");
    await scene.press("back");
    await scene.until("number");
    await scene.type(numberOf(second + 1));
    await scene.press("green");
    await scene.until("number D-02");
    t.is(scene.screen, "number D-02");
  });
});

test("a card that holds a right, is in use at a terminal, or is none of ours gives nobody a right and takes none; a spent one is emptied and given anew", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    await scene.askFor(first);
    const granted = scene.card();
    await grantElsewhere(scene, granted);
    scene.place(granted);
    await scene.until("message D-04");
    await scene.lift();
    await scene.until("card");
    const locked = scene.card();
    await grantElsewhere(scene, locked);
    await atTerminal(scene, locked, lock);
    scene.place(locked);
    await scene.until("message D-04");
    await scene.lift();
    scene.place(new ForeignCard({ exchanges: true }));
    await scene.until("message D-06");
    await scene.lift();
    await scene.until("card");
    const spent = scene.card();
    await grantElsewhere(scene, spent, 2);
    await atTerminal(scene, spent, lock, spend);
    scene.place(spent);
    await scene.until("granted");
    t.like(rightOn(spent), { style: 1, use: 1 });
    await scene.lift();
    // the right was given once
    await scene.until("number");
    await scene.type(numberOf(first));
    await scene.press("green");
    await scene.until("number D-03");
  });
});

for (const when of ["before", "after"] as const)
  test(`a card lifted ${when} any command of it: put back, it is granted; another empty one is not, when the first may hold the grant`, async (t) => {
    let unanswered = 0;
    for (let nth = 1; ; nth++) {
      let wasPulled = true;
      await atDesk(
        t,
        async (scene) => {
          await scene.open();
          await scene.askFor(first);
          const card = scene.card();
          scene.desk.reader.faults.pull = { apdus: nth, when };
          scene.place(card);
          await scene.wait(3);
          wasPulled = scene.desk.reader.faults.pull === undefined;
          if (!wasPulled) return;
          if (scene.screen === "message D-05") {
            unanswered++;
            t.is(card.kept.kind, when === "after" ? "granted" : "empty");
            await scene.press("green");
            await scene.until("card");
            scene.place(scene.card());
            await scene.until("message D-07");
            await scene.lift();
            await scene.press("back");
            await scene.until("number");
            if (when === "before") return;
            await scene.askFor(first);
            scene.place(card);
          } else {
            await scene.until("card");
            t.is(card.kept.kind, "empty");
            scene.place(card);
          }
          await scene.until("granted");
          t.is(card.kept.kind, "granted");
        },
        { seed: `${t.title} ${nth}` },
      );
      if (!wasPulled) break;
    }
    t.is(unanswered, 1, "only GRANT itself leaves it unknown");
  });

test("a card that is lifted and put back at once, at any moment of being written, is granted in the end, or left to two officials when it may have been", async (t) => {
  await atDesk(
    t,
    async (scene) => {
      await scene.open();
      let undecided = 0;
      for (const [i, { key }] of many.slice(0, 24).entries()) {
        await scene.askFor(key);
        const card = scene.card();
        scene.place(card);
        await scene.wait(0.02 * i);
        scene.desk.reader.lift();
        await scene.wait(0.06 * (i % 4));
        scene.place(card);
        // unused: it was granted before it was lifted
        const shown = await scene.until("granted", "message D-05", "unused");
        if (shown === "message D-05") {
          await scene.press("green");
          // GRANT had gone out, and the card did not take it
          if ((await scene.until("granted", "message D-07")) === "message D-07") {
            t.is(card.kept.kind, "empty");
            undecided++;
            await scene.press("back");
          }
        }
        if (scene.screen === "granted" || scene.screen === "unused") t.is(card.kept.kind, "granted");
        await scene.lift();
        await scene.until("number");
      }
      t.true(undecided <= 4, String(undecided));
    },
    { voters: many },
  );
});

test("two officials allow another card when the first was broken off; one alone, or one of another station, does not", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    await scene.askFor(first);
    const lost = scene.card();
    // SELECT twice, then a channel of three and GET STATE, then another channel and GRANT
    for (let nth = 1; nth < 40 && scene.screen !== "message D-05"; nth++) {
      scene.desk.reader.faults.pull = { apdus: nth, when: "before" };
      scene.place(lost);
      await scene.wait(3);
      await scene.lift();
      t.not(scene.screen, "granted");
    }
    await scene.until("message D-05");
    await scene.press("green");
    await scene.until("card");
    const card = scene.card();
    scene.place(card);
    await scene.until("message D-07");
    await scene.lift();
    await scene.showOfficial("executive");
    await scene.until("second");
    await scene.lift();
    // the same office again is nobody else
    scene.place(scene.official("executive"));
    await scene.wait(2);
    t.is(scene.screen, "second");
    await scene.lift();
    scene.place(scene.official("supervision", station + 1));
    await scene.until("message D-20");
    await scene.lift();
    await scene.until("number");
    await scene.askFor(first);
    scene.place(card);
    await scene.until("message D-07");
    await scene.lift();
    await scene.showOfficial("supervision");
    await scene.until("second");
    await scene.lift();
    await scene.showOfficial("executive");
    await scene.until("message O-06");
    await scene.lift();
    await scene.until("card");
    t.is(card.kept.kind, "empty");
    scene.place(card);
    await scene.until("granted");
    t.is(card.kept.kind, "granted");
  });
});

test("an unused card is taken back and counted; whose it was nobody knows, so nobody gets another", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    const card = await scene.giveTo(first);
    scene.place(card);
    await scene.until("unused");
    await scene.lift();
    await scene.until("number");
    t.is(card.kept.kind, "granted");
    scene.place(card);
    await scene.until("unused");
    await scene.press("green");
    await scene.until("message O-06");
    t.is(card.kept.kind, "empty");
    await scene.lift();
    await scene.type(numberOf(first));
    await scene.press("green");
    await scene.until("number D-03");
  });
});

test("nothing is given before the opening and after the close", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.desk.powerOn();
    await scene.until("closed");
    await scene.type(numberOf(first));
    await scene.press("green");
    t.is(scene.screen, "closed");
    await scene.act();
    await scene.until("number");
    await scene.giveTo(first);
    await scene.act();
    await scene.until("closed");
    await scene.type(numberOf(second));
    await scene.press("green");
    t.is(scene.screen, "closed");
    t.is(
      scene.traces.findLast((line) => line.startsWith("desk ")),
      "desk closed",
    );
  });
});

test("full: whoever comes after the last check-in is refused before a card is asked for", async (t) => {
  await atDesk(
    t,
    async (scene) => {
      await scene.open();
      await scene.giveTo(first);
      await scene.type(numberOf(second));
      await scene.press("green");
      await scene.until("number D-10");
      t.is(scene.screen, "number D-10");
    },
    { capacity: 1 },
  );
});

test("a reader that hangs is said, and work goes on when it answers again; the case opened is said", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    await scene.type(numberOf(first));
    scene.desk.reader.silent = true;
    await scene.until("message D-08");
    scene.desk.reader.silent = false;
    await scene.until("number");
    await scene.press("green");
    await scene.until("found");
    scene.desk.panel.caseOpen = true;
    await scene.until("message D-17");
    await scene.press("green");
    await scene.until("number");
    t.is(scene.screen, "number");
  });
});

test("left alone for a minute, a number is forgotten at every step before the card", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    await scene.type("049");
    await scene.wait(61);
    await scene.type(numberOf(first));
    await scene.press("green");
    await scene.until("found");
    await scene.wait(61);
    await scene.until("number");
    await scene.askFor(first);
    await scene.wait(61);
    await scene.until("number");
    scene.place(scene.card());
    await scene.wait(2);
    t.is(scene.screen, "number");
  });
});

const broken: readonly (readonly [string, string, (scene: DeskScene) => void])[] = [
  ["no roll", "D-14", ({ desk }) => desk.chips.main.cells.fill(0xff, packageAddress)],
  [
    "a roll signed by another authority",
    "D-15",
    ({ desk }) =>
      desk.chips.main.cells.set(
        buildRoll({ kind: "test", station, styles, capacity: 9, election: new Uint8Array(16), voters }, otherKeys),
        packageAddress,
      ),
  ],
  [
    "another roll than the desk is assigned to",
    "E-08",
    ({ desk, keys }) =>
      desk.chips.main.cells.set(
        buildRoll({ kind: "test", station, styles, capacity: 9, election: new Uint8Array(16), voters }, keys),
        packageAddress,
      ),
  ],
  [
    "an index that was changed",
    "D-09",
    ({ desk }) => desk.chips.main.cells.fill(0, packageAddress + 8192, packageAddress + 8200),
  ],
  ["no secret on either copy", "I-02", ({ desk }) => desk.chips.main.cells.fill(0xff, 0, 0x2000)],
  ["a medium that is missing", "D-11", ({ desk }) => (desk.chips.b.present = false)],
];
for (const [name, code, harm] of broken)
  test(`${name}: the desk does not serve, and says ${code}`, async (t) => {
    await atDesk(t, async (scene) => {
      harm(scene);
      await scene.desk.powerOn();
      t.regex(scene.traces.at(-1)!, new RegExp(`^out of service: ${code} `));
      t.true(scene.desk.terminal.framebuffer().some((byte) => byte !== 0));
    });
  });

test("a roll that goes bad while the desk is open: nobody is looked up in it, it stops and says D-09", async (t) => {
  await atDesk(
    t,
    async (scene) => {
      await scene.open();
      scene.desk.powerOff();
      // a start reads the index; this page of voters is read when one of them comes
      scene.desk.chips.main.cells[packageAddress + scene.desk.roll.length - 4096 + 300]! ^= 1;
      await scene.desk.powerOn();
      await scene.until("number");
      await scene.giveTo(many[10]!.key);
      await scene.type(numberOf(many.at(-1)!.key));
      await scene.press("green");
      await scene.until("message D-09");
      await scene.press("green", "back", "1");
      t.is(scene.screen, "message D-09");
      t.is(scene.traces.at(-1), "screen message D-09");
    },
    { voters: many },
  );
});

for (const how of ["before", "torn", "after"] as const)
  test(`the power goes ${how} each flash operation of a grant: whoever holds the granted card gets no other, and whoever holds none is not turned away`, async (t) => {
    // entry on A, on B, then the granted word on A, on B
    const settled: string[] = [];
    for (let nth = 0; ; nth++) {
      let wasCut = true;
      await atDesk(
        t,
        async (scene) => {
          const { a, b } = scene.desk.chips;
          await scene.open();
          await scene.askFor(first);
          const card = scene.card();
          let count = 0;
          for (const chip of [a, b])
            chip.onOperation = (operation) => {
              if (operation.kind === "read" || count++ !== nth) return;
              if (how === "torn") chip.tear(operation, () => scene.chance.next());
              if (how === "after") chip.tear(operation, () => 0, { kind: "subset", done: 1 });
              scene.desk.powerOff();
              throw new PowerCut("now");
            };
          scene.place(card);
          await scene.wait(3);
          a.onOperation = b.onOperation = undefined;
          wasCut = count > nth;
          if (!wasCut) return void t.is(scene.screen, "granted");
          scene.desk.reader.lift();
          const held = card.kept.kind;
          await scene.desk.powerOn();
          await scene.until("number");
          await scene.type(numberOf(first));
          await scene.press("green");
          await scene.wait(0.5);
          if (scene.screen === "number D-03") {
            settled.push("given");
            return void t.is(held, "granted", `${nth}: turned away with an empty card`);
          }
          t.is(scene.screen, "found");
          await scene.press("green");
          if (held === "granted") {
            const other = scene.card();
            scene.place(other);
            await scene.until("message D-07");
            t.is(other.kept.kind, "empty", `${nth}: a second right`);
            await scene.lift();
            await scene.press("back");
            await scene.until("number");
            await scene.askFor(first);
            scene.place(card);
            await scene.until("granted");
            settled.push("settled");
            return;
          }
          scene.place(card);
          await scene.wait(3);
          // begun, and not granted: officials decide; not begun: served as if new
          t.true(["granted", "message D-07"].includes(scene.screen), `${nth}: ${scene.screen}`);
          settled.push(scene.screen);
        },
        { seed: `${t.title} ${nth}` },
      );
      if (!wasCut) break;
    }
    // the entry, the head's block and the head, the granted word, the head and the one before it; each on A and B
    if (how === "torn") t.is(settled.length, 12, settled.join(", "));
    else
      t.deepEqual(
        settled,
        how === "before"
          ? ["granted", ...times(5, "message D-07"), "settled", ...times(5, "given")]
          : [...times(6, "message D-07"), ...times(6, "given")],
      );
  });

function times(count: number, what: string): string[] {
  return new Array<string>(count).fill(what);
}

test("a voter's number is in the process' memory while it is on the screen, and nowhere once the next one may begin", async (t) => {
  await atDesk(t, async (scene) => {
    await scene.open();
    const number = numberOf(second);
    const forms: readonly (readonly [string, Uint8Array])[] = [
      ["as text", Buffer.from(number)],
      ["as digits", Uint8Array.from(number, Number)],
    ];
    const inMemory = (): number[] => forms.map(([, bytes]) => occurrences(scene.desk.terminal.pid, bytes));
    t.deepEqual(inMemory(), [0, 0]);
    const others = (bytes: number): number => {
      const key = Buffer.alloc(bytes);
      key.writeUInt32LE(second);
      return occurrences(scene.desk.terminal.pid, key);
    };
    const keysBefore = others(4);
    await scene.askFor(second);
    t.true(
      inMemory().every((count) => count > 0),
      `the detector detects: ${inMemory().join(" ")}`,
    );
    const card = scene.card();
    scene.place(card);
    await scene.until("granted");
    await scene.lift();
    await scene.until("number");
    await scene.wait(1);
    t.deepEqual(inMemory(), [0, 0], "after a grant");
    t.true(others(4) <= keysBefore, "its key in the roll");
    await scene.type(number);
    await scene.press("green");
    await scene.until("number D-03");
    t.true(inMemory().some((count) => count > 0));
    await scene.press("1");
    t.is(scene.screen, "number");
    t.deepEqual(inMemory(), [0, 0], "when the next number begins");
  });
});
