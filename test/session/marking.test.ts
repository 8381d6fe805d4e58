// A voter at random against a reference model of the ballot's rules, written as sets from REQUIREMENTS and not from the code.

import test from "ava";
import fc from "fast-check";
import type { OptionIndex } from "../../firmware/election/types.js";
import { Marking } from "../../firmware/session/marking.js";
import type { Intent } from "../../firmware/session/view.js";
import { pack } from "../ui/views.js";

const style = pack.election.styles[0]!;
const contests = style.contests.map((id) => pack.election.contests.find((each) => each.id === id)!);

interface Model {
  /** Codes in the order chosen. */
  readonly chosen: number[][];
  readonly blank: boolean[];
  position: number;
  typed: string;
  mode: "list" | "code";
  /** The review was seen once: "next" leads back to it. */
  reviewing: boolean;
  inReview: boolean;
}

const fresh = (): Model => ({ chosen: contests.map(() => []), blank: contests.map(() => false), position: 0, typed: "", mode: "list", reviewing: false, inReview: false });

type Step = { readonly do: "intent"; readonly intent: Intent } | { readonly do: "next" | "back" | "jump"; readonly contest: number };

const codes = contests.map((contest) => Array.from({ length: contest.options }, (_, i) => pack.option(contest.id, i as OptionIndex).code));

function go(model: Model, position: number): void {
  model.position = position;
  model.typed = "";
  model.mode = "list";
  model.inReview = false;
}

/** Chooses a code if the rules allow it. */
function choose(model: Model, code: number): boolean {
  const at = model.position;
  if (model.chosen[at]!.includes(code)) return true;
  if (model.blank[at]! || model.chosen[at]!.length >= contests[at]!.votesAllowed) return false;
  model.chosen[at]!.push(code);
  return true;
}

function enter(model: Model): void {
  if (model.typed === "") return;
  if (codes[model.position]!.includes(Number(model.typed)) && choose(model, Number(model.typed))) model.typed = "";
}

function act(model: Model, step: Step): void {
  if (step.do === "intent") return edit(model, step.intent);
  const at = model.position;
  if (step.do === "next") {
    if (model.typed !== "") enter(model);
    else if (model.reviewing || at + 1 === contests.length) {
      model.reviewing = true;
      model.inReview = true;
    } else go(model, at + 1);
    return;
  }
  if (step.do === "back") {
    if (model.mode === "code") go(model, at);
    else if (at > 0) go(model, at - 1);
    return;
  }
  go(model, step.contest);
}

function edit(model: Model, intent: Intent): void {
  const at = model.position;
  switch (intent.do) {
    case "toggle": {
      const code = codes[at]![intent.option];
      if (code === undefined) return;
      const chosen = model.chosen[at]!;
      if (chosen.includes(code)) chosen.splice(chosen.indexOf(code), 1);
      else choose(model, code);
      return;
    }
    case "mode":
      model.mode = intent.mode;
      model.typed = "";
      return;
    case "digit":
      model.mode = "code";
      if (model.typed.length < 5) model.typed += String(intent.digit);
      return;
    case "correct":
      if (model.typed !== "") model.typed = model.typed.slice(0, -1);
      else if (model.blank[at]) model.blank[at] = false;
      else model.chosen[at]!.pop();
      return;
    case "blank":
      if (model.blank[at]) model.blank[at] = false;
      else if (contests[at]!.blankAllowed && model.chosen[at]!.length === 0) model.blank[at] = true;
      return;
    case "enter":
      return enter(model);
  }
}

const intents: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("toggle" as const), option: fc.oneof(fc.nat(9), fc.nat(200)).map((option) => option as OptionIndex) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("digit" as const), digit: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.constant<Intent>({ do: "enter" }) },
  { weight: 2, arbitrary: fc.constant<Intent>({ do: "correct" }) },
  { weight: 1, arbitrary: fc.constant<Intent>({ do: "blank" }) },
  { weight: 1, arbitrary: fc.constantFrom<Intent>({ do: "mode", mode: "list" }, { do: "mode", mode: "code" }) },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: intents.map((intent): Step => ({ do: "intent", intent })) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("next" as const, "back" as const, "jump" as const), contest: fc.nat(contests.length - 1) }) },
);

function apply(marking: Marking, step: Step): void {
  if (step.do === "intent") marking.edit(step.intent);
  else if (step.do === "next") marking.next();
  else if (step.do === "back") marking.back();
  else marking.jump(contests[step.contest]!.id);
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

test("100,000 random acts: marks are those of the model after every one, and only an act on the ballot changes them", (t) => {
  const walk = fc.array(steps, { minLength: 1_000, maxLength: 1_000, size: "max" });
  let acts = 0;
  const out = fc.check(
    fc.property(walk, (path) => {
      const marking = new Marking({ pack, style });
      const model = fresh();
      for (const step of path) {
        const before = JSON.stringify(marking.marks);
        const at = model.position;
        const wasTyped = model.typed !== "";
        apply(marking, step);
        act(model, step);
        acts++;
        const marks = marking.marks;
        if (JSON.stringify(marks) !== JSON.stringify(model.chosen.map((chosen, i) => ({ contest: contests[i]!.id, blank: model.blank[i], choices: sorted(chosen) })))) return false;
        // going about changes nothing, except that "next" takes a code that stands there; and no act reaches another contest
        if (step.do !== "intent" && !(step.do === "next" && wasTyped) && JSON.stringify(marks) !== before) return false;
        const others = (text: string): string => JSON.stringify((JSON.parse(text) as unknown[]).filter((_, i) => i !== at));
        if (others(JSON.stringify(marks)) !== others(before)) return false;
        if (!model.inReview && (marking.view.typed !== model.typed || marking.view.mode !== model.mode || marking.view.position !== model.position)) return false;
      }
      return true;
    }),
    { numRuns: 100 },
  );
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)?.slice(0, 2_000)}`);
  t.true(out.failed || acts >= 100_000);
  t.log(`seed ${out.seed}`);
});

test("every valid ballot can be cast: whatever the rules allow is reached by touch and by code", (t) => {
  const wish = fc.tuple(...contests.map((contest, i) => fc.oneof(
    { weight: 4, arbitrary: fc.uniqueArray(fc.nat(contest.options - 1), { maxLength: contest.votesAllowed }).map((options) => ({ blank: false, options })) },
    { weight: contest.blankAllowed ? 1 : 0, arbitrary: fc.constant({ blank: true, options: [] as number[] }) },
  ).map((each) => ({ ...each, contest: i }))));
  const out = fc.check(
    fc.property(wish, fc.boolean(), (wishes, byCode) => {
      const marking = new Marking({ pack, style });
      for (const { contest, blank, options } of wishes) {
        marking.jump(contests[contest]!.id);
        if (blank) marking.edit({ do: "blank" });
        for (const option of options) {
          if (!byCode) marking.edit({ do: "toggle", option: option as OptionIndex });
          else {
            for (const digit of String(codes[contest]![option]!)) marking.edit({ do: "digit", digit: Number(digit) });
            marking.edit({ do: "enter" });
          }
        }
      }
      const expected = wishes.map(({ contest, blank, options }) => ({ contest: contests[contest]!.id, blank, choices: sorted(options.map((option) => codes[contest]![option]!)) }));
      return JSON.stringify(marking.marks) === JSON.stringify(expected);
    }),
    { numRuns: 300 },
  );
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)?.slice(0, 1_000)}`);
});
