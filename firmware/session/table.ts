// The session as a table: for every state and every event the one action taken. Who does an action is in session.ts;
// what may happen when is here. "ignore" is a decision too: the event cannot change anything in that state.

export type StateName =
  /** Reading the media, settling what a power cut left. */
  | "starting"
  /** Nothing more happens until the power is switched. */
  | "out-of-service"
  | "idle"
  /** Talking with a card that was just placed. */
  | "reading"
  /** The card is no good here; it has to be taken away. */
  | "refused"
  | "voting"
  | "review"
  | "confirm"
  /** Alert before the time-out, over voting, review or confirm. */
  | "inactive"
  /** The voter's card was lifted before the decision. */
  | "parked"
  /** Sealed, stored undecided; the slip's body is being printed. */
  | "preparing"
  /** The slip is shown. */
  | "slip"
  /** Taking the ballot back: VOID is being printed. */
  | "voiding"
  /** Decided: VALID is being printed. */
  | "finishing"
  | "done"
  | "not-cast"
  /** A device stopped us; an official's card goes on. */
  | "fault"
  | "official-pin"
  | "official-checking"
  | "official-menu"
  | "official-second"
  | "official-acting"
  | "official-result"
  | "official-service";

export type EventName =
  | "card"
  | "lifted"
  /** Any choice, page, digit, correction or blank. */
  | "edit"
  | "next"
  | "back"
  | "jump"
  | "confirm"
  | "reject"
  | "settings"
  | "here"
  | "act"
  /** The state's timer. */
  | "timer"
  /** What the state was waiting for has come, or has failed. */
  | "finished"
  | "failed"
  /** Printer or reader changed to a state in which nothing can be cast, or back. */
  | "device-fault"
  | "device-ready";

export type Action =
  | "ignore"
  | "readCard"
  | "readReturned"
  | "cardRead"
  | "cardUnreadable"
  | "toRest"
  | "readingLifted"
  | "park"
  | "parkWhenPrinted"
  | "parkedTick"
  | "edit"
  | "next"
  | "back"
  | "jump"
  | "toConfirm"
  | "cast"
  | "changeSettings"
  | "restSoon"
  | "stay"
  | "alert"
  | "alertTick"
  | "stayAfterAlert"
  | "slipPrinted"
  | "slipTick"
  | "rejectSlip"
  | "slipFault"
  | "takenBack"
  | "castFailed"
  | "finished"
  | "deviceFault"
  | "deviceReady"
  | "readForOfficial"
  | "pinEdit"
  | "pinEnter"
  | "pinChecked"
  | "pinUnreadable"
  | "leaveOfficial"
  | "officialAct"
  | "acted"
  | "actFailed";

export type Row = Readonly<Record<EventName, Action>>;

const deaf: Row = {
  card: "ignore",
  lifted: "ignore",
  edit: "ignore",
  next: "ignore",
  back: "ignore",
  jump: "ignore",
  confirm: "ignore",
  reject: "ignore",
  settings: "ignore",
  here: "ignore",
  act: "ignore",
  timer: "ignore",
  finished: "ignore",
  failed: "ignore",
  "device-fault": "ignore",
  "device-ready": "ignore",
};

/** A voter is choosing: the card lies on the reader, every input counts as being there. */
const choosing = {
  ...deaf,
  lifted: "park",
  settings: "changeSettings",
  here: "stay",
  timer: "alert",
  "device-fault": "deviceFault",
} satisfies Row;

export const table: Readonly<Record<StateName, Row>> = {
  starting: deaf,
  "out-of-service": deaf,
  // whoever looked at help or changed the display and went away is not to be the next voter's concern
  idle: {
    ...deaf,
    card: "readCard",
    settings: "changeSettings",
    here: "restSoon",
    timer: "toRest",
    "device-fault": "deviceFault",
  },
  reading: { ...deaf, lifted: "readingLifted", finished: "cardRead", failed: "cardUnreadable" },
  refused: { ...deaf, lifted: "toRest", timer: "toRest", settings: "changeSettings" },

  voting: { ...choosing, edit: "edit", next: "next", back: "back", jump: "jump", confirm: "next" },
  review: { ...choosing, back: "back", jump: "jump", next: "toConfirm", confirm: "toConfirm" },
  confirm: { ...choosing, back: "back", confirm: "cast", next: "cast" },
  inactive: {
    ...choosing,
    timer: "alertTick",
    edit: "stayAfterAlert",
    next: "stayAfterAlert",
    back: "stayAfterAlert",
    jump: "stayAfterAlert",
    confirm: "stayAfterAlert",
    reject: "stayAfterAlert",
    settings: "stayAfterAlert",
    here: "stayAfterAlert",
  },
  parked: { ...deaf, card: "readReturned", timer: "parkedTick", "device-fault": "deviceFault" },

  preparing: { ...deaf, lifted: "parkWhenPrinted", finished: "slipPrinted", failed: "castFailed" },
  slip: { ...deaf, lifted: "park", timer: "slipTick", reject: "rejectSlip", "device-fault": "slipFault" },
  voiding: { ...deaf, finished: "takenBack", failed: "castFailed" },
  finishing: { ...deaf, finished: "finished", failed: "castFailed" },
  done: { ...deaf, lifted: "toRest", timer: "toRest" },
  "not-cast": { ...deaf, card: "readCard", lifted: "toRest", timer: "toRest" },

  fault: { ...deaf, card: "readForOfficial", settings: "changeSettings", "device-ready": "deviceReady" },

  "official-pin": {
    ...deaf,
    lifted: "leaveOfficial",
    edit: "pinEdit",
    confirm: "pinEnter",
    next: "pinEnter",
    back: "leaveOfficial",
    settings: "changeSettings",
    timer: "leaveOfficial",
  },
  "official-checking": { ...deaf, lifted: "leaveOfficial", finished: "pinChecked", failed: "pinUnreadable" },
  "official-menu": {
    ...deaf,
    act: "officialAct",
    lifted: "leaveOfficial",
    back: "leaveOfficial",
    settings: "changeSettings",
    timer: "leaveOfficial",
  },
  "official-second": {
    ...deaf,
    card: "readForOfficial",
    back: "leaveOfficial",
    settings: "changeSettings",
    timer: "leaveOfficial",
  },
  "official-acting": { ...deaf, finished: "acted", failed: "actFailed" },
  "official-service": {
    ...deaf,
    lifted: "leaveOfficial",
    next: "leaveOfficial",
    confirm: "leaveOfficial",
    back: "leaveOfficial",
    settings: "changeSettings",
    timer: "leaveOfficial",
  },
  "official-result": {
    ...deaf,
    lifted: "leaveOfficial",
    next: "leaveOfficial",
    confirm: "leaveOfficial",
    back: "leaveOfficial",
    settings: "changeSettings",
    timer: "leaveOfficial",
  },
};
