// A bench on a folder of its own, and a browser in front of it.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import { Bench, type BenchOptions } from "../../sim/bench/bench.js";
import { BenchServer } from "../../sim/bench/server.js";

const program = "/usr/bin/chromium";
/** A zero report takes the printer half a minute. */
const patienceMs = 90_000;
const pollMs = 30;
const lookMs = 600;
export const pictures = "build/bench";

export const hasBrowser = existsSync(program);

export interface Running {
  readonly directory: string;
  readonly bench: Bench;
  readonly server: BenchServer;
  close(): Promise<void>;
}

export async function start(
  directory: string = mkdtempSync(join(tmpdir(), "bench-")),
  options: Pick<BenchOptions, "election" | "machine"> = {},
): Promise<Running> {
  const server = await BenchServer.listen(0);
  const bench = await Bench.create({ directory, wallBase: 1_795_235_400, ...options });
  server.attach(bench);
  return {
    directory,
    bench,
    server,
    close: async () => {
      await server.close();
      await bench.close();
    },
  };
}

export function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

export async function browse(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A person at the page. */
export class Person {
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: string[] = [];
  /** Requests to anywhere else. */
  readonly strangers: string[] = [];

  constructor(page: Page, own: string) {
    this.page = page;
    page.setDefaultTimeout(patienceMs);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(own)) this.strangers.push(request.url());
    });
    mkdirSync(pictures, { recursive: true });
  }

  /** Waits until the terminal's screen is one of these, as the page knows it, and looks at it. */
  async sees(...screens: readonly string[]): Promise<void> {
    await this.#until(`${JSON.stringify(screens)}.includes(document.body.dataset.screen)`);
    await this.looks();
  }

  /** A screen that has only just come cannot be acted on. */
  async looks(): Promise<void> {
    await this.page.waitForTimeout(lookMs);
  }

  async knows(name: "on" | "polls" | "boots", value: string): Promise<void> {
    await this.#until(`document.body.dataset.${name} === ${JSON.stringify(value)}`);
  }

  async reads(selector: string, text: string): Promise<void> {
    await this.#until(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)}) === true`,
    );
  }

  async hold(card: string): Promise<void> {
    await this.page.click(`[data-card="${card}"] .face`);
  }

  async lift(): Promise<void> {
    await this.page.click("#held");
  }

  /** The keypad on the page, with the mouse. */
  async presses(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.click(`[data-key="${key}"]`, { delay: 30 });
      await this.page.waitForTimeout(70);
    }
  }

  /** The PC's keyboard. */
  async types(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key, { delay: 30 });
      await this.page.waitForTimeout(70);
    }
  }

  /** The display with the mouse, in pixels of the terminal. */
  async touches(x: number, y: number): Promise<void> {
    const box = (await this.page.locator("#display").boundingBox())!;
    await this.page.mouse.move(box.x + (x / 1024) * box.width, box.y + (y / 600) * box.height);
    await this.page.mouse.down();
    await this.page.waitForTimeout(40);
    await this.page.mouse.up();
    await this.page.waitForTimeout(120);
  }

  async switches(name: string): Promise<void> {
    await this.page.click(`[data-switch="${name}"]`);
  }

  /** Red, green and blue of one pixel of the terminal's display as the page shows it. */
  async pixel(x: number, y: number): Promise<readonly number[]> {
    return this.page.evaluate<readonly number[]>(
      `[...document.querySelector("#display").getContext("2d").getImageData(${x}, ${y}, 1, 1).data.slice(0, 3)]`,
    );
  }

  async photographs(name: string): Promise<void> {
    await this.page.screenshot({ path: `${pictures}/${name}.png` });
  }

  /** `condition`: an expression in the page's own world. */
  async #until(condition: string): Promise<void> {
    // the page's policy forbids the evaluation that the browser library's own waiting is made of
    const end = performance.now() + patienceMs;
    while (!(await this.page.evaluate<boolean>(condition))) {
      if (performance.now() < end) {
        await this.page.waitForTimeout(pollMs);
        continue;
      }
      const shown = await this.page.evaluate<string>(
        `JSON.stringify(document.body.dataset) + " " + document.querySelector("#step").textContent + "\\n" + document.querySelector("#panel-trace").innerText`,
      );
      await this.photographs("unexpected");
      throw new Error(`waited for ${condition}; the page has ${shown}`);
    }
  }
}
