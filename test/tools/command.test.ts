// npx sandogh called wrongly: each call ends with code 2 and one line that names what is wrong. And its help.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { signAssignments } from "../../firmware/device/assignment.js";
import { readPackage } from "../../tools/command-line/authority.js";
import { keysFile, loadOrCreateElectionKeys } from "../../office/package/keys.js";
import { buildPackage } from "../../office/package/build.js";
import { exitCode } from "../../tools/command-line/complaint.js";
import type { Streams } from "../../tools/command-line/progress.js";
import { run } from "../../tools/program.js";
import { crypto, example, otherKeys } from "../package/support.js";

const names = [
  "start",
  "vote",
  "tally",
  "inspect",
  "device-log",
  "recover",
  "audit-keys",
  "archive",
  "package",
  "keys",
  "cards",
  "certify",
  "assign",
  "roll",
  "screens",
  "emulate",
  "campaign",
  "bench",
  "profile",
  "build",
  "sdk",
  "texts",
  "events",
];
const subcommands: readonly (readonly [string, readonly string[]])[] = [
  ["sdk", ["build", "run", "headless", "esp32-project", "link"]],
  ["campaign", ["crash", "order", "cuts", "soak", "wear", "limits", "corruption", "mutants"]],
];

const folder = mkdtempSync(join(tmpdir(), "sandogh-calls-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

// what the calls name, right but for one thing each
mkdirSync(at("empty"));
mkdirSync(at("full"));
mkdirSync(at("broken-keys"));
mkdirSync(at("station"));
mkdirSync(at("days"));
mkdirSync(at("images"));
writeFileSync(at("file"), "no election, no package, no image\n");
writeFileSync(at("full/notes.txt"), "somebody's\n");
writeFileSync(at(`broken-keys/${keysFile}`), "{");
writeFileSync(at("list.json"), "[1]");
writeFileSync(at("blank.bin"), new Uint8Array(0x1_0000).fill(0xff));
writeFileSync(at("voters.txt"), "0499370899 1\n");
const keys = loadOrCreateElectionKeys(at("keys"));
writeFileSync(at("election.pkg"), buildPackage(example(), keys));
writeFileSync(at("other.pkg"), buildPackage(example(), otherKeys));
copyFileSync(at(`keys/${keysFile}`), at(`station/${keysFile}`));
copyFileSync(at("election.pkg"), at("station/election.pkg"));
// nothing is assigned yet
const { root } = readPackage(at("election.pkg"), keys).pack.election;
const none = signAssignments(crypto, { root, assignments: [] }, keys.authority.secretKey);
for (const where of ["assignments.cbor", "station/assignments.cbor"]) writeFileSync(at(where), none);
mkdirSync(at("station/collector"));
writeFileSync(at("station/collector/records.log"), "no line of a collector\n");
writeFileSync(at("days/days.jsonl"), "no day\n");

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function call(args: readonly string[]): Promise<Said> {
  let [out, err] = ["", ""];
  const streams: Streams = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isTerminal: false,
    columns: 100,
  };
  const code = await run(args, { streams });
  return { code, out, err };
}

const image = ["--a", at("file"), "--keys", at("keys")];
const archived = ["archive", "--a", at("file"), "--b", at("file"), "--keys", at("keys"), "--audit", at("file")];
const dead = ["recover", "--package", at("election.pkg"), "--keys", at("keys"), "--card", at("file")];
const packed = ["--keys", at("new-keys"), "--out", at("out.pkg")];
const definition = "office/examples/example.yaml";
const rolled = ["roll", "--voters", at("voters.txt"), "--keys", at("keys"), "--out", at("roll.bin")];

/** A call, and what its line must name. */
const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  // no such thing
  [["fly"], /"fly"/],
  [["help", "fly"], /"fly"/],
  [["--fast"], /'--fast'/],
  [["sdk"], /build, run, headless, esp32-project, link/],
  [["sdk", "fly"], /"fly"/],
  [["campaign"], /crash, order, cuts, soak, wear, limits, corruption, mutants/],
  [["campaign", "slips"], /"slips"/],
  // options of every command
  [["start", "--prot", "1"], /'--prot'/],
  [["start", "8080"], /"8080"/],
  [["start", "--port", "65536"], /--port 65536: .* 0 to 65535/],
  [["start", "--port", "http"], /--port http/],
  [["start", "--port", "-1"], /--port -1/],
  [["start", "--data", ""], /--data: a folder is missing/],
  [["start", "--data", at("file")], /--data .*file: is a file; name a folder/],
  [["start", "--data", join(at("file"), "below")], /--data .*: .*file is a file/],
  [["start", "--election", "no/such.yaml"], /--election no\/such\.yaml: there is no such file/],
  [
    ["start", "--port", "0", "--data", at("started"), "--election", at("empty")],
    /--election .*empty: is a folder; name a file/,
  ],
  [["vote"], /--out <dir> is missing/],
  [["vote", "--out"], /--out <dir>/],
  [["vote", "--out", "--json"], /--out: a folder is missing/],
  [["vote", "--out", at("file")], /--out .*file: is a file/],
  [["vote", "--out", at("full")], /--out .*full: would be emptied, and holds notes\.txt/],
  [["vote", "--out", "."], /--out \.: would be emptied/],
  [["vote", "--ballots", "many", "--out", at("new")], /--ballots many/],
  [["vote", "--ballots", "-3", "--out", at("new")], /--ballots -3/],
  [["vote", "--ballots", "2.5", "--out", at("new")], /--ballots 2\.5/],
  [["vote", "--ballots", "1000000", "--out", at("new")], /--ballots 1000000: .* to 16384/],
  [["vote", "--seed", "", "--out", at("new")], /--seed/],
  [["vote", "--cut", "1", "--out", at("new")], /--cut 1: .* below 1/],
  [["vote", "--cut", "often", "--out", at("new")], /--cut often/],
  [["vote", "--election", "no.yaml", "--out", at("new")], /--election no\.yaml/],
  [["vote", "--engine", "v8", "--out", at("new")], /'v8'/],
  [["vote", "--ouput", at("new")], /'--ouput'/],
  [["vote", "--out", at("new"), "20"], /"20" is an argument too many/],
  [["tally"], /--data <dir> is missing/],
  [["tally", "--data", at("nowhere")], /--data .*nowhere: there is no such folder/],
  [["tally", "--data", at("empty")], /election\.pkg: there is no such file; is it a station's folder/],
  [["tally", "--data", at("station"), "--from", "c"], /'--from <where>' argument 'c'/],
  [["tally", "--data", at("station"), "--from", "a"], /medium-a\.bin: there is no such file/],
  [["tally", "--data", at("station")], /records\.log: is not a collector's log/],
  [["inspect", "--a", at("file")], /--package <file> is missing/],
  [["inspect", "--package", at("election.pkg")], /neither --a nor --b/],
  [["inspect", "--package", "no.pkg", ...image], /--package no\.pkg: there is no such file/],
  [["inspect", "--package", at("file"), ...image], /file: /],
  [["inspect", "--package", at("election.pkg"), "--a", at("file")], /election\.pkg: .*--keys/],
  [["inspect", "--package", at("other.pkg"), ...image], /other\.pkg: signature/],
  [["inspect", "--package", at("election.pkg"), ...image], /file: the image has 34 bytes/],
  [["inspect", "--package", at("election.pkg"), "--a", at("images")], /--a .*images: is a folder/],
  [
    ["inspect", "--package", at("election.pkg"), "--a", at("file"), "--keys", at("empty")],
    /--keys .*election-keys\.json/,
  ],
  [
    ["inspect", "--package", at("election.pkg"), "--a", at("file"), "--keys", at("broken-keys")],
    /broken-keys.*: expected/,
  ],
  [["inspect", "--package", at("election.pkg"), ...image, "--audit", at("no.json")], /--audit .*no\.json/],
  [["inspect", "--package", at("election.pkg"), ...image, "--audit", at("file")], /file: these are no audit keys/],
  [["device-log", "--main", at("file")], /--keys <dir> is missing/],
  [["device-log", "--main", at("file"), "--keys", at("keys")], /file: the image has 34 bytes, and is no main flash/],
  [["device-log", "--main", at("blank.bin"), "--keys", at("keys")], /neither a certificate nor a request/],
  [[...dead, "--pin", "1404"], /neither --a nor --b/],
  [[...dead, "--a", at("file"), "--pin", "1404"], /file: the image has 34 bytes/],
  [[...dead, "--a", at("file")], /--pin <digits> is missing/],
  [[...dead, "--a", at("file"), "--pin", "1404", "--pin", "2026"], /--pin: 2 for 1 cards/],
  [
    ["audit-keys", "--package", at("election.pkg"), "--keys", at("keys"), "--out", at("o")],
    /--image <file> is missing/,
  ],
  [[...archived, "--package", at("election.pkg")], /--out <dir> is missing/],
  [[...archived, "--package", at("election.pkg"), "--out", at("file")], /--out .*file: is a file/],
  [[...archived, "--package", at("election.pkg"), "--out", at("new")], /file: the image has 34 bytes/],
  [
    [...archived.slice(0, -2), "--package", at("election.pkg"), "--out", at("new")],
    /--audit is missing: .*npx sandogh audit-keys/,
  ],
  [["package", "--election", definition, "--keys", at("new-keys")], /--out <file> is missing/],
  [["package", "--election", definition, "--keys", at("file"), "--out", at("out.pkg")], /--keys .*file: is a file/],
  [["package", "--election", definition, "--keys", at("new-keys"), "--out", at("empty")], /--out .*empty: is a folder/],
  [
    ["package", "--election", definition, "--keys", at("new-keys"), "--out", at("no/out.pkg")],
    /there is no folder .*no; make it/,
  ],
  [["package", "--election", "no.yaml", ...packed], /--election no\.yaml/],
  [["package", "--election", definition, ...packed, "--officials", at("list.json")], /list\.json: expected/],
  [["package", "--election", definition, ...packed, "--officials", at("no.json")], /--officials .*no\.json/],
  [
    ["package", "--election", definition, "--keys", at("broken-keys"), "--out", at("out.pkg")],
    /broken-keys.*: expected/,
  ],
  [[...rolled, "--package", at("election.pkg"), "--station", "0"], /--station 0: .* from 1/],
  [[...rolled, "--package", at("election.pkg"), "--station", "1", "--capacity", "99999999"], /--capacity 99999999/],
  [[...rolled, "--package", at("election.pkg"), "--station", "1"], /is for station 1207, not 1/],
  [[...rolled, "--package", at("no.pkg"), "--station", "1"], /--package .*no\.pkg/],
  [["keys"], /--out <dir> is missing/],
  [["cards", "--station", "7", "--epoch", "1", "--out", at("c.json")], /either --issuer or --test/],
  [["cards", "--test", "--epoch", "1", "--out", at("c.json")], /--station <n> is missing/],
  [["cards", "--test", "--station", "0", "--epoch", "1", "--out", at("c.json")], /--station 0: .* from 1|1 to/],
  [["keys", "--out", at("made"), "--kind", "pope"], /'pope'/],
  [["keys", "--out", at("made"), "--kind", "factory"], /authority.secret\.key: is not there/],
  [
    ["certify", "--request", at("file"), "--serial", "A", "--keys", at("keys"), "--out", at("c.bin")],
    /file: is no file of/,
  ],
  [["assign", "--certificate", at("file"), "--number", "0"], /--number 0/],
  [
    [
      ...["assign", "--certificate", at("file"), "--number", "1", "--keys", at("keys"), "--out", at("a.bin")],
      ...["--list", at("a.cbor")],
    ],
    /either --package or --roll/,
  ],
  [["screens", "--out", at("new"), "--size", "4"], /--size 4: .* 0 to 3/],
  [["screens", "--out", at("new"), "--contrast", "loud"], /'loud'/],
  [["screens", "--out", at("file")], /--out .*file: is a file/],
  [["emulate", "--ballots", "3"], /--ballots: only with --headless/],
  [["emulate", "--headless", "--port", "80"], /--port: only without --headless/],
  [["emulate", "--headless"], /--out is missing/],
  [["emulate", "--headless", "--cut", "2", "--out", at("new")], /--cut 2/],
  [["campaign", "crash", "--mode", "gentle"], /'gentle'/],
  [["campaign", "crash", "--mode", "slips", "--engine", "xs"], /--mode slips: not with --engine xs/],
  [["campaign", "crash", "--engine", "v8"], /'v8'/],
  [["campaign", "crash", "--budget", "0"], /--budget 0/],
  [["campaign", "crash", "--casts", "101"], /--casts 101: .* 1 to 100/],
  [["campaign", "crash", "--again", "few"], /--again few/],
  [["campaign", "order", "--trials", "99"], /--trials 99/],
  [["campaign", "order", "--placement", "random"], /'random'/],
  [["campaign", "cuts", "--out", at("file")], /--out .*file: is a file/],
  [["campaign", "cuts", "--out", at("new"), "--cuts", "0"], /--cuts 0/],
  [["campaign", "cuts", "--out", at("new"), "--day", "first"], /--day first/],
  [["campaign", "wear", "--elections", "0"], /--elections 0/],
  [["campaign", "wear", "--budget", "soon"], /--budget soon/],
  [["bench", "--target", "moon"], /'moon'/],
  [["bench", "--write"], /--write: only with --target board/],
  [["bench", "--engine", "sdk"], /--engine sdk: only with --target board/],
  [["profile", "--top", "0"], /--top 0/],
  [["profile", "--screen", "voting-list", "--ballots", "1"], /--ballots: not with --screen/],
  [["build", "toaster"], /"toaster"; choose ballot, /],
  [["build", "--target", "board", "ballot", "identity"], /"identity": the board has one role/],
  [["sdk", "build", "--role", "toaster"], /'toaster'/],
  [["sdk", "build", "--instrument", "--debug"], /'--instrument' .*'--debug'/],
  [["sdk", "build", "--esp32", "--role", "selftest"], /--role selftest: is not for the ESP32/],
  [["sdk", "esp32-project", "--role", "selftest"], /'selftest'/],
  [["sdk", "headless"], /--out <dir> is missing/],
  [["sdk", "link"], /--idf <dir> is missing/],
  [["sdk", "link", "--idf"], /--idf <dir>/],
  [["sdk", "link", "--idf", "--json"], /--idf: a folder is missing/],
  [["sdk", "link", "--idf", at("nowhere")], /--idf .*nowhere: there is no such folder/],
  [["sdk", "link", "--idf", at("file")], /--idf .*file: is a file; name a folder/],
  [["sdk", "link", "--idf", at("empty"), "--toolchain", at("nowhere")], /--toolchain .*nowhere: there is no such/],
  [["sdk", "link", "--idf", at("empty"), "--components", at("file")], /--components .*file: is a file/],
  [["sdk", "link", "--idf", at("empty"), "--role", "selftest"], /'selftest'/],
  [["sdk", "run", "--data", at("file")], /--data .*file: is a file/],
  [["texts", "fa"], /"fa" is an argument too many/],
  [["events", "--all"], /'--all'/],
];

function isOneLine(text: string): boolean {
  return /^sandogh[^\n]*: [^\n]+\n$/.test(text);
}

test.serial(`${wrong.length} wrong calls: each ends with 2 and one line that names what is wrong`, async (t) => {
  const startMs = performance.now();
  for (const [args, thing] of wrong) {
    const { code, out, err } = await call(args);
    const words = args.join(" ");
    t.is(code, exitCode.wrongCall, `${words}: ${err}`);
    t.true(isOneLine(err), `${words}: ${err}`);
    t.regex(err, thing, words);
    t.notRegex(err, /\bat .*\.(ts|js):\d+|Error:/, words);
    t.is(out, "", words);
  }
  t.log(`${wrong.length} calls in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
});

test.serial("a port in use and a folder in use are named", async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const taken = await call(["start", "--port", String(port), "--data", at("started")]);
  await new Promise((resolve) => server.close(resolve));
  t.is(taken.code, exitCode.wrongCall);
  t.is(taken.err, `sandogh start: port ${port} is in use; name another with --port\n`);
  // by this very process
  mkdirSync(at("locked"));
  writeFileSync(at("locked/bench.lock"), String(process.pid));
  const locked = await call(["start", "--port", "0", "--data", at("locked")]);
  t.is(locked.code, exitCode.wrongCall);
  t.regex(locked.err, /^sandogh start: \S+locked is in use by another bench; name another folder with --data\n$/);
});

test.serial(
  "a definition or a list with mistakes is what package and roll have found: code 1, and every mistake",
  async (t) => {
    const refused = await call(["package", "--election", at("file"), ...packed]);
    t.is(refused.code, exitCode.failed);
    t.regex(refused.out, /^WRONG .*file:1:1: /);
    writeFileSync(at("wrong-voters.txt"), "1 1\n0499370898 1\n");
    const voters = ["--voters", at("wrong-voters.txt"), "--package", at("election.pkg"), "--station", "1207"];
    const list = await call(["roll", ...voters, "--keys", at("keys"), "--out", at("roll.bin"), "--json"]);
    t.is(list.code, exitCode.failed);
    t.is((JSON.parse(list.out) as { readonly problems: readonly string[] }).problems.length, 2);
    t.is(list.err, "");
  },
);

test.serial("every command has help with an example, and the help names every command", async (t) => {
  const { code, out } = await call(["--help"]);
  t.is(code, exitCode.done);
  for (const name of names) t.regex(out, new RegExp(`^  ${name} `, "m"));
  t.is((await call([])).out, out);
  const calls = [
    ...names.map((name) => [name]),
    ...subcommands.flatMap(([group, own]) => own.map((name) => [group, name])),
  ];
  for (const words of calls) {
    const help = await call([...words, "--help"]);
    t.is(help.code, exitCode.done, words.join(" "));
    t.is(help.err, "", words.join(" "));
    t.regex(help.out, new RegExp(`^Examples?:\\n  npx sandogh ${words[0]}`, "m"), words.join(" "));
  }
});

test.serial("as a process, from another folder: the same code and line, and a path is meant from there", (t) => {
  const sandogh = (
    args: readonly string[],
  ): { readonly status: number | null; readonly stderr: string; readonly stdout: string } =>
    spawnSync(process.execPath, [join(process.cwd(), "tools/sandogh.js"), ...args], {
      cwd: at("images"),
      encoding: "utf8",
    });
  const missing = sandogh(["inspect", "--package", "no.pkg", "--a", "a.bin"]);
  t.is(missing.status, exitCode.wrongCall);
  t.is(missing.stderr, `sandogh inspect: --package ${at("images/no.pkg")}: there is no such file\n`);
  const version = sandogh(["--version"]);
  t.is(version.status, exitCode.done);
  t.regex(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const script = spawnSync(
    process.execPath,
    ["--import=tsx", "test/campaigns/cuts/main.ts", JSON.stringify({ out: at("days") })],
    {
      encoding: "utf8",
    },
  );
  t.is(script.status, exitCode.wrongCall);
  t.regex(
    script.stderr,
    /^sandogh campaign cuts: .*days\.jsonl: is no record of days; name another folder with --out\n$/,
  );
});
