// What the server lets in and gives out.

import http from "node:http";
import test from "ava";
import { WebSocket } from "ws";
import { type Running, remove, start } from "./support.js";

let running: Running;

test.before(async () => {
  running = await start();
});
test.after.always(async () => {
  await running.close();
  remove(running.directory);
});

function get(path: string, host?: string): Promise<{ readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: "127.0.0.1", port: running.server.port, path, headers: host === undefined ? {} : { host } }, (response) => {
      let body = "";
      response.setEncoding("latin1").on("data", (text: string) => (body += text)).on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    request.on("error", reject);
  });
}

test("the page comes with a policy that lets it load nothing from anywhere else", async (t) => {
  const { status, headers, body } = await get("/");
  t.is(status, 200);
  t.true(body.includes("<title>sandogh bench</title>"));
  const policy = String(headers["content-security-policy"]);
  t.true(policy.startsWith("default-src 'none'"));
  t.false(policy.includes("unsafe"));
  t.false(/(src|href)="https?:/.test(body));
});

test("a name that is not this machine's is refused, so that no other site reaches the bench through its own name", async (t) => {
  const { port } = running.server;
  t.is((await get("/", `localhost:${port}`)).status, 200);
  for (const host of [`bench.example:${port}`, "127.0.0.1:1", "127.0.0.1", `127.0.0.1.example:${port}`]) t.is((await get("/", host)).status, 403, host);
});

test("only the page's own files exist", async (t) => {
  for (const path of ["/../server.ts", "/%2e%2e/server.ts", "/tray.json", "/index.html/", "/slip/0.png", "/slip/1.png", "/slip/../../x.png", "/vazirmatn"]) t.is((await get(path)).status, 404, path);
  t.is((await get("/vazirmatn-bold.woff2")).status, 200);
});

function connect(options: { readonly origin?: string; readonly path?: string } = {}): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${running.server.port}${options.path ?? "/bench"}`, options.origin === undefined ? {} : { origin: options.origin });
}

function opens(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("open", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
}

test("another site's script gets no connection", async (t) => {
  t.false(await opens(connect({ origin: "http://bench.example" })));
  t.false(await opens(connect({ origin: "null" })));
  t.false(await opens(connect({ path: "/other" })));
  const own = connect({ origin: `http://127.0.0.1:${running.server.port}` });
  t.true(await opens(own));
  own.terminate();
});

test("a bad command is answered with what is wrong, and the bench goes on", async (t) => {
  const socket = connect();
  const answers: string[] = [];
  let more = (): void => undefined;
  socket.on("message", (data, isBinary) => {
    if (isBinary) return;
    const message = JSON.parse(Buffer.from(data as Buffer).toString()) as { readonly type: string; readonly what?: string };
    if (message.type !== "error") return;
    answers.push(message.what!);
    more();
  });
  t.true(await opens(socket));
  const bad: readonly (readonly [string | Buffer, string])[] = [
    ["nonsense", "not JSON"], [Buffer.from([1, 2, 3]), "commands are text"], ['{"do":"hold","card":"voter-99"}', "no such card on the tray"],
    ['{"do":"grant","card":"executive"}', "no such voter's card on the tray"], ['{"do":"discard","card":"executive"}', "no such voter's card on the tray"],
  ];
  for (const [text, answer] of bad) {
    const answered = new Promise<void>((resolve) => (more = resolve));
    socket.send(text);
    await answered;
    t.is(answers.at(-1), answer);
  }
  // one that is far too long ends the connection, not the bench
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.send(JSON.stringify({ do: "hold", card: "a".repeat(100_000) }));
  await closed;
  t.is((await get("/")).status, 200);
});

test("a page that goes away lets go of its keys and takes its fingers off the glass", async (t) => {
  const socket = connect();
  t.true(await opens(socket));
  const sent: string[] = [];
  const { panel } = running.bench.station;
  const { key, contact } = panel;
  panel.key = (name, pressed) => void sent.push(`${name} ${pressed}`);
  panel.contact = (finger, phase) => void sent.push(`${finger} ${phase}`);
  socket.send('{"do":"key","key":"green","pressed":true}');
  socket.send('{"do":"touch","contact":3,"phase":"down","x":5,"y":6}');
  while (sent.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  socket.terminate();
  while (sent.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  Object.assign(panel, { key, contact });
  t.deepEqual(sent, ["green true", "3 down", "green false", "3 up"]);
});
