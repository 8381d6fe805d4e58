// Definition + keys + terminals -> signed election package (firmware/election/FORMAT.md). Same input, same bytes.

import { createHash } from "node:crypto";
import { writeU16, writeU32 } from "../../firmware/bytes.js";
import { ballotLengthMax as longestBallot } from "../../firmware/cast/ballot.js";
import { type CborValue, encode } from "../../firmware/cbor/cbor.js";
import { sign1 } from "../../firmware/cose/sign1.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import {
  atlasMax, ballotLengthMax, ballotLengthStep, dataPagesMax, definitionMax, envelopeMax, envelopePages, hashPages, hashesPerPage, headerLength, noText,
  optionLength, packageMagic, packageVersion, pageLength, section, sectionNames, terminalsMax,
} from "../../firmware/election/layout.js";
import { ballotsLeaveKinds, contestKinds } from "../../firmware/election/shapes.js";
import type { Contest, BallotStyle } from "../../firmware/election/types.js";
import type { FaceName } from "../../ui/text/faces.js";
import { referencePrimitives } from "../crypto/reference.js";
import { BundleWriter, TextTooLong, widestLine } from "../text/bundle-writer.js";
import type { ElectionDefinition } from "./definition.js";
import type { ElectionKeys } from "./keys.js";

export interface TerminalKey {
  readonly id: number;
  /** Ed25519, 32 bytes */
  readonly publicKey: Uint8Array;
}

/** The definition is well formed, but does not fit a terminal. The message says what to change. */
export class DoesNotFit extends Error {}

/** In which sizes each kind of text is shown, and how wide it may be there, in pixels of the screen or dots of the slip. */
const uses: Record<"election" | "station" | "contest" | "name" | "nameOfLongCode" | "affiliation", readonly { readonly face: FaceName; readonly width: number }[]> = {
  election: [{ face: "body", width: 984 }, { face: "caption", width: 984 }, { face: "slip-bold", width: 560 }],
  station: [{ face: "body", width: 984 }, { face: "caption", width: 600 }, { face: "slip", width: 560 }],
  contest: [{ face: "body-bold", width: 560 }, { face: "caption", width: 560 }, { face: "caption-bold", width: 560 }, { face: "slip-bold", width: 560 }],
  name: [
    { face: "body-bold", width: 330 }, { face: "body", width: 330 }, { face: "caption", width: 330 }, { face: "large-bold", width: 472 }, { face: "slip", width: 440 },
  ],
  /** A code of four or five digits takes its room from the name. */
  nameOfLongCode: [
    { face: "body-bold", width: 304 }, { face: "body", width: 304 }, { face: "caption", width: 304 }, { face: "large-bold", width: 472 }, { face: "slip", width: 440 },
  ],
  affiliation: [{ face: "caption", width: 480 }],
};

/** Throws DoesNotFit, and MissingCharacter of the text pipeline. */
export function buildPackage(definition: ElectionDefinition, keys: ElectionKeys, terminals: readonly TerminalKey[]): Uint8Array {
  if (terminals.length > terminalsMax) throw new DoesNotFit(`${terminals.length} terminals; a station has at most ${terminalsMax}`);
  const writer = new BundleWriter();
  const text = (kind: keyof typeof uses, value: string): number => {
    const style = { base: "rtl" as const, faces: uses[kind].map((use) => use.face) };
    for (const { face, width } of uses[kind]) {
      const wide = widestLine(value, style, face);
      if (wide > width) throw new DoesNotFit(`${kind === "nameOfLongCode" ? "name" : kind} "${value}" is ${wide} pixels wide in ${face}; at most ${width} fit: shorten it`);
    }
    try {
      return writer.add(value, style);
    } catch (thrown) {
      if (thrown instanceof TextTooLong) throw new DoesNotFit(thrown.message);
      throw thrown;
    }
  };

  const title = text("election", definition.title);
  const stationName = text("station", definition.station.name);
  const options: number[] = [];
  const contests = definition.contests.map((contest) => {
    for (const option of contest.options)
      options.push(contest.id, option.code, text(option.code > 999 ? "nameOfLongCode" : "name", option.name), option.affiliation === undefined ? noText : text("affiliation", option.affiliation));
    return { ...contest, title: text("contest", contest.title) };
  });

  const longest = longestBallot({
    contests: contests.map((contest) => ({ ...contest, options: contest.options.length, blankAllowed: contest.blank })) as unknown as Contest[],
    styles: definition.styles as unknown as BallotStyle[],
  });
  const ballotLength = Math.ceil(longest / ballotLengthStep) * ballotLengthStep;
  if (ballotLength > ballotLengthMax) throw new DoesNotFit(`the longest ballot takes ${longest} bytes; at most ${ballotLengthMax} fit: fewer choices or contests in a style`);

  const { policy } = definition;
  const encoded = encode(
    fields(
      definition.test, title, definition.station.number, stationName,
      contests.map((contest) => fields(contest.id, contestKinds.indexOf(contest.kind), contest.title, contest.votesAllowed, contest.options.length, contest.blank)),
      definition.styles.map((style) => fields(style.id, style.contests)),
      terminals.map((terminal) => fields(terminal.id, terminal.publicKey)),
      fields(
        policy.capacity, policy.inactivity_s, policy.alert_s, policy.parked_s, policy.slip_s, policy.slipAttempts, policy.k,
        ballotsLeaveKinds.indexOf(policy.ballotsLeave),
      ),
      keys.tally.publicKey, keys.collector.publicKey, keys.authority.publicKey, keys.card, ballotLength,
    ),
  );
  if (encoded.length > definitionMax) throw new DoesNotFit(`the definition takes ${encoded.length} bytes; at most ${definitionMax} fit`);
  const table = new Uint8Array((options.length / 4) * optionLength);
  options.forEach((value, i) => writeU32(table, 4 * i, value));
  const atlas = writer.atlas();
  if (atlas.length > atlasMax) throw new DoesNotFit(`the glyphs take ${atlas.length} bytes; at most ${atlasMax} fit`);
  return seal({ definition: encoded, options: table, texts: writer.texts(), atlas }, keys);
}

/** Pages, hash tree, envelope, signature. Exported for the tests, which sign what the packager itself would not. */
export function seal(sections: Readonly<Record<keyof typeof section, Uint8Array>>, keys: Pick<ElectionKeys, "election" | "authority">): Uint8Array {
  const crypto = new Crypto({
    primitives: referencePrimitives,
    random: () => {
      throw new Error("a package needs no chance");
    },
  });
  const directory: number[][] = [];
  let offset = 0;
  for (const name of sectionNames) {
    directory.push([section[name], offset, sections[name].length]);
    offset += sections[name].length;
  }
  const pages = Math.ceil(offset / pageLength);
  if (pages > dataPagesMax) throw new DoesNotFit(`the package takes ${pages} pages; at most ${dataPagesMax} fit`);
  const data = new Uint8Array(pages * pageLength);
  sectionNames.forEach((name, i) => data.set(sections[name], directory[i]![1]!));

  const levels: Uint8Array[] = [data];
  for (const [above, count] of hashPages(pages).entries()) {
    const below = levels[above]!;
    const level = new Uint8Array(count * pageLength);
    for (let page = 0; page < below.length / pageLength; page++)
      level.set(pageHash(above, below.subarray(page * pageLength, (page + 1) * pageLength)), Math.floor(page / hashesPerPage) * pageLength + (page % hashesPerPage) * 32);
    levels.push(level);
  }
  const root = pageHash(levels.length - 1, levels.at(-1)!);
  const envelope = sign1(crypto, "sandogh/package", encode(fields(1, keys.election, pages, root, directory)), keys.authority.secretKey);
  if (envelope.length > envelopeMax) throw new DoesNotFit(`the envelope takes ${envelope.length} bytes; at most ${envelopeMax} fit`);
  const head = new Uint8Array(envelopePages(envelope.length) * pageLength);
  head.set(packageMagic, 0);
  writeU16(head, 4, packageVersion);
  writeU32(head, 6, envelope.length);
  head.set(envelope, headerLength);
  return new Uint8Array(Buffer.concat([head, ...levels.reverse()]));
}

function pageHash(level: number, page: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(Uint8Array.of(level)).update(page).digest());
}

/** A map with keys 1, 2, 3, ... */
function fields(...values: readonly CborValue[]): Map<number, CborValue> {
  return new Map(values.map((value, i) => [i + 1, value]));
}
