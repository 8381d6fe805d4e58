// What the world can do to us is a value; what only a bug can do throws.

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok(): Result<void, never>;
export function ok<T>(value: T): Result<T, never>;
export function ok<T>(value?: T): Result<T | undefined, never> {
  return { ok: true, value };
}

export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}

/** Throws: a state that only a bug can reach. The role's top level turns it into the out-of-service screen. */
export function never(state: never, where: string): never {
  throw new Error(`${where}: impossible ${String(state)}`);
}

/** Throws when a condition that the code relies on does not hold. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`assertion: ${what}`);
}
