// How far a job is: silent at first, a bar on a terminal, a plain line every few seconds elsewhere, nothing when asked.

import test from "ava";
import { Progress, type Streams, lineMs, silentMs } from "../../tools/command-line/progress.js";
import { Talk } from "../../tools/command-line/talk.js";

const columns = 60;

function streamsTo(written: string[], isTerminal: boolean): Streams {
  return {
    out: (text) => void written.push(`out ${text}`),
    err: (text) => void written.push(text),
    isTerminal,
    columns,
  };
}

/** What is written in a minute in which each second one of 60 things is done. */
function minute(isTerminal: boolean, isQuiet: boolean): string[] {
  const written: string[] = [];
  let nowMs = 0;
  const progress = new Progress(streamsTo(written, isTerminal), "voting", isQuiet, () => nowMs);
  for (let done = 1; done <= 60; done++) {
    nowMs += 1000;
    progress.at(done, 60, "ballots");
    if (nowMs < silentMs && written.length > 0) throw new Error(`too early: ${written[0]}`);
  }
  progress.end();
  return written;
}

test("elsewhere than on a terminal: plain lines, nothing in the first seconds, and not more than one in five", (t) => {
  const written = minute(false, false);
  t.is(written.length, Math.ceil((60_000 - silentMs + 1000) / lineMs));
  for (const line of written) t.regex(line, /^\d+ of 60 ballots, \d+ s(, about \d+ s left)?\n$/);
  t.true(written[3]!.includes("about"), written[3]);
});

test("on a terminal: one line drawn anew, never wider than the terminal, taken away at the end", (t) => {
  const written = minute(true, false);
  t.true(written.length > 50);
  for (const line of written.slice(0, -1)) {
    t.regex(line, /^\r\u001b\[2K\[#*-*\] \d+ of 60 ballots/);
    t.true(line.length - "\r\u001b[2K".length < columns, line);
  }
  t.is(written.at(-1), "\r\u001b[2K");
});

test("quiet says nothing", (t) => {
  t.deepEqual([...minute(true, true), ...minute(false, true)], []);
});

test("a program that reads gets one line of JSON, people get the lines", (t) => {
  const [read, seen]: [string[], string[]] = [[], []];
  for (const [written, json] of [
    [read, true],
    [seen, false],
  ] as const) {
    const talk = new Talk(streamsTo(written, false), { json });
    talk.say("under way");
    talk.result({ ok: true }, ["all is well"]);
  }
  t.deepEqual(read, ['out {"ok":true}\n']);
  t.deepEqual(seen, ["out under way\n", "out all is well\n"]);
});
