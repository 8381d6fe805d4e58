// Where a collector keeps sealed records: PostgreSQL when DATABASE_URL names one, else PGlite in a folder. What is
// added is on the disk when `add` resolves: PGlite itself does not force its files to the disk, so every new record is
// first appended to a log that is.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

export interface StoredRecord {
  /** First 16 bytes of SHA-256 of the record. */
  readonly hash: Uint8Array;
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly slot: number;
  /** COSE_Sign1, record.cddl */
  readonly record: Uint8Array;
}

export interface RecordStore {
  /**
   * Durable when it resolves. The records that are stored now: a second, different record for one slot is not among
   * them.
   */
  add(records: readonly StoredRecord[]): Promise<readonly StoredRecord[]>;
  /** Hashes in ascending order. */
  hashes(election: Uint8Array, terminal: number): Promise<readonly Uint8Array[]>;
  /** In the order of their hashes. */
  records(election: Uint8Array): Promise<readonly StoredRecord[]>;
  setTotal(election: Uint8Array, terminal: number, total: number): Promise<void>;
  /** Signed results of a terminal; durable when it resolves. */
  setResults(election: Uint8Array, terminal: number, signed: Uint8Array): Promise<void>;
  /** By terminal. */
  results(election: Uint8Array): Promise<ReadonlyMap<number, Uint8Array>>;
  totals(election: Uint8Array): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

/** `at`: what stands before the tables' names. */
const schema = (at: string): string => `
  create table if not exists ${at}ballot_record (
    hash bytea primary key, election bytea not null, terminal bigint not null, slot integer not null, record bytea not null,
    unique (election, terminal, slot)
  );
  create table if not exists ${at}ballot_total (election bytea not null, terminal bigint not null, total bigint not null, primary key (election, terminal));
  create table if not exists ${at}terminal_results (election bytea not null, terminal bigint not null, signed bytea not null, primary key (election, terminal));
`;

type Rows = readonly Record<string, unknown>[];
type Query = (sql: string, parameters: unknown[]) => Promise<Rows>;

class SqlStore implements RecordStore {
  readonly #at: string;
  readonly #query: Query;
  readonly #beforeInsert: (records: readonly StoredRecord[]) => void;
  readonly #beforeResults: (terminal: number, signed: Uint8Array) => void;
  readonly #end: () => Promise<void>;

  constructor(options: {
    readonly at: string;
    readonly query: Query;
    readonly beforeInsert: (records: readonly StoredRecord[]) => void;
    readonly beforeResults: (terminal: number, signed: Uint8Array) => void;
    readonly end: () => Promise<void>;
  }) {
    this.#at = options.at;
    this.#query = options.query;
    this.#beforeInsert = options.beforeInsert;
    this.#beforeResults = options.beforeResults;
    this.#end = options.end;
  }

  async add(records: readonly StoredRecord[]): Promise<readonly StoredRecord[]> {
    this.#beforeInsert(records);
    const stored: StoredRecord[] = [];
    for (const record of records) {
      await this.#query(
        `insert into ${this.#at}ballot_record (hash, election, terminal, slot, record) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [
          Buffer.from(record.hash),
          Buffer.from(record.election),
          record.terminal,
          record.slot,
          Buffer.from(record.record),
        ],
      );
      const rows = await this.#query(`select 1 from ${this.#at}ballot_record where hash = $1`, [
        Buffer.from(record.hash),
      ]);
      if (rows.length === 1) stored.push(record);
    }
    return stored;
  }

  async hashes(election: Uint8Array, terminal: number): Promise<readonly Uint8Array[]> {
    const rows = await this.#query(
      `select hash from ${this.#at}ballot_record where election = $1 and terminal = $2 order by hash`,
      [Buffer.from(election), terminal],
    );
    return rows.map((row) => new Uint8Array(row["hash"] as Uint8Array));
  }

  async records(election: Uint8Array): Promise<readonly StoredRecord[]> {
    const rows = await this.#query(
      `select hash, election, terminal, slot, record from ${this.#at}ballot_record where election = $1 order by hash`,
      [Buffer.from(election)],
    );
    return rows.map((row) => ({
      hash: new Uint8Array(row["hash"] as Uint8Array),
      election: new Uint8Array(row["election"] as Uint8Array),
      terminal: Number(row["terminal"]),
      slot: Number(row["slot"]),
      record: new Uint8Array(row["record"] as Uint8Array),
    }));
  }

  async setTotal(election: Uint8Array, terminal: number, total: number): Promise<void> {
    await this.#query(
      `insert into ${this.#at}ballot_total (election, terminal, total) values ($1, $2, $3) on conflict (election, terminal) do update set total = excluded.total`,
      [Buffer.from(election), terminal, total],
    );
  }

  async setResults(election: Uint8Array, terminal: number, signed: Uint8Array): Promise<void> {
    this.#beforeResults(terminal, signed);
    await this.#query(
      `insert into ${this.#at}terminal_results (election, terminal, signed) values ($1, $2, $3) on conflict (election, terminal) do update set signed = excluded.signed`,
      [Buffer.from(election), terminal, Buffer.from(signed)],
    );
  }

  async results(election: Uint8Array): Promise<ReadonlyMap<number, Uint8Array>> {
    const rows = await this.#query(`select terminal, signed from ${this.#at}terminal_results where election = $1`, [
      Buffer.from(election),
    ]);
    return new Map(rows.map((row) => [Number(row["terminal"]), new Uint8Array(row["signed"] as Uint8Array)]));
  }

  async totals(election: Uint8Array): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#query(`select terminal, total from ${this.#at}ballot_total where election = $1`, [
      Buffer.from(election),
    ]);
    return new Map(rows.map((row) => [Number(row["terminal"]), Number(row["total"])]));
  }

  close(): Promise<void> {
    return this.#end();
  }
}

/** One JSON object a line, base64 inside; a last line cut by a power loss is dropped. */
class AppendLog {
  readonly #path: string;
  readonly #file: number;
  readonly #known = new Set<string>();

  constructor(path: string) {
    this.#path = path;
    this.#dropTornLine();
    this.#file = openSync(path, "a");
  }

  read(): StoredRecord[] {
    const records = readRecordLog(this.#path);
    for (const { hash } of records) this.#known.add(base64(hash));
    return records;
  }

  append(records: readonly StoredRecord[]): void {
    const lines: string[] = [];
    for (const { hash, election, terminal, slot, record } of records) {
      const name = base64(hash);
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      lines.push(
        `${JSON.stringify({ hash: name, election: base64(election), terminal, slot, record: base64(record) })}\n`,
      );
    }
    if (lines.length === 0) return;
    writeSync(this.#file, lines.join(""));
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #dropTornLine(): void {
    if (!existsSync(this.#path)) return;
    const bytes = readFileSync(this.#path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) truncateSync(this.#path, whole);
  }
}

/** What a collector's log holds; a last line without its end was cut by a power loss and is left out. */
export function readRecordLog(path: string): StoredRecord[] {
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { hash, election, terminal, slot, record } = JSON.parse(line) as Record<
        "hash" | "election" | "record",
        string
      > &
        Record<"terminal" | "slot", number>;
      return { hash: bytesOf(hash), election: bytesOf(election), terminal, slot, record: bytesOf(record) };
    });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** Signed results of a terminal, by their name in a collector's folder. */
export function resultsFile(terminal: number): string {
  return `results-${terminal}.cbor`;
}

/** Whole or not at all, and on the disk when it returns. */
function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(`${path}.new`, "w");
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

/** The log's name in a collector's folder. */
export const recordLog = "records.log";
const emptyImage = "build/pglite/empty.tar";

/**
 * In memory. Making a new database takes PGlite seconds, loading an empty one a fraction, so one is kept with what is
 * built.
 */
async function emptyDatabase(): Promise<PGlite> {
  if (existsSync(emptyImage)) return PGlite.create({ loadDataDir: new Blob([readFileSync(emptyImage)]) });
  const db = await PGlite.create();
  const dump = Buffer.from(await (await db.dumpDataDir("none")).arrayBuffer());
  mkdirSync(dirname(emptyImage), { recursive: true });
  writeFileSync(`${emptyImage}.${process.pid}`, dump);
  renameSync(`${emptyImage}.${process.pid}`, emptyImage);
  return db;
}

/** `directory`: for PGlite; undefined keeps everything in memory. `databaseUrl`: a PostgreSQL instead. */
export async function openStore(options: {
  readonly directory: string | undefined;
  readonly databaseUrl?: string | undefined;
}): Promise<RecordStore> {
  if (options.databaseUrl !== undefined) {
    const pool = new pg.Pool({ connectionString: options.databaseUrl });
    await pool.query(schema(""));
    return new SqlStore({
      at: "",
      query: async (sql, parameters) => (await pool.query(sql, parameters)).rows as Rows,
      beforeInsert: () => undefined,
      beforeResults: () => undefined,
      end: () => pool.end(),
    });
  }
  const { directory } = options;
  if (directory === undefined) return openInMemory();
  mkdirSync(directory, { recursive: true });
  const log = new AppendLog(join(directory, recordLog));
  const db = new PGlite(join(directory, "pglite"));
  await db.exec(schema(""));
  const store = new SqlStore({
    at: "",
    query: async (sql, parameters) => (await db.query(sql, parameters)).rows as Rows,
    beforeInsert: (records) => log.append(records),
    beforeResults: (terminal, signed) => writeDurably(join(directory, resultsFile(terminal)), signed),
    end: async () => {
      log.close();
      await db.close();
    },
  });
  // what the log has and the database lost with the power
  await store.add(log.read());
  return store;
}

let inMemory: Promise<PGlite> | undefined;
let made = 0;
let open = 0;

/** Those of a process share one database, each with tables of its own; it is closed with the last of them. */
async function openInMemory(): Promise<RecordStore> {
  open++;
  const db = await (inMemory ??= emptyDatabase());
  const name = `store_${++made}`;
  await db.exec(`create schema ${name}; ${schema(`${name}.`)}`);
  return new SqlStore({
    at: `${name}.`,
    query: async (sql, parameters) => (await db.query(sql, parameters)).rows as Rows,
    beforeInsert: () => undefined,
    beforeResults: () => undefined,
    end: async () => {
      if (--open > 0) {
        await db.exec(`drop schema ${name} cascade`);
        return;
      }
      inMemory = undefined;
      await db.close();
    },
  });
}
