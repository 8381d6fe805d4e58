// A copy of the tree in which one file at a time is changed and tests are run. The work tree itself is never touched.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Step } from "./parts.js";

/** What tests read of what was built: the texts. No host and no image, which would not have the mutant in them. */
const built = ["text"];

export interface TestRun {
  readonly result: "passed" | "failed" | "timeout";
  /** Titles of tests that failed. */
  readonly failed: readonly string[];
  readonly ms: number;
  readonly output: string;
}

export interface RunOptions {
  /** Titles of tests that are left out. */
  readonly without?: readonly string[];
  readonly timeoutMs: number;
  readonly failFast: boolean;
}

export class Scratch {
  readonly root = mkdtempSync(join(tmpdir(), "sandogh-mutants-"));

  constructor() {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    for (const file of listed.split("\n").filter((each) => each !== "" && existsSync(each))) {
      mkdirSync(join(this.root, dirname(file)), { recursive: true });
      cpSync(file, join(this.root, file));
    }
    for (const folder of built) cpSync(join("build", folder), join(this.root, "build", folder), { recursive: true });
    symlinkSync(resolve("node_modules"), join(this.root, "node_modules"));
  }

  /** Runs `work` with a file changed; then it is as it was. */
  async with<T>(file: string, text: string, work: () => Promise<T>): Promise<T> {
    const path = join(this.root, file);
    const before = readFileSync(path);
    writeFileSync(path, text);
    try {
      return await work();
    } finally {
      writeFileSync(path, before);
    }
  }

  run(step: Step, { without = [], timeoutMs, failFast }: RunOptions): Promise<TestRun> {
    const files = step.filter((file) => existsSync(join(this.root, file)));
    const skips = without.flatMap((title) => ["--match", `!*${title.replace(/[^A-Za-z0-9 ,:;]/g, "*")}`]);
    const args = [join("node_modules", "ava", "entrypoints", "cli.mjs"), "--tap", ...(failFast ? ["--fail-fast"] : [])];
    const startMs = performance.now();
    return new Promise((done, refuse) => {
      const child = spawn(process.execPath, [...args, ...skips, ...files], {
        cwd: this.root,
        env: { ...process.env, SANDOGH_MACHINE: "node" },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      let output = "";
      let isLate = false;
      const take = (bytes: Buffer): void => {
        output += bytes.toString("utf8");
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      const timer = setTimeout(() => {
        isLate = true;
        // with the processes that it started: one for each test file
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      }, timeoutMs);
      child.on("error", refuse);
      child.on("close", (code) => {
        clearTimeout(timer);
        const failed = [...output.matchAll(/^not ok \d+ - (.*)$/gm)].map((found) => found[1]!.split(" › ").at(-1)!);
        done({
          result: isLate ? "timeout" : code === 0 ? "passed" : "failed",
          failed,
          ms: performance.now() - startMs,
          output,
        });
      });
    });
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
