// npx sandogh certify, npx sandogh assign: a device's certificate by the factory, its place by the election office.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { assignmentAddress, certificateAddress } from "../../firmware/device/layout.js";
import { certificatesMax } from "../../firmware/device/certificate.js";
import { type Assigned, readAssignments } from "../../firmware/device/assignment.js";
import { requestMax } from "../../firmware/device/request.js";
import { encodeStored, readStored } from "../../firmware/device/stored.js";
import { describeRollError } from "../../firmware/roll/error.js";
import { openRoll } from "../../firmware/roll/roll.js";
import {
  type Place,
  assign as assignDevice,
  certify as certifyDevice,
  listOf,
  problemOfDesk,
} from "../../office/device/enrol.js";
import { KeysProblem } from "../../office/package/keys.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { keysIn, readBytes, readPackage, readingCrypto } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, complaining, exitCode } from "../command-line/complaint.js";
import { inFile, outFile, outFolder, whole, words } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

/** A file as it lies on the main flash: its length, then its bytes. */
function storedIn(path: string, max: number): Uint8Array {
  const bytes = readBytes(path);
  const block = new Uint8Array(2 + max).fill(0xff);
  block.set(bytes.subarray(0, block.length));
  const read = readStored(packageFlash(block), 0, max);
  if (!read.ok || read.value === undefined) throw new Complaint(`${path}: is no file of a device's main flash`);
  return read.value;
}

export const certify: CommandMaker = ({ streams, done }) =>
  commandOf(
    "certify",
    `Gives a new device its certificate: the answer to the request that its first start has left at 0x2000 of its main
flash. The certificate belongs at 0x3000.`,
    ["certify --request request.bin --serial BT-000123 --keys /tmp/ceremony --out certificate.bin"],
  )
    .requiredOption("--request <file>", "what lies at 0x2000 of its main flash", inFile("--request"))
    .requiredOption("--serial <serial>", "capital letters, digits and hyphens", words("--serial"))
    .option("--revision <n>", "of the hardware", whole("--revision", 0, 0xffff), 1)
    .option("--test-record <file>", "the record of the factory's tests", inFile("--test-record"))
    .requiredOption("--keys <dir>", "folder of keys, with the factory's", outFolder("--keys"))
    .requiredOption("--out <file>", "the certificate", outFile("--out"))
    .option("--json", jsonHelp)
    .action(async ({ request, serial, revision, testRecord, keys: keysPath, out, json }) => {
      const talk = new Talk(streams, { json });
      const keys = await keysIn(keysPath);
      const record = readingCrypto.sha256(testRecord === undefined ? new Uint8Array(0) : readBytes(testRecord));
      const chain = await complaining([KeysProblem], () =>
        certifyDevice(storedIn(request, requestMax), { serial, revision, testRecord: record }, keys.factory),
      );
      if (!chain.ok) throw new Complaint(`${request}: ${chain.error.what}`);
      writeFileSync(out, encodeStored(chain.value));
      const address = `0x${certificateAddress.toString(16)}`;
      talk.result({ ok: true, out, serial, address }, [`${out}: certificate of ${serial}; it belongs at ${address}`]);
      done(exitCode.done);
    });

export const assign: CommandMaker = ({ streams, done }) =>
  commandOf(
    "assign",
    `Says which device stands where, for one package or roll and no other, and adds it to the signed list that collector,
tally and verifier trust. The assignment belongs at 0x4000 of the device's main flash. A spare gets its own in the
same way, and nothing else changes.`,
    [
      "assign --certificate certificate.bin --package election.pkg --number 3 --keys /tmp/ceremony --out assignment.bin " +
        "--list assignments.cbor",
    ],
  )
    .requiredOption("--certificate <file>", "of the device, as certify has made it", inFile("--certificate"))
    .option("--package <file>", "what a ballot terminal serves", inFile("--package"))
    .option("--roll <file>", "what an identity desk serves", inFile("--roll"))
    .requiredOption("--number <n>", "the terminal's or desk's number", whole("--number", 1, 0xffff_ffff))
    .requiredOption("--keys <dir>", "folder of keys, with the authority's", outFolder("--keys"))
    .requiredOption("--out <file>", "the assignment", outFile("--out"))
    .requiredOption("--list <file>", "the signed list of all assignments; made when there is none", outFile("--list"))
    .option("--json", jsonHelp)
    .action(async ({ certificate, package: packagePath, roll, number, keys: keysPath, out, list, json }) => {
      const talk = new Talk(streams, { json });
      if ((packagePath === undefined) === (roll === undefined))
        throw new Complaint("name either --package or --roll: what the device serves");
      const keys = await keysIn(keysPath);
      const place: Place = { ...servedBy(packagePath, roll, keys), number };
      const chain = storedIn(certificate, certificatesMax);
      const before = existsSync(list) ? assignmentsIn(list, keys.authority.publicKey, place.root) : [];
      const refused = problemOfDesk(before, place);
      if (refused !== undefined) throw new Complaint(`${list}: ${refused}`);
      const signed = await complaining([KeysProblem], () => assignDevice(chain, place, keys));
      if (!signed.ok) throw new Complaint(`${certificate}: ${signed.error.what}`);
      const bytes = listOf([...before.map((each) => each.signed), signed.value], keys.authority);
      const read = readAssignments(readingCrypto, bytes, keys.authority.publicKey, place.root);
      if (!read.ok) throw new Complaint(`${list}: ${read.error.what}`);
      writeFileSync(out, encodeStored(signed.value));
      writeFileSync(list, bytes);
      const address = `0x${assignmentAddress.toString(16)}`;
      talk.result({ ok: true, out, list, assigned: read.value.assigned.length, address }, [
        `${out}: ${place.role} ${number} of station ${place.station}; it belongs at ${address}`,
        `${list}: ${read.value.assigned.length} devices`,
      ]);
      done(exitCode.done);
    });

function servedBy(
  packagePath: string | undefined,
  rollPath: string | undefined,
  keys: Parameters<typeof readPackage>[1] & object,
): Omit<Place, "number"> {
  if (packagePath !== undefined) {
    const { root, station, id: election, cards } = readPackage(packagePath, keys).pack.election;
    return { root, station, role: "ballot", election, epoch: cards.epoch };
  }
  const roll = openRoll(packageFlash(readBytes(rollPath!)), 0, readingCrypto, keys.authority.publicKey);
  if (!roll.ok) throw new Complaint(`${rollPath}: ${describeRollError(roll.error)}`);
  const { station, election, cards } = roll.value.head;
  return { root: roll.value.root, station, role: "identity", election, epoch: cards.epoch };
}

function assignmentsIn(path: string, authorityKey: Uint8Array, root: Uint8Array): readonly Assigned[] {
  const read = readAssignments(readingCrypto, new Uint8Array(readFileSync(path)), authorityKey, root);
  if (!read.ok) throw new Complaint(`${path}: ${read.error.what}`);
  return read.value.assigned;
}
