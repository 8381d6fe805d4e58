// The terminal's page in the SDK's simulator: panel, paper, cards, keys and switches. It runs in the simulator's own
// machine (Piu) and tells the harness what a person does, in the words of sim/bench/command.ts, through the terminal's
// process (platform/sdk/lin/page.ts).

import { ButtonsRow, ControlsColumn, SwitchRow } from "ControlsPane";
import { DeviceBehavior, DeviceContainer, DeviceScreen } from "DevicePane";

const WIDTH = 1024;
const HEIGHT = 600;
const PAPER_WIDTH = 160;
const STATUS_HEIGHT = 60;

class TerminalBehavior extends DeviceBehavior {
  onCreate(container, device) {
    super.onCreate(container, device);
    this.isOff = false;
  }
  onAct(container, { command }) {
    this.postJSON(container, command);
  }
  onKeyButtonDown(container, { key }) {
    this.postJSON(container, { do: "key", key, pressed: true });
  }
  onKeyButtonUp(container, { key }) {
    this.postJSON(container, { do: "key", key, pressed: false });
  }
  onSwitch(container, { name, value }) {
    this.postJSON(container, { do: "switch", name, on: value });
  }
  onPower(container, { value }) {
    this.isOff = !value;
    if (value) application.defer("doReloadFile");
    else this.postJSON(container, { do: "power", on: false });
  }
  // The library has left its cable: a power cut, or a reset.
  onAbort(container) {
    container.distribute("onTerminalState", { next: "The terminal is off.", facts: "" });
    if (!this.isOff) application.defer("doReloadFile");
    return true;
  }
  onJSON(container, json) {
    if ("paper" in json) container.distribute("onPaper", json.paper);
    else container.distribute("onTerminalState", json);
  }
}

const GRAYS = Array.from({ length: 16 }, (_, dark) => `#${(255 - 17 * dark).toString(16).padStart(2, "0").repeat(3)}`);

// One hexadecimal digit for a square of 4 dots, 0 white to 15 black, a row of 144 after the other, the newest last.
class PaperBehavior extends Behavior {
  onCreate(port) {
    this.rows = [];
  }
  onPaper(port, rows) {
    this.rows = rows;
    port.invalidate();
  }
  onDraw(port) {
    const { width, height } = port;
    port.fillColor("#e8e8e8", 0, 0, width, height);
    const rows = this.rows.slice(-height);
    const left = (width - 144) >> 1;
    rows.forEach((row, y) => {
      port.fillColor("white", left, y, 144, 1);
      for (let x = 0; x < row.length; ) {
        let end = x + 1;
        while (end < row.length && row[end] === row[x]) end++;
        if (row[x] !== "0") port.fillColor(GRAYS[parseInt(row[x], 16)], left + x, y, end - x, 1);
        x = end;
      }
    });
  }
}

class StatusBehavior extends Behavior {
  onCreate(label, data) {
    this.line = data.line;
  }
  onTerminalState(label, state) {
    label.string = state[this.line] ?? "";
  }
}

// The simulator's own styles and skins are made after its pages are read.
const status = (line, top) =>
  Label(
    { line },
    {
      left: 10,
      right: 10,
      top,
      height: 28,
      style: new Style({ font: "semibold", color: "#262626", horizontal: "left" }),
      string: "",
      Behavior: StatusBehavior,
    },
  );

function keys(label, names) {
  return ButtonsRow({
    label,
    buttons: names.map(([key, title]) => ({
      key,
      label: title ?? key,
      eventDown: "onKeyButtonDown",
      eventUp: "onKeyButtonUp",
    })),
  });
}

function acts(label, list) {
  return ButtonsRow({ label, buttons: list.map(([title, command]) => ({ label: title, command, event: "onAct" })) });
}

function fault(label, name, value = false) {
  return SwitchRow({ label, name, event: "onSwitch", on: "yes", off: "no", value });
}

export default {
  applicationName: ".*",
  sortingTitle: "0000",
  title: "Voting terminal",
  Workers: {},
  ControlsTemplate: ControlsColumn.template(() => ({
    contents: [
      SwitchRow({ label: "Power", event: "onPower", on: "on", off: "off", value: true }),
      acts("", [["Reset", { do: "reset" }]]),
      acts("Voter's card", [
        ["Grant", { do: "grant-one" }],
        ["Hold", { do: "hold-granted" }],
        ["Lift", { do: "lift" }],
      ]),
      acts("Officials", [
        ["Executive", { do: "hold", card: "executive" }],
        ["Superv.", { do: "hold", card: "supervision" }],
      ]),
      keys("Keys", [["1"], ["2"], ["3"]]),
      keys("", [["4"], ["5"], ["6"]]),
      keys("", [["7"], ["8"], ["9"]]),
      keys("", [["correction", "corr."], ["0"], ["white"]]),
      keys("", [["green"], ["previous", "prev."], ["next"]]),
      keys("", [["up"], ["down"], ["select"], ["back"]]),
      acts("Paper", [["Tear off", { do: "tear-off" }]]),
      fault("Paper out", "paper-out"),
      fault("Cover open", "cover-open"),
      fault("Paper jam", "jam"),
      fault("Case open", "case-open"),
      fault("Mains", "mains", true),
      fault("Line", "line", true),
    ],
  })),
  DeviceTemplates: {
    0: DeviceContainer.template(($) => ({
      Behavior: TerminalBehavior,
      width: WIDTH + PAPER_WIDTH,
      height: HEIGHT + STATUS_HEIGHT,
      contents: [
        Content($, { left: 0, width: WIDTH, top: 0, height: HEIGHT, skin: new Skin({ fill: "black" }) }),
        DeviceScreen($, { left: 0, width: WIDTH, top: 0, height: HEIGHT, rotation: 0 }),
        Port($, { left: WIDTH, width: PAPER_WIDTH, top: 0, height: HEIGHT, Behavior: PaperBehavior }),
        Container($, {
          left: 0,
          right: 0,
          top: HEIGHT,
          height: STATUS_HEIGHT,
          skin: new Skin({ fill: "#fafafa" }),
          contents: [status("next", 2), status("facts", 30)],
        }),
      ],
    })),
  },
};
