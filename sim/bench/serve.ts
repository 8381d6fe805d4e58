// A polling station with its bench page, from its start until somebody ends it. The next start on the same folder goes
// on with the same flash, keys, cards and collector.

import { StationError, type StationOptions } from "../station.js";
import { Bench } from "./bench.js";
import type { Servers } from "./environment.js";
import { lockFolder } from "./folder-lock.js";
import { BenchServer } from "./server.js";

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Flash, keys, cards and the collector's records. */
  readonly directory: string;
  /** The file of another definition than the example's. */
  readonly election?: string;
  readonly servers: Servers;
  /** What runs the firmware instead of the host's program: the emulated board. */
  readonly machine?: StationOptions["machine"];
  /**
   * Builds what the station runs, once port and folder are taken: what can fail at once should not fail after a build.
   */
  readonly build: () => Promise<void>;
}

export interface Served {
  /** Of the page. */
  readonly address: string;
  close(): Promise<void>;
}

/** Throws PortError, StationError, and what `build` throws; nothing is left running then. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port, directory, election, servers, machine } = options;
  const server = await BenchServer.listen(port);
  let unlock: (() => void) | undefined;
  let bench: Bench | undefined;
  try {
    unlock = lockFolder(directory);
    await options.build();
    bench = await make(
      {
        directory,
        wallBase: Date.now() / 1000,
        ...servers,
        ...(election === undefined ? {} : { election }),
        ...(machine === undefined ? {} : { machine }),
      },
      servers,
    );
    await bench.perform({ do: "power", on: true });
  } catch (thrown) {
    await bench?.close();
    await server.close();
    unlock?.();
    throw thrown;
  }
  const [made, free] = [bench, unlock];
  server.attach(made);
  return {
    address: server.address,
    async close() {
      await server.close();
      await made.close();
      free();
    },
  };
}

/** Throws StationError for what the folder's files, the broker or the database say. */
async function make(options: Parameters<typeof Bench.create>[0], servers: Servers): Promise<Bench> {
  try {
    return await Bench.create(options);
  } catch (thrown) {
    // these two are never what the world says, always a mistake in the program
    if (thrown instanceof TypeError || thrown instanceof ReferenceError || !(thrown instanceof Error)) throw thrown;
    if (thrown instanceof StationError) throw thrown;
    const said = thrown.message === "" ? ((thrown as NodeJS.ErrnoException).code ?? thrown.name) : thrown.message;
    // what PostgreSQL's client says does not name what it was asked to reach
    const isDatabase = servers.databaseUrl !== undefined;
    throw new StationError(isDatabase ? `${said}; is the database of DATABASE_URL there?` : said);
  }
}
