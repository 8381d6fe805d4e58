// The embedded broker. Any MQTT 3.1.1 broker does instead: set MQTT_URL.

import { Duplex } from "node:stream";
import net, { type AddressInfo, type Server } from "node:net";
import { Aedes } from "aedes";

export class Broker {
  readonly #aedes: Aedes;
  #server: Server | undefined;
  /** Bytes that went through connections made in this process: still moving when it changes. */
  moved = 0;

  private constructor(aedes: Aedes) {
    this.#aedes = aedes;
  }

  static async start(): Promise<Broker> {
    return new Broker(await Aedes.createBroker());
  }

  /** Listens on a local port, any free one when 0; gives the port. */
  async listen(port = 0): Promise<number> {
    const server = net.createServer((socket) => void this.#aedes.handle(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve());
    });
    return (server.address() as AddressInfo).port;
  }

  /** A connection inside this process. */
  connect(): Duplex {
    const [near, far] = this.#pair();
    void this.#aedes.handle(far);
    return near;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    const server = this.#server;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #pair(): [Duplex, Duplex] {
    const ends: Duplex[] = [];
    const make = (other: () => Duplex): Duplex =>
      new Duplex({
        read: () => undefined,
        write: (chunk: Buffer, _encoding, done) => {
          this.moved += chunk.length;
          const peer = other();
          if (!peer.destroyed) peer.push(chunk);
          done();
        },
        final: (done) => {
          const peer = other();
          if (!peer.destroyed) peer.push(null);
          done();
        },
        destroy: (error, done) => {
          const peer = other();
          if (!peer.destroyed) setImmediate(() => peer.destroy());
          done(error);
        },
      });
    ends.push(
      make(() => ends[1]!),
      make(() => ends[0]!),
    );
    return [ends[0]!, ends[1]!];
  }
}
