// What keeps a command from being carried out and whoever called it can put right: one line on stderr and exit code 2.

/** Exit codes of every command. */
export const exitCode = {
  done: 0,
  /**
   * The job was done and something is wrong: ballots disagree, a campaign has found something, a build does not
   * compile.
   */
  failed: 1,
  /** The call cannot be carried out as it stands. */
  wrongCall: 2,
} as const;

/** The message says what, where, and what to do. */
export class Complaint extends Error {
  override readonly name = "Complaint";
}

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Runs something of a library; its errors of these classes are what the caller can put right. Throws Complaint for
 * them.
 */
export async function complaining<T>(
  classes: readonly ErrorClass[],
  act: () => T | Promise<T>,
  where?: string,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (!classes.some((each) => thrown instanceof each)) throw thrown;
    const { message } = thrown as Error;
    throw new Complaint(where === undefined ? message : `${where}: ${message}`);
  }
}

/** What the operating system said of a file, as a complaint; undefined for any other error. */
export function fileComplaint(thrown: unknown): Complaint | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, path, syscall } = thrown as NodeJS.ErrnoException;
  // a program that cannot be started is no file that somebody named
  if (code === undefined || path === undefined || syscall === undefined || syscall.startsWith("spawn"))
    return undefined;
  const [, said = code] = /^[A-Z]+: (.*?),/.exec(thrown.message) ?? [];
  return new Complaint(`${path}: ${said} (${code})`);
}

/** A build did not succeed; the message is the words of the compiler, as many lines as they are. */
export class BuildFailed extends Error {
  override readonly name = "BuildFailed";
}

/** Runs a build. Throws BuildFailed. */
export async function building<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof Complaint || fileComplaint(thrown) !== undefined) throw thrown;
    throw new BuildFailed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Longer ones are cut: a definition can have many mistakes. */
const lineMax = 300;

/** One line: all lines of a short message, the first of a long one. */
export function oneLine(message: string): string {
  const lines = message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const whole = lines.join("; ");
  const [first = "", ...more] = lines;
  return whole.length <= lineMax || more.length === 0 ? whole : `${first} (and ${more.length} more)`;
}
