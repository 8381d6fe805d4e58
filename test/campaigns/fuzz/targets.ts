// Every decoder of outside data that can be tried alone, an entry each.

import mqtt from "mqtt-packet";
import { FrameDecoder, encodeFrame } from "../../../drivers/card/pn532/frame.js";
import { getFirmwareVersion, inDataExchange, inListPassiveTarget } from "../../../drivers/card/pn532/command.js";
import { ReportDecoder, encodeReport } from "../../../drivers/panel/report.js";
import { SaidDecoder } from "../../../drivers/printer/escpos.js";
import { concat, equalBytes, toHex } from "../../../firmware/bytes.js";
import { decode, encode } from "../../../firmware/cbor/cbor.js";
import { type SignedKind, sign1, verify1 } from "../../../firmware/cose/sign1.js";
import { readAssignments, signAssignment, signAssignments } from "../../../firmware/device/assignment.js";
import { type CodeBook, decodeBallot, encodeBallot } from "../../../firmware/election/ballot.js";
import { openPackage } from "../../../firmware/election/package.js";
import type { ElectionPackage, OptionIndex, TerminalId } from "../../../firmware/election/types.js";
import { type EventKind, events } from "../../../firmware/journal/events.js";
import { openRoll } from "../../../firmware/roll/roll.js";
import { readVoterPage } from "../../../firmware/roll/voter-page.js";
import { archiveAddress, encodeReceipt, readReceipt } from "../../../firmware/service/archive.js";
import { type MessageKind, type Messages, openMessage, signMessage, topicOf } from "../../../firmware/sync/messages.js";
import { PacketReader, type ServerPacket } from "../../../firmware/sync/mqtt-packet.js";
import {
  type Results,
  readRecordList,
  readResults,
  signRecordList,
  signResults,
} from "../../../firmware/tally/results.js";
import { readRecord, signRecord } from "../../../firmware/vault/record.js";
import { readJournal } from "../../../office/journal/journal.js";
import { layOutElection, seal } from "../../../office/package/build.js";
import { electionKeysFromSeed } from "../../../office/package/keys.js";
import { namesOf } from "../../../office/package/names.js";
import { buildRoll, codePages } from "../../../office/roll/build.js";
import { parse, smallYaml } from "../../package/support.js";
import { address as rollAddress, definition, drawVoters } from "../../roll/support.js";
import { MemoryFlash } from "../../support/memory-flash.js";
import { Store } from "../../support/store.js";
import { cardTargets } from "./card-targets.js";
import type { Target } from "./fuzz.js";
import { crypto, filled, pair, payloadOf, signed } from "./signed-target.js";

const keys = electionKeysFromSeed(new Uint8Array(32).fill(7));
const where = { election: filled(16), terminal: 2 };

function message<K extends MessageKind>(kind: K, ...examples: readonly Messages[K][]): Target {
  return signed(
    `sandogh/${kind}` as SignedKind,
    examples,
    (value) => signMessage(crypto, kind, value, pair.secretKey),
    (bytes) => openMessage(crypto, kind, bytes, pair.publicKey),
  );
}

const hashes = [1, 2, 3].map((value) => filled(16, value));
const heartbeat = {
  ...where,
  poll: 1,
  ballots: filled(4),
  root: filled(32),
  run: filled(8),
  counter: filled(4),
  dropped: filled(4),
};
const record = { ...where, slot: 3, box: filled(112) };
const results: Results = {
  root: filled(32),
  kind: "test",
  terminal: 2,
  generatedAt: 1_795_235_400,
  ballots: 12,
  voids: 1,
  records: filled(32),
  media: 2,
  k: 3,
  contests: [
    { contest: 1 as never, ballots: 12, blank: 1, undervotes: 2, votes: [9, 300, 70_000 % 65_536] },
    { contest: 2 as never, votes: undefined },
  ],
  version: "0.2.0",
};

const cbor: Target = {
  name: "cbor",
  corpus: [
    encode([1, -1, null, true, "متن", filled(3), new Map([[1, [2, 3]]])]),
    encode(new Map<number, number | Uint8Array>([1, 24, 256, 65_536, 2 ** 40].map((key) => [key, key]))),
    encode([filled(300), "x".repeat(300), Number.MAX_SAFE_INTEGER, -0x8000_0000]),
  ],
  lengthMax: 20_000,
  short: 4_000,
  run: (bytes) => {
    const value = decode(bytes);
    if (!value.ok) return false;
    if (!equalBytes(encode(value.value), bytes)) throw new Error("taken, and has another encoding");
    return true;
  },
};

const framed = (["receipt", "record", "results"] as const).map((kind) =>
  sign1(crypto, `sandogh/${kind}`, filled(40), pair.secretKey),
);
const framing: Target = {
  name: "framing",
  corpus: framed,
  lengthMax: 20_000,
  short: 1_000,
  run: (bytes) => {
    const isOurs = framed.some((each) => equalBytes(each, bytes));
    const read = (["receipt", "record", "results"] as const).some(
      (kind) => verify1(crypto, `sandogh/${kind}`, bytes, pair.publicKey).ok,
    );
    if (read && !isOurs) throw new Error("taken, and nobody signed it");
    return read;
  },
};

/** What comes out must not depend on how the bytes were cut; `said` must not be longer than what came. */
function stream(
  name: string,
  corpus: readonly Uint8Array[],
  open: (say: (line: string) => void) => (bytes: Uint8Array) => void,
): Target {
  return {
    name,
    corpus,
    lengthMax: 8_192,
    short: 1_500,
    run: (bytes, chance) => {
      const whole: string[] = [];
      open((line) => whole.push(line))(bytes);
      const cut: string[] = [];
      const push = open((line) => cut.push(line));
      for (let at = 0; at < bytes.length; ) {
        const to = at + 1 + chance.below(20);
        push(bytes.subarray(at, to));
        at = to;
      }
      if (whole.join() !== cut.join()) throw new Error(`whole: ${whole.join()}; in pieces: ${cut.join()}`);
      if (whole.length > bytes.length) throw new Error("more comes out than goes in");
      return whole.length > 0;
    },
  };
}

const receipts = topicOf(where, "receipt");
const packets: readonly mqtt.Packet[] = [
  { cmd: "connack", returnCode: 0, sessionPresent: false },
  { cmd: "suback", messageId: 1, granted: [1] },
  { cmd: "publish", topic: receipts, payload: Buffer.alloc(90, 1), qos: 1, messageId: 9, dup: false, retain: false },
  { cmd: "publish", topic: receipts, payload: Buffer.alloc(2, 1), qos: 0, dup: false, retain: true },
  {
    cmd: "publish",
    topic: "x".repeat(200),
    payload: Buffer.alloc(300, 1),
    qos: 2,
    messageId: 8,
    dup: true,
    retain: false,
  },
  { cmd: "pubrel", messageId: 8 },
  { cmd: "puback", messageId: 77 },
  { cmd: "pingresp" },
];
const brokers = packets.map((packet) => new Uint8Array(mqtt.generate(packet)));
const mqttTarget = stream("mqtt", [...brokers, concat(...brokers)], (say) => {
  const reader = new PacketReader([{ topic: receipts, lengthMax: 100 }]);
  let ended = false;
  const line = (packet: ServerPacket): string => {
    if (packet.type !== "publish") return JSON.stringify(packet);
    if (packet.payload.length > 100) throw new Error("longer than wanted");
    return `publish ${packet.topic} ${toHex(packet.payload)} ${packet.qos} ${packet.id}`;
  };
  return (bytes) => {
    if (ended) return;
    const why = reader.read(bytes, (packet) => {
      say(line(packet));
      return true;
    });
    ended = why !== undefined;
    if (why !== undefined) say(why);
  };
});

const commands = [getFirmwareVersion, inListPassiveTarget, inDataExchange(1, filled(5), 100)] as const;
const reader = stream(
  "reader",
  [
    ...["d50332010607", "d54b00", "d54b010100040820048804e1f20578807002", "d541009000", "d5410140"].map((hex) =>
      encodeFrame(new Uint8Array(Buffer.from(hex, "hex"))),
    ),
    encodeFrame(concat(Uint8Array.of(0xd5, 0x41, 0), filled(250))),
    Uint8Array.of(0, 0, 0xff, 0, 0xff, 0),
    Uint8Array.of(0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0),
  ],
  (say) => {
    const decoder = new FrameDecoder((frame) => {
      say(frame.kind === "data" ? toHex(frame.data) : frame.kind);
      if (frame.kind === "data") for (const command of commands) command.decode(frame.data.subarray(2));
    });
    return (bytes) => decoder.push(bytes);
  },
);

const printer = stream(
  "printer",
  ["10040c00", "1e", "37224142434400", "372500", "3733331f3100", "1113"].map(
    (hex) => new Uint8Array(Buffer.from(hex, "hex")),
  ),
  (say) => {
    const decoder = new SaidDecoder((said) => say(JSON.stringify(said)));
    return (bytes) => decoder.push(bytes);
  },
);

const panel = stream(
  "panel",
  [
    encodeReport({ kind: "touch", contact: 1, phase: "down", x: 400, y: 1_200 }, 1),
    encodeReport({ kind: "key", key: "green", pressed: true }, 2),
    encodeReport({ kind: "switches", mains: true, caseOpen: false }, 255),
  ],
  (say) => {
    const decoder = new ReportDecoder((report) => say(JSON.stringify(report)));
    return (bytes) => decoder.push(bytes);
  },
);

const store = new Store("fuzz");
const book: CodeBook = (_contest, code) =>
  code <= 9 ? { option: (code - 1) as OptionIndex, list: undefined } : undefined;
const ballot: Target = {
  name: "ballot",
  corpus: [[1, 2, 3], [], [9]].map((choices) => store.plain(choices)),
  lengthMax: 64,
  short: 2_000,
  run: (bytes) => {
    const plain = new Uint8Array(64);
    plain.set(bytes.subarray(0, 64));
    const read = decodeBallot(crypto, plain.slice(), store.election, book);
    if (!read.ok) return false;
    if (!equalBytes(encodeBallot(read.value, 64), plain)) throw new Error("taken, and has another encoding");
    return true;
  },
};

/** An assignment list is signed outside and inside: here both are by the test's key. */
const assignments = [1, 2].map((number) =>
  signAssignment(
    crypto,
    {
      root: filled(32),
      serial: `BT-00000${number}`,
      signKey: filled(32, number),
      boxKey: filled(32, number + 2),
      station: 7,
      number: number as TerminalId,
      role: "ballot",
      election: filled(16),
      epoch: 1,
      stationKey: filled(80),
    },
    pair.secretKey,
  ),
);
const assignmentList: Target = {
  name: "assignments",
  corpus: [
    payloadOf("sandogh/assignments", signAssignments(crypto, { root: filled(32), assignments }, pair.secretKey)),
  ],
  lengthMax: 20_000,
  short: 300,
  run: (payload) => {
    const object = sign1(crypto, "sandogh/assignments", payload, pair.secretKey);
    return readAssignments(crypto, object, pair.publicKey, filled(32)).ok;
  },
};

const archived = { root: filled(32), terminal: 2, records: filled(32), results: filled(32) };
const archive: Target = {
  name: "archive",
  corpus: [encodeReceipt(crypto, archived, pair.secretKey)],
  lengthMax: 2_000,
  short: 600,
  run: (bytes) => {
    const flash = new MemoryFlash(archiveAddress + 4_096, bytes, archiveAddress);
    return readReceipt(flash, crypto, pair.publicKey).ok;
  },
};

/** Signed again whatever is in it: who has the authority's key, or a packager that errs. */
const sections = layOutElection(parse(smallYaml), keys).sections;
type Section = keyof typeof sections;
const changedSections: readonly Section[] = (Object.keys(sections) as Section[]).filter(
  (name) => sections[name].length > 0 && sections[name].length < 20_000,
);
/** No terminal reads them: a tool does, which refuses them so. */
function hasNames(pack: ElectionPackage): boolean {
  try {
    namesOf(pack);
    return true;
  } catch (thrown) {
    if (thrown instanceof RangeError && /^(the package's names|names of other|contest \d+: names)/.test(thrown.message))
      return false;
    throw thrown;
  }
}

function packageTarget(name: Section): Target {
  return {
    name: `package-${name}`,
    corpus: [sections[name]],
    lengthMax: 20_000,
    short: 6,
    run: (bytes) => {
      if (bytes.length === 0) return false;
      const flash = new MemoryFlash(0x8_0000, seal({ ...sections, [name]: bytes }, keys));
      const opened = openPackage(flash, 0, crypto, keys.authority.publicKey);
      if (!opened.ok) return false;
      const pack = opened.value;
      for (const contest of pack.election.contests)
        for (let option = 0; option < contest.options; option++) {
          const { code } = pack.option(contest.id, option as OptionIndex);
          pack.findCode(contest.id, code);
        }
      return name !== "names" || hasNames(pack);
    },
  };
}
const sealedPackage = seal(sections, keys);
const packageBytes: Target = {
  name: "package",
  corpus: [sealedPackage],
  lengthMax: 0x8_0000,
  short: 20,
  run: (bytes) => {
    const flash = new MemoryFlash(0x8_0000, bytes);
    const opened = openPackage(flash, 0, crypto, keys.authority.publicKey);
    if (opened.ok && !equalBytes(bytes.subarray(0, sealedPackage.length), sealedPackage))
      throw new Error("taken, and nobody signed it");
    return opened.ok;
  },
};

const voters = drawVoters("fuzz", 60, 2);
const rollBytes = buildRoll(definition(voters, [1, 2]), keys);
const roll: Target = {
  name: "roll",
  corpus: [rollBytes],
  lengthMax: 0x4_0000,
  short: 60,
  run: (bytes) => {
    const flash = new MemoryFlash(0x8_0000, bytes, rollAddress);
    const opened = openRoll(flash, rollAddress, crypto, keys.authority.publicKey);
    if (!opened.ok) return false;
    // a page that was changed is refused when it is read
    const found = opened.value.find(voters[0]!.key);
    if (found.ok && found.value === undefined) throw new Error("a voter of a signed roll is not in it");
    return found.ok;
  },
};
const riceBits = 22;
const pages = codePages(voters, riceBits, 1);
const voterPage: Target = {
  name: "voter-page",
  corpus: pages.pages,
  lengthMax: pages.pages[0]!.length,
  short: 2_000,
  run: (bytes) => {
    const page = new Uint8Array(pages.pages[0]!.length);
    page.set(bytes.subarray(0, page.length));
    return readVoterPage(page, 0, { riceBits, areaBits: 1, areas: 2 }, voters[3]!.key).ok;
  },
};

/** Two chips of a closed day, and where the journal's cells lie. */
function journalTarget(): Target {
  const day = new Store("fuzzed journal");
  const opened = day.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const journal = day.journal(opened.value);
  if (!journal.ok) throw new Error(journal.error.kind);
  for (const event of ["started", "opened", "lineUp", "lineDown", "closed"] as const)
    journal.value.append(event, (events[event] as EventKind).detail === undefined ? undefined : 0);
  const { address, length } = opened.value.layout.journal;
  const image = day.a.cells.slice();
  const used = Math.min(length, 1_024);
  return {
    name: "journal",
    corpus: [image.slice(address, address + used)],
    lengthMax: used,
    short: 40,
    run: (bytes) => {
      const changed = image.slice();
      changed.set(bytes, address);
      const source = { crypto: day.crypto, election: day.election, terminal: 1, publicKey: day.keys.sign.publicKey };
      const read = readJournal({ ...source, key: day.keys.journal, a: changed, b: changed });
      // without the key the signatures alone tell, and it must not throw either
      readJournal({ ...source, a: changed, b: changed });
      return read.ok;
    },
  };
}

/** In the order in which they are tried. */
export const targets: readonly Target[] = [
  cbor,
  framing,
  message("query", { ...where, nonce: filled(16) }),
  message("batch", { ...where, records: [filled(150), filled(150)], total: 2 }, { ...where, records: [], total: 0 }),
  message("heartbeat", heartbeat),
  message("receipt", { ...where, hashes }, { ...where, hashes: [] }),
  message("inventory", { ...where, nonce: filled(16), part: 0, parts: 2, hashes }),
  signed(
    "sandogh/record",
    [record],
    (value) => signRecord(crypto, value, pair.secretKey),
    (bytes) => readRecord(crypto, bytes, pair.publicKey),
  ),
  signed(
    "sandogh/results",
    [results],
    (value) => signResults(crypto, value, pair.secretKey),
    (bytes) => readResults(crypto, bytes, pair.publicKey),
  ),
  signed(
    "sandogh/record-list",
    [{ ...where, names: filled(64) }],
    (value) => signRecordList(crypto, value, pair.secretKey),
    (bytes) => readRecordList(crypto, bytes, pair.publicKey),
  ),
  assignmentList,
  archive,
  mqttTarget,
  reader,
  printer,
  panel,
  ballot,
  packageBytes,
  ...changedSections.map(packageTarget),
  roll,
  voterPage,
  journalTarget(),
  ...cardTargets,
];

export function targetsNamed(name: string): readonly Target[] {
  return name === "all" ? targets : targets.filter((each) => each.name === name);
}
