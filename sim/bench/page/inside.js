// What the terminal holds: slots, journal, sync, trace and the tally.

const slotColors = { ".": "#e3e8ed", p: "#b85c00", b: "#06335c", v: "#7c1012" };

function many(count, name) {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Squares as large as the room allows, in the order of the medium. */
export function drawSlots(canvas, map) {
  const width = canvas.parentElement.clientWidth;
  const height = canvas.parentElement.clientHeight;
  if (width === 0 || height === 0 || map === "") return;
  let size = 2;
  while (size < 14 && Math.ceil(map.length / Math.floor(width / (size + 1))) * (size + 1) <= height) size++;
  const columns = Math.floor(width / size);
  const rows = Math.ceil(map.length / columns);
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(columns * size * ratio);
  canvas.height = Math.round(rows * size * ratio);
  canvas.style.width = `${columns * size}px`;
  canvas.style.height = `${rows * size}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  for (let i = 0; i < map.length; i++) {
    context.fillStyle = slotColors[map[i]];
    context.fillRect((i % columns) * size, Math.floor(i / columns) * size, size - 1, size - 1);
  }
}

/** Keeps the end in sight unless somebody has scrolled up. */
export function showLines(panel, lines, classOf) {
  const atEnd = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 8;
  panel.replaceChildren(...lines.map((line) => element("div", classOf(line), line)));
  if (atEnd) panel.scrollTop = panel.scrollHeight;
}

export function showSync(panel, state) {
  const { sync, ballots, switches } = state;
  const { collector } = sync;
  const tile = (name, value, tone) => {
    const made = element("div", `tile ${tone ?? ""}`, name);
    made.append(element("b", "", String(value)));
    return made;
  };
  const tiles = [
    tile("Line to the collector", sync.lineUp ? "up" : switches.line ? "down" : "cut", sync.lineUp ? "good" : "bad"),
    tile("At the collector", `${sync.stored} of ${ballots}`, sync.complete ? "good" : ""),
    tile("Every ballot receipted", sync.complete ? "yes" : "not yet", sync.complete ? "good" : ""),
  ];
  if (collector === undefined) tiles.push(tile("Collector", "off", "bad"));
  else {
    tiles.push(
      tile("Batches", collector.batches),
      tile("Records taken", collector.records),
      tile("Heartbeats", collector.heartbeats),
    );
    tiles.push(tile("Refused", collector.refused, collector.refused > 0 ? "bad" : ""));
    if (collector.lastRefusal) tiles.push(tile("Last refusal", collector.lastRefusal, "bad"));
  }
  const note = element(
    "p",
    "note",
    "Ballots leave after the close, sealed; the collector cannot open them. What is sent leaves the outbox only on its signed receipt.",
  );
  note.style.gridColumn = "1 / -1";
  panel.replaceChildren(...tiles, note);
}

/** Votes, blanks and undervotes make up what could be voted at most. */
function sumsOf({ ballots, blank, undervotes, votesAllowed, votes }) {
  const counted = votes.reduce((sum, each) => sum + each.votes, 0);
  return `${counted} given + ${undervotes} unused + ${blank} × ${votesAllowed} blank = ${ballots} × ${votesAllowed}`;
}

export function showTally(sources, contests, tally) {
  sources.textContent =
    tally.sources
      .map(
        ({ name, ballots, rejected }) =>
          `${name}: ${many(ballots, "ballot")}${rejected.length > 0 ? `, ${rejected.length} rejected (${rejected[0]})` : ""}`,
      )
      .join(" · ") + (tally.agree ? " · all agree" : " · they differ: the collector gets its ballots after the close");
  contests.replaceChildren(
    ...tally.contests.map((contest) => {
      const section = element("section");
      section.lang = "fa";
      section.dir = "rtl";
      section.append(element("h3", "", contest.title));
      const sums = element("p", "sums", sumsOf(contest));
      sums.dir = "ltr";
      sums.lang = "en";
      section.append(sums);
      const table = element("table");
      for (const { code, name, affiliation, votes } of contest.votes) {
        const row = element("tr");
        const who = element("td", "", name);
        if (affiliation) who.append(element("small", "", affiliation));
        const meter = element("meter");
        meter.max = Math.max(1, contest.ballots);
        meter.value = votes;
        const count = element("td", "count");
        count.append(meter, ` ${votes}`);
        row.append(element("td", "", code.toLocaleString("fa", { useGrouping: false })), who, count);
        table.append(row);
      }
      section.append(table);
      return section;
    }),
  );
}
