// "Do this next": one line for whoever opens the bench for the first time, computed from what can be seen from outside.

import { messages } from "../../firmware/messages.js";
import type { PollState } from "../../firmware/journal/poll-state.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import { strings } from "../../ui/strings.js";
import { testPins } from "../../office/package/keys.js";
import type { SwitchName } from "./command.js";
import type { TrayCard } from "./tray.js";

export interface Situation {
  readonly on: boolean;
  /** The process ended by itself. */
  readonly died: boolean;
  /** "<state>" or "<state> <message code>" as the terminal traces it; "" before the first. */
  readonly screen: string;
  readonly polls: PollState | undefined;
  readonly cards: readonly TrayCard[];
  /** The card on the marked spot. */
  readonly held: TrayCard | undefined;
  /** Whose card was shown last, of the officials. */
  readonly lastOfficial: OfficialRole | undefined;
  /** Switches that are in the position of a fault. */
  readonly faults: readonly SwitchName[];
  readonly ballots: number;
  /** A code that exists in the first contest. */
  readonly exampleCode: number;
  /** The collector has receipted every ballot after the close. */
  readonly complete: boolean;
  /** The terminal has counted, signed and kept its results. */
  readonly counted: boolean;
}

export interface Step {
  readonly text: string;
  readonly why: string;
  /**
   * What to point at on the page: "power", "new-card", "grant voter-1", "card executive", "lift", "key green", "tally",
   * "switch paper-out".
   */
  readonly target: string | undefined;
}

const other: Readonly<Record<OfficialRole, OfficialRole>> = { executive: "supervision", supervision: "executive" };

function step(text: string, why: string, target?: string): Step {
  return { text, why, target };
}

function isOfficial(card: TrayCard | undefined): card is TrayCard & { readonly kind: OfficialRole } {
  return card?.kind === "executive" || card?.kind === "supervision";
}

function titleOf(code: string): string {
  return Object.hasOwn(messages, code) ? messages[code as keyof typeof messages].en.title : code;
}

function hold(role: OfficialRole, why: string): Step {
  return step(`Hold the ${role} official's card to the reader.`, why, `card ${role}`);
}

export function nextStep(situation: Situation): Step {
  const { on, died, screen, held } = situation;
  if (!on && died)
    return step(
      "The terminal's process ended by itself. Switch the power on again.",
      "Look under Trace for what it said last. What was cast is on flash.",
      "power",
    );
  if (!on) return step("Switch the power on.", "The flash is as it was when the power went.", "power");
  const [state = "", code = ""] = screen.split(" ");
  switch (state) {
    case "idle":
      return atRest(situation);
    case "reading":
    case "official-checking":
      return step("Wait: the terminal is talking with the card.", "Lifting it now is safe too: nothing is decided.");
    case "refused":
      return step(
        `Take the card: “${titleOf(code)}” (${code}).`,
        refusedWhy(code),
        held === undefined ? undefined : "lift",
      );
    case "voting":
      return step(
        "Vote: touch names, or type a code and press green. Then green again for the next contest.",
        `White is a blank vote, correction takes back. A code of the first contest: ${situation.exampleCode}.`,
        "display",
      );
    case "review":
      return step(
        "Check the choices, then press the green key.",
        "Nothing is cast yet. Touch a contest to change it.",
        "key green",
      );
    case "confirm":
      return step(
        "Press green a second time to print the slip.",
        "The ballot is sealed and stored first, still undecided.",
        "key green",
      );
    case "inactive":
      return step(
        "Touch the screen or any key: the voter is still there.",
        "Otherwise the session ends and the vote is NOT cast.",
        "display",
      );
    case "preparing":
      return step("Watch the slip being printed.", "It is not cut: it has no VALID on it yet.", "paper");
    case "slip":
      return step(
        "Compare the slip with your choices; leave the card where it is.",
        "The correction key voids the slip. When the count ends, the ballot is cast.",
        "paper",
      );
    case "voiding":
      return step(
        "The slip is being made VOID.",
        "Nothing of it counts; the card stays good at this terminal.",
        "paper",
      );
    case "finishing":
      return step(
        "Decided: VALID is printed, and the slip drops.",
        "From here on the ballot counts, whatever happens. Try the power switch.",
        "paper",
      );
    case "done":
      return step(
        "The vote is cast. Take the card.",
        "It is spent: the desk can give it a new right for the next voter.",
        held === undefined ? undefined : "lift",
      );
    case "not-cast":
      return step(
        `NOT cast: ${titleOf(code)} (${code}).`,
        "The card stays good at this terminal.",
        held === undefined ? undefined : "lift",
      );
    case "parked":
      return step(
        "Put the same voter's card back on the reader.",
        "The session waits for it; after the time limit the vote is NOT cast.",
        lockedCard(situation),
      );
    case "fault":
      return atFault(situation, code);
    case "official-pin": {
      const role = isOfficial(held) ? held.kind : (situation.lastOfficial ?? "executive");
      return step(
        `Type the ${role} official's PIN, ${testPins[role]}, then press green.`,
        "On the keypad, the PC's keyboard (Enter is green), or the screen.",
        "key green",
      );
    }
    case "official-menu":
      return atMenu(situation);
    case "official-second":
      return atSecond(situation);
    case "official-acting":
      return step(
        "Wait: the terminal is at work.",
        "The screen says which step it is at. Reports are long: try the cover or the power switch.",
        "paper",
      );
    case "official-service":
      return step(
        "Look, then press green or lift the card.",
        "What a technician asks first. It is offered while the polls are not open.",
        "key green",
      );
    case "official-result":
      return step(
        "Done. Lift the card.",
        "Two officials have acted together; the journal says so.",
        held === undefined ? undefined : "lift",
      );
    case "out-of-service":
      return step(
        `Out of service: ${titleOf(code)} (${code}).`,
        "Look under Trace. Power off and on starts it again on the same flash.",
        "power",
      );
    default:
      return step(
        "Wait: the terminal is starting.",
        "It checks every stored record and settles what a power cut left.",
      );
  }
}

function atRest(situation: Situation): Step {
  const { polls, held, cards, ballots, complete, counted } = situation;
  if (held !== undefined) return step("Lift the card from the reader.", "The terminal is at rest.", "lift");
  switch (polls) {
    case "before-opening":
      return hold(
        "executive",
        "The polls are not open yet. Two officials open them: executive and supervision, each with a card and a PIN.",
      );
    case "paused":
      return hold("executive", "The polls are paused. Two officials resume them.");
    case "closed":
      if (!counted)
        return hold(
          "executive",
          "The polls are closed. Two officials' cards release the key, and the terminal counts and prints.",
        );
      if (!complete)
        return step(
          "The polls are closed: the ballots are leaving for the collector.",
          "If they do not: is the line connected, is the collector on? The terminal tries again by itself.",
          "tab sync",
        );
      return step(
        "Every ballot is receipted. Open the tally.",
        `${ballots} ${ballots === 1 ? "ballot" : "ballots"}. The test election's key opens them here; in production no single place can.`,
        "tally",
      );
    default:
      break;
  }
  const voters = cards.filter((each) => each.kind === "voter");
  const ready = voters.find((each) => each.state === "granted" || each.state === "locked");
  if (ready !== undefined)
    return step(
      "Hold the granted voter's card to the reader and leave it there.",
      "The card is a right to vote once. It says nothing about who the voter is.",
      `card ${ready.id}`,
    );
  const usable = voters.find((each) => each.state === "empty") ?? voters.at(-1);
  const more = ballots > 0 ? " Or hold the executive card to close the polls." : "";
  if (usable === undefined) return step("Take a new card for a voter.", `The desk then grants it.${more}`, "new-card");
  return step(
    "Press “Grant” on a voter's card.",
    `The identification desk does this when it has found the voter in the roll.${more}`,
    `grant ${usable.id}`,
  );
}

function atMenu(situation: Situation): Step {
  const { polls, ballots } = situation;
  const touch = (key: "act.open" | "act.resume" | "act.close" | "act.count", what: string): Step =>
    step(
      `Touch “${strings[key].fa}” (${what}).`,
      "Or move the focus with Next, and press Select. The second official has to agree.",
      "display",
    );
  if (polls === "before-opening") return touch("act.open", "open the polls");
  if (polls === "paused") return touch("act.resume", "resume");
  if (polls === "open")
    return ballots > 0
      ? touch("act.close", "close the polls")
      : step(
          "Choose an act on the screen, or lift the card.",
          "The polls are open and no ballot is stored yet.",
          "display",
        );
  if (!situation.counted) return touch("act.count", "count the ballots");
  return step(
    "Lift the card, or print the results again.",
    "Releasing the election needs a receipt for its archive.",
    "lift",
  );
}

function atSecond(situation: Situation): Step {
  const { held, lastOfficial } = situation;
  const first = lastOfficial ?? "executive";
  if (held !== undefined)
    return step(
      `Lift the ${isOfficial(held) ? held.kind : "other"} card.`,
      `Then the ${other[first]} official's card goes on the reader.`,
      "lift",
    );
  return hold(other[first], "Neither official can do it alone.");
}

function atFault(situation: Situation, code: string): Step {
  const { faults, held, lastOfficial } = situation;
  const name = faults.find(
    (each) =>
      each !== "line" && each !== "collector" && each !== "mains" && each !== "case-open" && each !== "near-end",
  );
  if (name !== undefined)
    return step(
      `“${titleOf(code)}” (${code}). Put right what is wrong: switch “${name.replaceAll("-", " ")}” back.`,
      "The vote is not cast, or is decided already: the screen says which.",
      `switch ${name}`,
    );
  if (held !== undefined && !isOfficial(held))
    return step(
      `Repaired. Lift the voter's card; an official comes (${code}).`,
      "An official's card and PIN let the terminal go on.",
      "lift",
    );
  return hold(
    lastOfficial ?? "executive",
    `Repaired (${code}). An official's card and PIN let the terminal go on; then the voter's card is put back.`,
  );
}

function lockedCard(situation: Situation): string | undefined {
  if (situation.held !== undefined) return "lift";
  const locked = situation.cards.find((each) => each.kind === "voter" && each.state === "locked");
  return locked === undefined ? undefined : `card ${locked.id}`;
}

function refusedWhy(code: string): string {
  switch (code) {
    case "C-03":
      return "Each right votes once. The desk can grant the card again for another voter.";
    case "C-04":
      return "The identification desk has not granted it: press Grant.";
    case "V-03":
      return "The polls are not open; the card stays good.";
    default:
      return "The screen says whose matter it is and what to do.";
  }
}
