// The bench on a local address: a page of static files, and a WebSocket that carries the picture and the paper as
// binary messages (picture.ts) and everything else as JSON. Served to this machine alone: other hosts' names are
// refused, so that no page elsewhere reaches it through a name of its own, and so is a connection that another page's
// script opens.

import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Key } from "../../drivers/panel/report.js";
import type { Bench } from "./bench.js";
import { type Command, commandLengthMax, readCommand } from "./command.js";
import { paperMessage, pictureMessage, wholePicture } from "./picture.js";

/** About 30 pictures a second. */
const pictureMs = 33;
const stateMs = 100;
const pagesMax = 8;
/** A page that takes nothing for so many bytes gets no picture until it has caught up, and then a whole one. */
const backlogMax = 8_000_000;
/** Rows of paper in one message. */
const rowsMax = 512;
const rowBytes = 72;

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
}

/** Read once: what is not in this list does not exist, whatever the path says. */
function pageFiles(): ReadonlyMap<string, StaticFile> {
  const folder = new URL("./page/", import.meta.url);
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(folder)) {
    const type = types[name.split(".").at(-1)!];
    if (type !== undefined) files.set(`/${name}`, { type, body: readFileSync(fileURLToPath(new URL(name, folder))) });
  }
  files.set("/", files.get("/index.html")!);
  const require = createRequire(import.meta.url);
  for (const weight of ["Regular", "Bold"]) {
    files.set(`/vazirmatn-${weight.toLowerCase()}.woff2`, {
      type: types["woff2"]!,
      body: readFileSync(require.resolve(`vazirmatn/fonts/webfonts/Vazirmatn-${weight}.woff2`)),
    });
  }
  return files;
}

class Page {
  readonly socket: WebSocket;
  state = "";
  inside = "";
  needsPicture = true;
  slip = -1;
  rows = 0;
  readonly keys = new Set<Key>();
  readonly contacts = new Map<number, { readonly x: number; readonly y: number }>();

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  get isBehind(): boolean {
    return this.socket.bufferedAmount > backlogMax;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

/** The port is taken, or not this user's to take. */
export class PortError extends Error {}

export class BenchServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #files = pageFiles();
  readonly #pages = new Set<Page>();
  #bench: Bench | undefined;
  #port = 0;
  #timers: NodeJS.Timeout[] = [];

  private constructor() {
    this.#http = http.createServer((request, response) => this.#serve(request, response));
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * commandLengthMax, perMessageDeflate: false });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Takes the port, 0 any free one. Throws PortError. Until `attach` it answers that it is starting. */
  static async listen(port: number): Promise<BenchServer> {
    const server = new BenchServer();
    await new Promise<void>((resolve, reject) => {
      server.#http.once("error", (error: NodeJS.ErrnoException) => {
        reject(
          new PortError(
            error.code === "EADDRINUSE"
              ? `port ${port} is in use; name another with --port`
              : `port ${port} cannot be used (${error.code ?? error.message})`,
          ),
        );
      });
      server.#http.listen(port, "127.0.0.1", () => resolve());
    });
    server.#port = (server.#http.address() as AddressInfo).port;
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  attach(bench: Bench): void {
    this.#bench = bench;
    this.#timers = [
      setInterval(() => this.#sendPicture(bench), pictureMs),
      setInterval(() => this.#sendState(bench), stateMs),
    ];
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const page of this.#pages) page.socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  // --- requests ---

  /** A name of this machine, with the port that is served. */
  #isLocal(host: string | undefined): boolean {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  #isOwnPage(origin: string | undefined): boolean {
    // a program that is no browser says none, and can do on this machine what it likes
    return origin === undefined || (origin.startsWith("http://") && this.#isLocal(origin.slice("http://".length)));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const sockets = `ws://127.0.0.1:${this.#port} ws://localhost:${this.#port}`;
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' ${sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    response.setHeader("cache-control", "no-store");
    if (!this.#isLocal(request.headers.host))
      return end(response, 403, "The bench is served to this machine alone, as 127.0.0.1 or localhost.");
    if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "GET only");
    const path = (request.url ?? "/").split("?")[0]!;
    if (path === "/phase") {
      response.writeHead(200, { "content-type": "text/plain" });
      return void response.end(this.#bench === undefined ? "starting" : "running");
    }
    const file = this.#files.get(path);
    if (file !== undefined) {
      response.writeHead(200, { "content-type": file.type, "content-length": file.body.length });
      return void response.end(request.method === "HEAD" ? undefined : file.body);
    }
    const slip = /^\/slip\/([1-9]\d{0,5})\.png$/.exec(path)?.[1];
    const png = slip === undefined ? undefined : this.#bench?.slipPng(Number(slip));
    if (png === undefined) return end(response, 404, "not here");
    response.writeHead(200, { "content-type": "image/png", "content-length": png.length });
    response.end(request.method === "HEAD" ? undefined : png);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    const bench = this.#bench;
    const isAllowed =
      request.url === "/bench" && this.#isLocal(request.headers.host) && this.#isOwnPage(request.headers.origin);
    if (!isAllowed || bench === undefined || this.#pages.size >= pagesMax) {
      socket.end(`HTTP/1.1 ${isAllowed ? "503 Service Unavailable" : "403 Forbidden"}\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#open(bench, opened));
  }

  #open(bench: Bench, socket: WebSocket): void {
    const page = new Page(socket);
    this.#pages.add(page);
    socket.on("message", (data, isBinary) => void this.#take(bench, page, data, isBinary));
    socket.on("close", () => this.#gone(bench, page));
    // a broken connection closes, and a message that is too long ends it
    socket.on("error", () => undefined);
    this.#sendState(bench);
  }

  /** Nobody holds a key or the glass any more. */
  #gone(bench: Bench, page: Page): void {
    this.#pages.delete(page);
    for (const key of page.keys) bench.station.panel.key(key, false);
    for (const [contact, { x, y }] of page.contacts) bench.station.panel.contact(contact, "up", x, y);
  }

  async #take(bench: Bench, page: Page, data: RawData, isBinary: boolean): Promise<void> {
    const command = isBinary ? undefined : readCommand(Buffer.from(data as Buffer).toString());
    if (command === undefined || !command.ok)
      return page.say({ type: "error", what: command === undefined ? "commands are text" : command.error });
    this.#remember(page, command.value);
    const problem = await bench.perform(command.value);
    if (page.socket.readyState !== WebSocket.OPEN) return;
    if (problem !== undefined) page.say({ type: "error", what: problem });
    if (command.value.do !== "tally") return;
    const tally = await bench.tally();
    page.say(
      tally === undefined
        ? { type: "error", what: "the tally's process is gone; start the bench again" }
        : { type: "tally", ...tally },
    );
  }

  #remember(page: Page, command: Command): void {
    if (command.do === "key") {
      if (command.pressed) page.keys.add(command.key);
      else page.keys.delete(command.key);
    }
    if (command.do === "touch") {
      if (command.phase === "up") page.contacts.delete(command.contact);
      else page.contacts.set(command.contact, command);
    }
  }

  // --- to the pages ---

  #sendPicture(bench: Bench): void {
    const { station, dirty } = bench;
    const area = dirty.take();
    if (this.#pages.size === 0) return;
    const pages = [...this.#pages].filter((page) => !page.isBehind);
    for (const page of this.#pages) if (page.isBehind) page.needsPicture = true;
    if (area !== undefined || pages.some((page) => page.needsPicture)) {
      const picture = station.isOn ? station.terminal.framebuffer() : new Uint8Array(0);
      const part = area === undefined ? undefined : pictureMessage(picture, area);
      const whole = pages.some((page) => page.needsPicture) ? pictureMessage(picture, wholePicture) : undefined;
      for (const page of pages) {
        const message = page.needsPicture ? whole : part;
        if (message !== undefined) page.socket.send(message);
        page.needsPicture = false;
      }
    }
    this.#sendPaper(bench, pages);
  }

  #sendPaper(bench: Bench, pages: readonly Page[]): void {
    const { hanging, slips } = bench.station.printer;
    for (const page of pages) {
      if (page.slip !== slips.length) {
        page.slip = slips.length;
        page.rows = 0;
        page.socket.send(paperMessage(page.slip, 0, new Uint8Array(0)));
      }
      while (page.rows < hanging.height) {
        const rows = Math.min(rowsMax, hanging.height - page.rows);
        page.socket.send(
          paperMessage(
            page.slip,
            page.rows,
            hanging.bits.subarray(page.rows * rowBytes, (page.rows + rows) * rowBytes),
          ),
        );
        page.rows += rows;
      }
    }
  }

  #sendState(bench: Bench): void {
    if (this.#pages.size === 0) return;
    const state = JSON.stringify({ type: "state", ...bench.state() });
    const inside = JSON.stringify({ type: "inside", ...bench.inside() });
    for (const page of this.#pages) {
      if (page.state !== state) page.socket.send(state);
      if (page.inside !== inside) page.socket.send(inside);
      page.state = state;
      page.inside = inside;
    }
  }
}

function end(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
