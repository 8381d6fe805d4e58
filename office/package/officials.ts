// The list of a station's officials' cards, as JSON that the cards' public keys were copied into.

import { equalBytes, fromHex } from "../../firmware/bytes.js";
import { sharesMax } from "../../firmware/crypto/tally-key.js";
import type { OfficialRole, Officials } from "../../firmware/election/types.js";
import { type ElectionKeys, shareHolders } from "./keys.js";

/** The list is not one; the message says where. */
export class OfficialsProblem extends Error {
  override readonly name = "OfficialsProblem";
}

const roles: readonly OfficialRole[] = ["executive", "supervision"];
const keyLength = 32;

/**
 * {"cards": [{"office": "executive" | "supervision", "boxKey": 64 hexadecimal digits}], "needed": {"executive": 1,
 * "supervision": 1}}, of which "needed" may be absent. Throws OfficialsProblem.
 */
export function parseOfficials(text: string): Officials {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const { cards, needed = {} } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as {
    readonly cards?: unknown;
    readonly needed?: Partial<Record<OfficialRole, unknown>>;
  };
  if (!Array.isArray(cards) || typeof needed !== "object")
    throw new OfficialsProblem(
      'expected {"cards": [{"office": "executive", "boxKey": "hex"}, ...], "needed": {"executive": 1, "supervision": 1}}',
    );
  const read = cards.map((each: unknown, i) => {
    const { office, boxKey } = (each ?? {}) as { readonly office?: unknown; readonly boxKey?: unknown };
    const role = roles.find((known) => known === office);
    const key = typeof boxKey === "string" ? fromHex(boxKey) : undefined;
    if (role === undefined || key?.length !== keyLength)
      throw new OfficialsProblem(
        `card ${i + 1}: expected {"office": "executive" or "supervision", "boxKey": 64 hexadecimal digits}`,
      );
    return { role, boxKey: key };
  });
  const neededOf = (role: OfficialRole): number => {
    const count = needed[role] ?? 1;
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1)
      throw new OfficialsProblem(`needed: expected a whole number from 1 on for the ${role}`);
    return count;
  };
  return checkOfficials({
    cards: read,
    needed: { executive: neededOf("executive"), supervision: neededOf("supervision") },
  });
}

/** What a terminal would refuse. Throws OfficialsProblem. */
export function checkOfficials(officials: Officials): Officials {
  const { cards, needed } = officials;
  for (const role of roles) {
    const count = cards.filter((card) => card.role === role).length;
    if (count < needed[role] || count > sharesMax)
      throw new OfficialsProblem(`${count} cards of the ${role}: expected ${needed[role]} to ${sharesMax}`);
  }
  cards.forEach(({ boxKey }, i) => {
    if (cards.findIndex((other) => equalBytes(other.boxKey, boxKey)) !== i)
      throw new OfficialsProblem(`card ${i + 1}: its boxKey is in the list twice`);
  });
  return officials;
}

/** The cards of a test election. */
export function officialsOf({ officials }: Pick<ElectionKeys, "officials">): Officials {
  return {
    cards: shareHolders.map((holder) => ({ role: officials[holder].role, boxKey: officials[holder].box.publicKey })),
    needed: { executive: 1, supervision: 1 },
  };
}
