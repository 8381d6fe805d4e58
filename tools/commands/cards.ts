// npx sandogh cards: the issuer's tool. It alone has the issuer's secret.

import { createHash, randomFillSync, randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { readKey } from "../../firmware/device/certificate.js";
import { type CardKeeps, type Personalised, issue, writeDeck } from "../../office/cards/issue.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { shareHolders, testAuthority, testCardKey } from "../../office/package/keys.js";
import { roleOf, testPins } from "../../office/package/keys.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { inFolder, outFile, whole } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Makes virtual cards and has the issuer sign their certificates: voters' cards, and one for each office of a station.
Real cards make their keys themselves and hand out the public half; what is signed for them is the same. A card serves
in one election, by its number, and is made anew for the next.`;

const stationMax = 999_999;
const votersUsual = 96;
const votersMax = 10_000;
const pinEnd = 1_000_000;
const pinDigits = 6;
/** Officials' serials come behind all voters'. */
const officialsFrom = votersMax + 1;

interface Issuer {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly authorityKey: Uint8Array;
}

const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => void randomFillSync(out) });

/** Everybody could have it: its elections are marked as tests. */
function testIssuer(): Issuer {
  const seed = new Uint8Array(createHash("sha256").update("sandogh test issuer").digest());
  return { ...crypto.signKeyPair(seed), authorityKey: testAuthority.publicKey };
}

function issuerIn(folder: string, authorityKey: Uint8Array): Issuer {
  const secret = fromHex(readFileSync(join(folder, "secret.key"), "utf8").trim());
  const certificate = join(folder, "certificate.cbor");
  if (secret?.length !== 32 || !existsSync(certificate))
    throw new Complaint(`${folder}: is no folder of an issuer's key`);
  const verifying = new Crypto({ primitives: referencePrimitives, random: () => undefined });
  const read = readKey(verifying, new Uint8Array(readFileSync(certificate)), "issuer", authorityKey);
  if (!read.ok) throw new Complaint(`${certificate}: ${read.error.what}`);
  return { ...crypto.signKeyPair(secret), authorityKey };
}

interface Wanted {
  readonly station: number;
  readonly epoch: number;
  readonly voters: number;
  readonly first: number;
  readonly isTest: boolean;
}

function* cardsOf(wanted: Wanted, { authorityKey }: Issuer): Generator<Personalised> {
  const { station, epoch, voters, first, isTest } = wanted;
  const keyOf = (name: string): BoxKeyPair =>
    isTest ? testCardKey(name, epoch) : crypto.boxKeyPair(crypto.random(32));
  for (let serial = first; serial < first + voters; serial++) {
    const key = keyOf(`voter ${serial}`);
    yield { kind: "voter", holder: "voter", serial, epoch, station: 0, key, authorityKey, pin: "" };
  }
  for (const [i, holder] of shareHolders.entries()) {
    const kind = roleOf(holder);
    const pin = isTest ? testPins[kind] : String(randomInt(pinEnd)).padStart(pinDigits, "0");
    yield { kind, holder, serial: officialsFrom + i, epoch, station, key: keyOf(holder), authorityKey, pin };
  }
  // for tests: cards that no package names, and an issuer's mistake, the deputy's key as one of the other office
  const odd = [
    { kind: "executive", holder: "late-executive", key: keyOf("late executive") },
    { kind: "supervision", holder: "late-supervision", key: keyOf("late supervision") },
    { kind: "supervision", holder: "mislabelled", key: keyOf("deputy") },
  ] as const;
  for (const [i, card] of (isTest ? odd : []).entries()) {
    const serial = officialsFrom + shareHolders.length + i;
    yield { ...card, serial, epoch, station, authorityKey, pin: testPins[card.kind] };
  }
}

export const cards: CommandMaker = ({ streams, done }) =>
  commandOf("cards", description, [
    "cards --issuer /tmp/ceremony/issuer --authority /tmp/ceremony/authority --station 17 --epoch 1 --out /tmp/cards.json",
    "cards --test --station 17 --epoch 1 --out /tmp/cards.json",
  ])
    .option("--issuer <dir>", "folder of the issuer's key", inFolder("--issuer", ["secret.key"], "is it the issuer's?"))
    .option(
      "--authority <dir>",
      "folder of the authority's key: its public half alone is read",
      inFolder("--authority", ["public.key"], "is it the folder of the authority's key?"),
    )
    .option("--test", "by the issuer of test elections, whose secret is in this tool")
    .requiredOption("--station <n>", "where the officials serve", whole("--station", 1, stationMax))
    .requiredOption("--epoch <n>", "number of the election", whole("--epoch", 0, 0xffff_ffff))
    .option("--voters <n>", "voters' cards", whole("--voters", 0, votersMax), votersUsual)
    .option("--first <n>", "serial of the first of them", whole("--first", 1, votersMax), 1)
    .requiredOption("--out <file>", "the cards, readable by you alone", outFile("--out"))
    .option("--json", jsonHelp)
    .action(({ issuer: folder, authority, test = false, station, epoch, voters, first, out, json }) => {
      const talk = new Talk(streams, { json });
      if (test === (folder !== undefined)) throw new Complaint("name either --issuer or --test: who signs");
      if (folder !== undefined && authority === undefined)
        throw new Complaint("--authority: name the folder of the authority's public key");
      const authorityKey =
        authority === undefined ? undefined : fromHex(readFileSync(join(authority, "public.key"), "utf8").trim());
      const issuer = folder === undefined ? testIssuer() : issuerIn(folder, authorityKey ?? new Uint8Array(0));
      const made: CardKeeps[] = [];
      for (const card of cardsOf({ station, epoch, voters, first, isTest: test }, issuer))
        made.push(issue(crypto, card, issuer.secretKey));
      writeFileSync(out, writeDeck({ issuerKey: issuer.publicKey, cards: made }), { mode: 0o600 });
      const officials = made.filter(({ kind }) => kind !== "voter");
      talk.result({ ok: true, out, voters, officials: officials.length }, [
        `${out}: ${voters} voters' cards, ${officials.length} officials' of station ${station}, for election ${epoch}`,
        ...officials.map(({ holder, pin }) => `  ${holder}: PIN ${pin}`),
      ]);
      done(exitCode.done);
    });
