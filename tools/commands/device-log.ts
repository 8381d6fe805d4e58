// npx sandogh device-log: what has become of a device, from an image of its main flash.

import { certificatesMax, readDevice } from "../../firmware/device/certificate.js";
import { certificateAddress, requestAddress } from "../../firmware/device/layout.js";
import { logHeadAddress } from "../../firmware/device/log-cell.js";
import { readRequest, requestMax } from "../../firmware/device/request.js";
import { readStored } from "../../firmware/device/stored.js";
import { twinLength } from "../../firmware/device/twin-log.js";
import { logLine, readDeviceLog } from "../../office/device/log.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { keysFolder, keysIn, readBytes, readingCrypto } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { inFile } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Lists the log of a device, which lies on its main flash and stays when elections go: enrolment, installations,
releases, wipes. Every entry is signed by the device; its certificate says with which key. Ends with 1 when something
was changed or taken away, and names it.`;

export const deviceLog: CommandMaker = ({ streams, done }) =>
  commandOf("device-log", description, ["device-log --main DIR/main.bin --keys DIR"])
    .requiredOption("--main <file>", "image of the device's main flash", inFile("--main"))
    .requiredOption("--keys <dir>", "folder of an election's keys: whose factory has certified the device", keysFolder)
    .option("--json", jsonHelp)
    .action(async ({ main, keys: keysPath, json }) => {
      const talk = new Talk(streams, { json });
      const keys = await keysIn(keysPath);
      const image = readBytes(main);
      if (image.length < logHeadAddress + twinLength)
        throw new Complaint(`${main}: the image has ${image.length} bytes, and is no main flash`);
      const { serial, signKey } = deviceIn(main, image, keys.authority.publicKey);
      const { entries, dropped, problems } = readDeviceLog(readingCrypto, image, signKey);
      const unchecked = ["the checks of its cells and of its length: their key is the device's"];
      talk.result({ serial, dropped, entries: entries.map(logLine), problems, unchecked }, [
        serial === undefined ? "no certificate yet: by the key of its own request" : `device ${serial}`,
        ...(dropped === 0 ? [] : [`${dropped} entries before these have made room`]),
        ...entries.map(logLine),
        ...problems.map((problem) => `WRONG ${problem}`),
        ...unchecked.map((what) => `not checked: ${what}`),
        problems.length === 0 ? "every entry is signed by the device" : `${problems.length} things are wrong`,
      ]);
      done(problems.length === 0 ? exitCode.done : exitCode.failed);
    });

/** By its certificate, or before it has one by its request, which it has signed itself. */
function deviceIn(
  path: string,
  image: Uint8Array,
  authorityKey: Uint8Array,
): { readonly serial?: string; readonly signKey: Uint8Array } {
  const flash = packageFlash(image);
  const stored = (address: number, max: number): Uint8Array | undefined => {
    const read = readStored(flash, address, max);
    return read.ok ? read.value : undefined;
  };
  const chain = stored(certificateAddress, certificatesMax);
  if (chain !== undefined) {
    const certificate = readDevice(readingCrypto, chain, authorityKey);
    if (certificate.ok) return certificate.value;
    throw new Complaint(`${path}: the device's certificate: ${certificate.error.what}`);
  }
  const signed = stored(requestAddress, requestMax);
  const request = signed && readRequest(readingCrypto, signed);
  if (request?.ok !== true) throw new Complaint(`${path}: neither a certificate nor a request of a device is there`);
  return request.value;
}
