// Numbers with their check digit, and lists of them as text.

import test from "ava";
import { checkDigit, keyOf } from "../../firmware/roll/national-id.js";
import { parseVoters } from "../../office/roll/voters.js";

const digitsOf = (text: string): number[] => [...text].map(Number);

test("numbers that others publish as examples are taken, and with any other last digit refused", (t) => {
  for (const number of [
    "0499370899",
    "0790419904",
    "0084575948",
    "0963695398",
    "0684159414",
    "0067749828",
    "0650451252",
    "4032152314",
    "0076229645",
    "4271467685",
  ])
    for (let last = 0; last < 10; last++) {
      const typed = number.slice(0, 9) + String(last);
      t.is(keyOf(digitsOf(typed)), typed === number ? Number(number.slice(0, 9)) : undefined, typed);
    }
});

test("any one wrong digit is noticed, and so is any exchange of two digits, except where the check digit stands for two remainders", (t) => {
  let unseen = 0;
  let tried = 0;
  for (let key = 7; key < 1_000_000_000; key += 1_234_577) {
    const digits = [...digitsOf(String(key).padStart(9, "0")), checkDigit(key)];
    for (let at = 0; at < 10; at++)
      for (let digit = 0; digit < 10; digit++) {
        if (digit === digits[at]) continue;
        tried++;
        if (keyOf(digits.with(at, digit)) !== undefined) unseen++;
      }
  }
  // remainders 1 and 10 both give the digit 1
  t.true(tried > 70_000 && unseen / tried < 0.02, `${unseen} of ${tried}`);
});

test("what is not ten digits is no number", (t) => {
  for (const digits of [
    [],
    [1, 2, 3],
    [0, 4, 9, 9, 3, 7, 0, 8, 9],
    [0, 4, 9, 9, 3, 7, 0, 8, 9, 9, 0],
    [0, 4, 9, 9, 3, 7, 0, 8, 9.5, 9],
    [0, 4, 9, 9, 3, 7, 0, -1, 9, 9],
    [0, 4, 9, 9, 3, 7, 0, 8, 10, 9],
  ])
    t.is(keyOf(digits), undefined);
});

test("a list: sorted, styles as areas; each bad line is named, the number in it is not", (t) => {
  const good = parseVoters("# two of three\n4032152314 7\n\n0499370899 2\n0790419904 7\n");
  t.deepEqual(good, {
    ok: true,
    styles: [2, 7],
    voters: [
      { key: 49_937_089, area: 0 },
      { key: 79_041_990, area: 1 },
      { key: 403_215_231, area: 1 },
    ],
    notices: [],
  });
  const bad = parseVoters("0499370899 2\n0499370898 2\n123 1\nx\n0499370899 3\n0790419904 0\n");
  t.deepEqual(bad, {
    ok: false,
    problems: [
      "line 2: the check digit is wrong",
      "line 3: a national number has ten digits; if a spreadsheet has taken zeros from its beginning, the check digit does not say so",
      "line 4: expected ten digits and a ballot style, with a space, a tab, a comma or a semicolon between them",
      "line 5: the same number as line 1",
      "line 6: a ballot style is 1 to 65535",
    ],
  });
  const read = (text: string): unknown => {
    const list = parseVoters(text);
    return list.ok ? [list.voters.length, list.notices] : list.problems;
  };
  // as spreadsheets write it, as people do
  for (const text of [
    "شماره ملی,حوزه\n0499370899,2\n0790419904,7\n",
    "national number;style\r\n0499370899;2\r\n0790419904;7\r\n",
    '"national number","style"\r\n"0499370899","2"\r\n"0790419904","7"',
    "۰۴۹۹۳۷۰۸۹۹\t۲\n٠٧٩٠٤١٩٩٠٤\t٧\n",
    "0499370899, 2,\n0790419904 ,7,,\n",
  ])
    t.deepEqual(read(text), [2, []], text);
  t.deepEqual(read("499370899,2\n790419904,7\n"), [
    2,
    ["zeros that were lost from the beginning of a number were put back, as its check digit says: line 1, 2"],
  ]);
  t.regex(String(read("499370898,2\n")), /^line 1: .* the check digit does not say so$/);
  t.regex(String(read("a header\nanother\n0499370899 2\n")), /^line 2: expected/);
  t.deepEqual(parseVoters("\n"), { ok: false, problems: ["there are no voters"] });
});
