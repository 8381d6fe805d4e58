// tsx tools/package.ts --election FILE --keys DIR --out FILE [--terminals FILE]
// Makes a signed election package. Keys of a test election are made in DIR when there are none.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { fromHex } from "../firmware/bytes.js";
import { MissingCharacter } from "../office/text/shape.js";
import { type TerminalKey, buildPackage } from "../office/package/build.js";
import { parseDefinition, problemLine } from "../office/package/definition.js";
import { loadOrCreateElectionKeys } from "../office/package/keys.js";
import { PhotoProblem, packPhotos } from "../office/package/photo.js";
import { DoesNotFit } from "../office/package/tree.js";

const usage = "usage: package --election FILE --keys DIR --out FILE [--terminals FILE]";

function readTerminals(file: string): TerminalKey[] {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list)) throw new Error(`${file}: expected [{"id": number, "publicKey": "hex", "partKey": "hex"}]`);
  return list.map((each: unknown, i) => {
    const terminal = each as { id?: unknown; publicKey?: unknown; partKey?: unknown };
    const [publicKey, partKey] = [terminal.publicKey, terminal.partKey].map((key) => (typeof key === "string" ? fromHex(key) : undefined));
    if (typeof terminal.id !== "number" || !Number.isInteger(terminal.id) || publicKey?.length !== 32 || partKey?.length !== 32)
      throw new Error(`${file}: entry ${i + 1}: expected {"id": number, "publicKey": 64 hexadecimal digits, "partKey": 64 hexadecimal digits}`);
    return { id: terminal.id, publicKey, partKey };
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { election: { type: "string" }, keys: { type: "string" }, out: { type: "string" }, terminals: { type: "string" } } });
  if (values.election === undefined || values.keys === undefined || values.out === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  let text: string;
  try {
    text = readFileSync(values.election, "utf8");
  } catch (thrown) {
    process.stderr.write(`${values.election}: cannot be read (${(thrown as Error).message})\n`);
    return 1;
  }
  const definition = parseDefinition(text, values.election);
  if (!definition.ok) {
    for (const problem of definition.problems) process.stderr.write(`${problemLine(problem)}\n`);
    return 1;
  }
  try {
    const terminals = values.terminals === undefined ? [] : readTerminals(values.terminals);
    const photos = await packPhotos(definition.value, dirname(values.election));
    const bytes = buildPackage(definition.value, loadOrCreateElectionKeys(values.keys), terminals, photos);
    writeFileSync(values.out, bytes);
    const options = definition.value.contests.reduce((sum, contest) => sum + contest.options.length, 0);
    process.stdout.write(`${values.out}: ${definition.value.contests.length} contests, ${options} options, ${terminals.length} terminals, ${bytes.length} bytes\n`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof DoesNotFit || thrown instanceof MissingCharacter || thrown instanceof PhotoProblem)) throw thrown;
    process.stderr.write(`${values.election}: ${thrown.message}\n`);
    return 1;
  }
}

process.exitCode = await main();
