// tsx tools/roll.ts --voters FILE --station N --keys DIR --desks FILE --out FILE [--capacity N] [--test]
// Makes a signed electoral roll for the desks of a station. Keys of a test election are made in DIR when there are none.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fromHex } from "../firmware/bytes.js";
import { checkInsMax } from "../firmware/roll/layout.js";
import { loadOrCreateElectionKeys } from "../office/package/keys.js";
import { DoesNotFit } from "../office/package/tree.js";
import { buildRoll } from "../office/roll/build.js";
import { parseVoters } from "../office/roll/voters.js";

const usage = "usage: roll --voters FILE --station N --keys DIR --desks FILE --out FILE [--capacity N] [--test]";
const capacityUsual = 3_000;

function readDesks(file: string): { readonly id: number; readonly publicKey: Uint8Array }[] {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list)) throw new DoesNotFit(`${file}: expected [{"id": number, "publicKey": "hex"}]`);
  return list.map((each: unknown, i) => {
    const desk = each as { id?: unknown; publicKey?: unknown };
    const publicKey = typeof desk.publicKey === "string" ? fromHex(desk.publicKey) : undefined;
    if (typeof desk.id !== "number" || !Number.isInteger(desk.id) || desk.id < 1 || publicKey?.length !== 32)
      throw new DoesNotFit(`${file}: entry ${i + 1}: expected {"id": number, "publicKey": 64 hexadecimal digits}`);
    return { id: desk.id, publicKey };
  });
}

function main(): number {
  const { values } = parseArgs({
    options: { voters: { type: "string" }, station: { type: "string" }, keys: { type: "string" }, desks: { type: "string" }, out: { type: "string" }, capacity: { type: "string" }, test: { type: "boolean" } },
  });
  const station = Number(values.station);
  const capacity = Number(values.capacity ?? capacityUsual);
  const isWhole = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
  if (values.voters === undefined || values.keys === undefined || values.desks === undefined || values.out === undefined || !isWhole(station, 999_999) || !isWhole(capacity, checkInsMax)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const list = parseVoters(readFileSync(values.voters, "utf8"));
  if (!list.ok) {
    for (const problem of list.problems) process.stderr.write(`${values.voters}: ${problem}\n`);
    return 1;
  }
  try {
    const bytes = buildRoll({ test: values.test ?? false, station, styles: list.styles, capacity, desks: readDesks(values.desks), voters: list.voters }, loadOrCreateElectionKeys(values.keys));
    writeFileSync(values.out, bytes);
    process.stdout.write(`${values.out}: ${list.voters.length} voters, ${list.styles.length} areas, ${bytes.length} bytes, ${((bytes.length * 8) / list.voters.length).toFixed(2)} bits a voter\n`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof DoesNotFit)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 1;
  }
}

process.exitCode = main();
