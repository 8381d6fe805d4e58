import test from "ava";
import { Bench, PROGRAM, sanitizedProgram, selftestImage } from "./support.js";

interface Case {
  readonly kind: string;
  readonly says: RegExp;
}

const CASES: readonly Case[] = [
  {
    kind: "exception",
    says: /^uncaught: Error: on purpose: exception\n at innermost \(platform\/xs\/selftest\/commands\.ts:\d+\)/,
  },
  { kind: "rejection", says: /^unhandled rejection: Error: on purpose: rejection/ },
  { kind: "number", says: /^uncaught: 42/ },
  { kind: "hostile", says: /^uncaught: an exception that cannot be shown/ },
  { kind: "memory", says: /^memory full/ },
  { kind: "slots", says: /^memory full/ },
  { kind: "stack", says: /^stack overflow/ },
];

for (const { kind, says } of CASES)
  for (const sanitized of [false, true])
    test(`${kind}${sanitized ? ", with sanitizers" : ""}: the process ends with code 70 and says why`, async (t) => {
      const bench = new Bench(await selftestImage(), { program: sanitized ? await sanitizedProgram() : PROGRAM });
      await bench.terminal.start();
      bench.request("crash", kind);
      const error = await t.throwsAsync(
        bench.terminal.runUntil(() => false),
        { name: "TerminalStopped" },
      );
      t.true(error instanceof Error);
      const exit = await bench.terminal.gone();
      t.is(exit.code, 70, exit.stderr);
      t.regex(exit.stderr, says);
      t.is(bench.crashes.length, 1);
      t.regex(bench.crashes[0]!, says);
      bench.terminal.close();
      bench.forget();
    });

test("an image that is none, a missing file and a wrong option are refused in words", async (t) => {
  const start = async (options: object): Promise<string> => {
    const bench = new Bench(await selftestImage(), options);
    await t.throwsAsync(bench.terminal.start(), { name: "TerminalStopped" });
    const exit = await bench.terminal.gone();
    t.is(exit.code, 69);
    bench.terminal.close();
    bench.forget();
    return exit.stderr;
  };
  t.regex(await start({ image: "package.json" }), /package\.json: not an image/);
  t.regex(await start({ image: "nowhere.xsi" }), /nowhere\.xsi: No such file/);
  t.regex(await start({ seed: "5eed" }), /--seed: 64 hexadecimal digits expected/);
  t.regex(await start({ heap: 12 }), /--heap: 1 MiB to 256 MiB expected/);
});
