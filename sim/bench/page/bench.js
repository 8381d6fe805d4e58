// The bench's page: one WebSocket to the station on this machine. Whatever is shown came through it; whatever is done
// goes through it.

import { Display } from "./display.js";
import { drawSlots, showLines, showSync, showTally } from "./inside.js";
import { Keypad } from "./keypad.js";
import { Paper } from "./paper.js";
import { Tray } from "./tray.js";

const byId = (id) => document.getElementById(id);
const againMs = 1000;
const toastMs = 6000;

const switchGroups = [
  [
    "Wires",
    [
      ["line", "Network line"],
      ["collector", "Collector"],
      ["mains", "Mains power"],
      ["case-open", "Case open"],
    ],
  ],
  [
    "Printer",
    [
      ["paper-out", "Paper out"],
      ["near-end", "Near end"],
      ["cover-open", "Cover open"],
      ["jam", "Jam"],
      ["cutter-stuck", "Cutter stuck"],
      ["lying-echo", "Lying echo"],
      ["silent-printer", "Silent"],
    ],
  ],
  [
    "Reader",
    [
      ["silent-reader", "Silent"],
      ["pull-card", "Card pulled at the next command"],
    ],
  ],
];
/** On is how these should be; the others are faults when they are on. */
const goodWhenOn = new Set(["line", "collector", "mains"]);
const pollTexts = {
  "before-opening": "Polls not open yet",
  open: "Polls open",
  paused: "Polls paused",
  closed: "Polls closed",
};

let socket;
let state;
let inside;

function send(command) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
}

const displayCanvas = byId("display");
const display = new Display(displayCanvas, send);
const keypad = new Keypad(byId("keypad"), displayCanvas, send);
const paper = new Paper(byId("window"), byId("strip"), byId("paper"));
const toTerminal = () => displayCanvas.focus({ focusVisible: false });
const tray = new Tray({
  list: byId("tray-cards"),
  spot: byId("spot"),
  held: byId("held"),
  newCard: byId("new-card"),
  send,
  afterClick: toTerminal,
});

// --- the connection ---

function connect() {
  socket = new WebSocket(`ws://${location.host}/bench`);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => take(data));
  socket.addEventListener("close", () => {
    keypad.releaseAll();
    document.body.dataset.connected = "no";
    void sayWhy();
    setTimeout(connect, againMs);
  });
}

/** It builds what it runs before it takes connections; when it is not there at all, nobody answers. */
async function sayWhy() {
  const phase = await fetch("/phase").then(
    (answer) => answer.text(),
    () => undefined,
  );
  if (document.body.dataset.connected !== "no") return;
  byId("step").textContent =
    phase === "starting"
      ? "Starting: the bench builds what it runs. The first time takes a few minutes."
      : "The bench is not running. Start it again with npm start.";
  byId("why").textContent = "This page goes on by itself.";
}

function take(data) {
  if (data instanceof ArrayBuffer) {
    const view = new DataView(data);
    if (view.getUint8(0) === 1) display.draw(view);
    else paper.take(view);
    return;
  }
  const message = JSON.parse(data);
  if (message.type === "state") showState(message);
  else if (message.type === "inside") showInside(message);
  else if (message.type === "tally") {
    byId("count").disabled = false;
    showTally(byId("tally-sources"), byId("contests"), message);
  } else if (message.type === "error") toast(message.what);
}

let toastTimer;
function toast(text) {
  byId("count").disabled = false;
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (byId("toast").hidden = true), toastMs);
}

// --- what is shown ---

function setText(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

function showState(next) {
  const before = state;
  state = next;
  // for whoever watches this page from outside
  Object.assign(document.body.dataset, {
    connected: "yes",
    on: String(next.on),
    screen: next.screen,
    polls: next.polls ?? "",
    boots: String(next.boots),
  });
  const { election } = next;
  setText("election-title", election.title);
  byId("test-mark").hidden = election.kind !== "test";
  setText("place", `Station ${election.station} · ${election.stationName} · terminal ${election.terminal}`);
  setText("polls", next.polls === undefined ? "—" : pollTexts[next.polls]);
  byId("polls").className = `polls ${next.polls ?? ""}`;
  byId("power").setAttribute("aria-checked", String(next.on));
  byId("reset").disabled = !next.on || next.busy;
  byId("dark").hidden = next.on;
  setText("step", next.next.text);
  setText("why", next.next.why);
  tray.show(next.cards, next.held);
  point(next.next.target);
  for (const button of document.querySelectorAll("[data-switch]")) {
    const name = button.dataset.switch;
    const on = next.switches[name];
    button.setAttribute("aria-checked", String(on));
    button.classList.toggle("fault", on !== goodWhenOn.has(name));
  }
  showPrinter(next, before);
  showFigures(next);
  showSync(byId("panel-sync"), next);
}

function point(target) {
  for (const element of document.querySelectorAll(".pointed"))
    if (element.dataset.target !== target) element.classList.remove("pointed");
  if (target === undefined) return;
  const element = document.querySelector(`[data-target="${CSS.escape(target)}"]`);
  if (element === null || element.classList.contains("pointed")) return;
  element.classList.add("pointed");
  if (element.closest("#tray-cards")) element.scrollIntoView({ block: "nearest" });
}

function showPrinter(next, before) {
  const { switches } = next;
  const wrong = [
    ["silent-printer", "silent"],
    ["paper-out", "paper out"],
    ["cover-open", "cover open"],
    ["jam", "jam"],
    ["cutter-stuck", "cutter stuck"],
    ["near-end", "paper near its end"],
  ].find(([name]) => switches[name]);
  const text = !next.on
    ? "off"
    : wrong !== undefined
      ? wrong[1]
      : ["preparing", "voiding", "finishing"].includes(next.screen.split(" ")[0])
        ? "printing"
        : "ready";
  setText("printer-state", text);
  byId("printer-state").className = wrong === undefined ? "" : "bad";
  if (before !== undefined && JSON.stringify(before.slips) === JSON.stringify(next.slips)) return;
  const last = next.slips.at(-1);
  if (before !== undefined && last !== undefined && last.number > (before.slips.at(-1)?.number ?? 0))
    paper.stamp(last.mark);
  byId("slips").replaceChildren(...[...next.slips].reverse().map(slipItem));
}

function slipItem(slip) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = slip.mark;
  button.textContent = `${slip.number} ${slip.mark === "none" ? (slip.cut === "torn" ? "torn" : "no mark") : slip.mark.toUpperCase()}`;
  button.addEventListener("click", () => {
    setText("slip-title", `Slip ${slip.number}: ${slip.mark === "none" ? "no mark" : slip.mark.toUpperCase()}`);
    const picture = byId("slip-picture");
    picture.src = `slip/${slip.number}.png?${slip.rows}`;
    picture.alt = `Picture of slip ${slip.number}`;
    byId("slip-dialog").showModal();
  });
  item.append(button);
  return item;
}

function showFigures({ ballots, voids, capacity, boots, sync, on }) {
  setText("tab-ballots", String(ballots));
  setText("tab-line", on ? (sync.complete ? "✓" : sync.lineUp ? "●" : "○") : "");
  setText("vault-ballots", String(ballots));
  setText("vault-of", `of ${capacity}`);
  setText("vault-voids", String(voids));
  setText("vault-boots", String(boots));
  byId("vault-bar").style.width = `${(100 * ballots) / capacity}%`;
}

const strongEvents = /Polls |receipted|VALID|VOID|NOT cast/;
const badEvents = /fault|refused|Mains lost|Line to the collector down|out of service|was settled/i;

function showInside(next) {
  inside = next;
  const classOf = (line) => (badEvents.test(line) ? "bad" : strongEvents.test(line) ? "strong" : "");
  showLines(
    byId("panel-journal"),
    next.journalProblem ? [...next.journal, `the journal does not read: ${next.journalProblem}`] : next.journal,
    classOf,
  );
  showLines(byId("panel-trace"), next.trace, (line) =>
    line.startsWith("--") || line.startsWith("bug") || line.startsWith("ended") ? "bad" : "",
  );
  drawSlots(byId("slots"), next.slots);
}

// --- what can be done ---

function buildSwitches() {
  const panel = byId("panel-switches");
  for (const [title, switches] of switchGroups) {
    const heading = document.createElement("h3");
    heading.textContent = title;
    const group = document.createElement("div");
    for (const [name, label] of switches) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "switch";
      button.setAttribute("role", "switch");
      button.dataset.switch = name;
      button.dataset.target = `switch ${name}`;
      const text = document.createElement("span");
      text.textContent = label;
      button.append(document.createElement("i"), text);
      button.addEventListener("click", (event) => {
        send({ do: "switch", name, on: button.getAttribute("aria-checked") !== "true" });
        if (event.detail > 0) toTerminal();
      });
      group.append(button);
    }
    panel.append(heading, group);
  }
}

function chooseTab(tab) {
  for (const each of byId("tabs").children) {
    const isChosen = each === tab;
    each.setAttribute("aria-selected", String(isChosen));
    each.tabIndex = isChosen ? 0 : -1;
    byId(each.getAttribute("aria-controls")).hidden = !isChosen;
  }
  if (inside !== undefined) showInside(inside);
  for (const id of ["panel-journal", "panel-trace"]) byId(id).scrollTop = byId(id).scrollHeight;
}

function count() {
  byId("count").disabled = true;
  setText("tally-sources", "opening and checking every signature …");
  send({ do: "tally" });
}

for (const tab of byId("tabs").children) tab.addEventListener("click", () => chooseTab(tab));
byId("tabs").addEventListener("keydown", (event) => {
  const tabs = [...byId("tabs").children];
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  const next = tabs[(tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length];
  chooseTab(next);
  next.focus();
});
byId("power").addEventListener("click", (event) => {
  send({ do: "power", on: !(state?.on ?? false) });
  if (event.detail > 0) toTerminal();
});
byId("reset").addEventListener("click", () => send({ do: "reset" }));
byId("count").addEventListener("click", count);
byId("tear").addEventListener("click", () => send({ do: "tear-off" }));
byId("open-tally").addEventListener("click", () => {
  byId("tally-dialog").showModal();
  count();
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
window.addEventListener("resize", () => inside !== undefined && drawSlots(byId("slots"), inside.slots));

buildSwitches();
connect();
