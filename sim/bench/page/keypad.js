// The keypad as hardware keys: pressed as long as the mouse or the PC's key is down, never repeating.

const persianDigits = "۰۱۲۳۴۵۶۷۸۹";

/** In the order of the four columns. */
const keys = [
  "1",
  "2",
  "3",
  "white",
  "4",
  "5",
  "6",
  "correction",
  "7",
  "8",
  "9",
  "back",
  "next",
  "0",
  "previous",
  "green",
  "up",
  "select",
  "down",
];

const words = {
  white: ["White", "سفید"],
  correction: ["Correct", "تصحیح"],
  back: ["Back", "بازگشت"],
  green: ["Green", "تأیید"],
};
const moves = {
  previous: ["▶", "Previous"],
  next: ["◀", "Next"],
  up: ["▲", "Up"],
  down: ["▼", "Down"],
  select: ["●", "Select"],
};

/** The PC's keyboard. Forward is to the left, as on a Persian screen. */
const pcKeys = {
  Enter: "green",
  Backspace: "correction",
  Delete: "correction",
  Escape: "back",
  " ": "select",
  w: "white",
  W: "white",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "next",
  ArrowRight: "previous",
};

function pcKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (/^[0-9]$/.test(event.key)) return event.key;
  const persian = persianDigits.indexOf(event.key);
  return persian >= 0 && event.key.length === 1 ? String(persian) : pcKeys[event.key];
}

export class Keypad {
  #send;
  #buttons = new Map();
  #down = new Set();

  /** `terminal`: keys typed on the PC count while the focus is there, or nowhere. */
  constructor(element, terminal, send) {
    this.#send = send;
    for (const key of keys) element.append(this.#button(key));
    document.addEventListener("keydown", (event) => this.#typed(event, terminal));
    document.addEventListener("keyup", (event) => {
      const key = pcKey(event);
      if (key !== undefined) this.#release(key);
    });
    window.addEventListener("blur", () => this.releaseAll());
  }

  releaseAll() {
    for (const key of [...this.#down]) this.#release(key);
  }

  #button(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.key = key;
    button.dataset.target = `key ${key}`;
    if (words[key] !== undefined) {
      const [english, persian] = words[key];
      button.className = `word ${key}`;
      button.append(persian, document.createElement("br"), english);
      button.setAttribute("aria-label", `${english} key`);
    } else if (moves[key] !== undefined) {
      const [sign, name] = moves[key];
      button.className = "move";
      button.textContent = sign;
      button.title = name;
      button.setAttribute("aria-label", `${name} key`);
    } else {
      const small = document.createElement("small");
      small.textContent = key;
      button.append(persianDigits[Number(key)], small);
      button.setAttribute("aria-label", `Key ${key}`);
    }
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      this.#press(key);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
      button.addEventListener(name, () => this.#release(key));
    this.#buttons.set(key, button);
    return button;
  }

  #typed(event, terminal) {
    const { target } = event;
    if (target !== document.body && target !== terminal) return;
    const key = pcKey(event);
    if (key === undefined) return;
    event.preventDefault();
    if (!event.repeat) this.#press(key);
  }

  #press(key) {
    if (this.#down.has(key)) return;
    this.#down.add(key);
    this.#buttons.get(key).classList.add("down");
    this.#send({ do: "key", key, pressed: true });
  }

  #release(key) {
    if (!this.#down.delete(key)) return;
    this.#buttons.get(key).classList.remove("down");
    this.#send({ do: "key", key, pressed: false });
  }
}
