// Shapes: what a CBOR value must look like, and its type, both ways: what is written by a shape is what it reads. A
// mismatch says where (a path of keys) and what was expected.

import { utf8Length } from "../bytes.js";
import { type Result, assert, err, ok } from "../result.js";
import { type CborError } from "./scan.js";
import { type CborValue, decode, encode } from "./cbor.js";

/** `path`: names of fields and indexes, such as "contests[2].title"; "" is the whole value. */
export interface ShapeError {
  readonly path: string;
  readonly expected: string;
}

export interface Shape<T> {
  /** Paths of errors begin at `value`: they are put together only when there is an error. */
  read(value: CborValue): Result<T, ShapeError>;
  /** The value as the codec takes it; whether `read` takes it back is asked by encodeAs. */
  write(value: T): CborValue;
}

export type FormatError =
  | { readonly kind: "cbor"; readonly error: CborError }
  | { readonly kind: "shape"; readonly error: ShapeError };

/** Decodes and checks in one step. `itemsMax`: as `scan` counts them. */
export function decodeAs<T>(bytes: Uint8Array, shape: Shape<T>, itemsMax?: number): Result<T, FormatError> {
  const value = decode(bytes, itemsMax);
  if (!value.ok) return err({ kind: "cbor", error: value.error });
  const shaped = shape.read(value.value);
  return shaped.ok ? shaped : err({ kind: "shape", error: shaped.error });
}

/**
 * Throws when the shape would not read what it is to write: only a bug can ask for that. So no writer is wider than its
 * reader.
 */
export function encodeAs<T>(value: T, shape: Shape<T>): Uint8Array {
  const written = shape.write(value);
  const back = shape.read(written);
  assert(back.ok, back.ok ? "" : `to be written: ${describe({ kind: "shape", error: back.error })}`);
  return encode(written);
}

const asItIs = (value: CborValue): CborValue => value;

/** For a log or a message: "contests[2]: expected uint up to 64" or "byte 17: not-shortest". */
export function describe(error: FormatError): string {
  return error.kind === "cbor"
    ? `byte ${error.error.at}: ${error.error.code}`
    : `${error.error.path || "value"}: expected ${error.error.expected}`;
}

/** An error in a field or an element, as its parent says it. */
function inside(name: string, { path, expected }: ShapeError): Result<never, ShapeError> {
  return err({ path: path === "" || path.startsWith("[") ? name + path : `${name}.${path}`, expected });
}

export function uint(max: number = Number.MAX_SAFE_INTEGER, min = 0): Shape<number> {
  return {
    read: (value) =>
      typeof value === "number" && value >= min && value <= max
        ? ok(value)
        : err({ path: "", expected: `uint ${min}..${max}` }),
    write: asItIs,
  };
}

export function bool(): Shape<boolean> {
  return {
    read: (value) => (typeof value === "boolean" ? ok(value) : err({ path: "", expected: "bool" })),
    write: asItIs,
  };
}

/** `length` is exact, or {min, max} in bytes. */
export function bytes(length: number | { readonly min: number; readonly max: number }): Shape<Uint8Array> {
  const { min, max } = typeof length === "number" ? { min: length, max: length } : length;
  return {
    read: (value) =>
      value instanceof Uint8Array && value.length >= min && value.length <= max
        ? ok(value)
        : err({ path: "", expected: `bstr of ${min}..${max} bytes` }),
    write: asItIs,
  };
}

/** `max` in bytes of UTF-8. */
export function text(max: number): Shape<string> {
  return {
    read: (value) =>
      typeof value === "string" && value.length <= max && utf8Length(value) <= max
        ? ok(value)
        : err({ path: "", expected: `tstr of up to ${max} bytes` }),
    write: asItIs,
  };
}

/** One of the values given. */
export function literal<const T extends number | string | boolean | null>(...allowed: readonly T[]): Shape<T> {
  return {
    read: (value) => {
      const found = allowed.find((each) => each === value);
      return found === undefined ? err({ path: "", expected: allowed.map(String).join(" / ") }) : ok(found);
    },
    write: asItIs,
  };
}

export function array<T>(shape: Shape<T>, max: number, min = 0): Shape<T[]> {
  return {
    read: (value) => {
      if (!Array.isArray(value) || value.length < min || value.length > max)
        return err({ path: "", expected: `array of ${min}..${max}` });
      const out = new Array<T>(value.length);
      for (let i = 0; i < value.length; i++) {
        const inner = shape.read(value[i] as CborValue);
        if (!inner.ok) return inside(`[${i}]`, inner.error);
        out[i] = inner.value;
      }
      return ok(out);
    },
    write: (value) => value.map((each) => shape.write(each)),
  };
}

/** A fixed array, one shape an element. */
export function tuple<T extends readonly unknown[]>(...shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  return {
    read: (value) => {
      if (!Array.isArray(value) || value.length !== shapes.length)
        return err({ path: "", expected: `array of ${shapes.length}` });
      const out: unknown[] = [];
      for (let i = 0; i < shapes.length; i++) {
        const inner = shapes[i]!.read(value[i] as CborValue);
        if (!inner.ok) return inside(`[${i}]`, inner.error);
        out.push(inner.value);
      }
      return ok(out as unknown as T);
    },
    write: (value) => value.map((each, i) => shapes[i]!.write(each as never)),
  };
}

export interface Field<T> {
  readonly key: number;
  readonly shape: Shape<T>;
}

/** A map with exactly these integer keys. */
export function map<T extends object>(fields: { readonly [K in keyof T]: Field<T[K]> }): Shape<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    read: (value) => {
      if (!(value instanceof Map)) return err({ path: "", expected: "map" });
      const out = {} as T;
      for (const name of names) {
        const field = fields[name];
        const inner = (value as ReadonlyMap<number, CborValue>).get(field.key);
        if (inner === undefined) return err({ path: name, expected: `key ${field.key}` });
        const read = field.shape.read(inner);
        if (!read.ok) return inside(name, read.error);
        out[name] = read.value;
      }
      if (value.size !== names.length) {
        const known = new Set(names.map((name) => fields[name].key));
        for (const key of (value as ReadonlyMap<number, CborValue>).keys())
          if (!known.has(key)) return err({ path: String(key), expected: "no such key" });
      }
      return ok(out);
    },
    write: (value) => new Map(names.map((name) => [fields[name].key, fields[name].shape.write(value[name])])),
  };
}

/** null or the shape. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    read: (value) => (value === null ? ok(null) : shape.read(value)),
    write: (value) => (value === null ? null : shape.write(value)),
  };
}
