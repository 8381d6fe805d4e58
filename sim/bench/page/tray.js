// The tray: a button for each card, the desk's acts under the voters', and the marked spot on the terminal.

const names = { executive: "Executive", supervision: "Supervision", foreign: "A foreign card" };
const states = { empty: "empty", granted: "may vote once", locked: "locked to terminal", spent: "spent" };

function nameOf(card) {
  return names[card.kind] ?? `Voter's card ${card.id.replace("voter-", "")}`;
}

function stateOf(card) {
  if (card.kind === "foreign") return "of no election";
  if (card.kind !== "voter") return `official · PIN ${card.pin}${card.state === "" ? "" : ` · ${card.state}`}`;
  return states[card.state] ?? card.state;
}

export class Tray {
  #list;
  #spot;
  #held;
  #send;
  /** After an act with the mouse the PC's keys should reach the terminal. */
  #afterClick;
  #shown = "";

  constructor({ list, spot, held, newCard, send, afterClick }) {
    this.#list = list;
    this.#spot = spot;
    this.#held = held;
    this.#send = send;
    this.#afterClick = afterClick;
    held.addEventListener("click", (event) => this.#act(event, { do: "lift" }));
    newCard.addEventListener("click", (event) => this.#act(event, { do: "new-card" }));
    spot.addEventListener("dragover", (event) => {
      event.preventDefault();
      spot.classList.add("over");
    });
    spot.addEventListener("dragleave", () => spot.classList.remove("over"));
    spot.addEventListener("drop", (event) => {
      event.preventDefault();
      spot.classList.remove("over");
      const card = event.dataTransfer.getData("text/plain");
      if (card !== "") this.#send({ do: "hold", card });
      this.#afterClick();
    });
  }

  show(cards, heldId) {
    const text = JSON.stringify([cards, heldId]);
    if (text === this.#shown) return;
    this.#shown = text;
    const focused = document.activeElement?.dataset?.target;
    this.#list.replaceChildren(...cards.map((card) => this.#card(card, card.id === heldId)));
    if (focused !== undefined) this.#list.querySelector(`[data-target="${CSS.escape(focused)}"]`)?.focus();
    const held = cards.find((card) => card.id === heldId);
    this.#held.hidden = held === undefined;
    if (held === undefined) return;
    this.#held.className = `held ${held.kind}`;
    const hint = document.createElement("small");
    hint.textContent = "click to lift";
    this.#held.replaceChildren(nameOf(held), hint);
  }

  #card(card, isHeld) {
    const element = document.createElement("div");
    element.className = `card ${card.kind} ${card.kind === "voter" ? card.state : ""} ${isHeld ? "away" : ""}`;
    element.dataset.card = card.id;
    const face = document.createElement("button");
    face.type = "button";
    face.className = "face";
    face.dataset.target = `card ${card.id}`;
    face.draggable = !isHeld;
    const chip = document.createElement("span");
    chip.className = "chip";
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = nameOf(card);
    const state = document.createElement("span");
    state.className = "state";
    state.textContent = isHeld ? "on the reader" : stateOf(card);
    face.append(chip, name, state);
    face.title = isHeld ? "Lift it" : "Hold it to the reader";
    face.addEventListener("click", (event) =>
      this.#act(event, isHeld ? { do: "lift" } : { do: "hold", card: card.id }),
    );
    face.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", card.id));
    element.append(face);
    if (card.kind === "voter") element.append(this.#desk(card, isHeld));
    return element;
  }

  #desk(card, isHeld) {
    const desk = document.createElement("div");
    desk.className = "desk";
    const grant = document.createElement("button");
    grant.type = "button";
    grant.className = "plain";
    grant.textContent = "Grant";
    grant.title = "The identification desk gives this card one right to vote";
    grant.dataset.target = `grant ${card.id}`;
    grant.disabled = isHeld || card.state === "granted" || card.state === "locked";
    grant.addEventListener("click", (event) => this.#act(event, { do: "grant", card: card.id }));
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "plain discard";
    discard.textContent = "×";
    discard.setAttribute("aria-label", `Throw away ${nameOf(card)}`);
    discard.disabled = isHeld;
    discard.addEventListener("click", (event) => this.#act(event, { do: "discard", card: card.id }));
    desk.append(grant, discard);
    return desk;
  }

  #act(event, command) {
    this.#send(command);
    // a click made with a key has no detail: then the focus stays where it was
    if (event.detail > 0) this.#afterClick();
  }
}
