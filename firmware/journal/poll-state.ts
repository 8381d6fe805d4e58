// What the journal says of the polls, in the words that people read: its last event of them is where the state is kept.

import type { Journal } from "./journal.js";

export type PollState = "before-opening" | "open" | "paused" | "closed";

export function pollStateOf({ poll }: Pick<Journal, "poll">): PollState {
  switch (poll) {
    case undefined:
      return "before-opening";
    case "opened":
    case "resumed":
      return "open";
    case "paused":
      return "paused";
    case "closed":
      return "closed";
  }
}
