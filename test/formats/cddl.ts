// CDDL (RFC 8610), the part of it that independent tools agree on, and whether a value is what a rule says.
//
// There is no tool to take: the one CDDL package on npm reads JSON's part of the language (no whole numbers as keys, no
// ".cbor"), and the tools that read all of it are Rust's and Python's. So this reader is strict where those differ:
// entries are parted by commas, there are no byte string literals, no generics, and no label that is also a rule's
// name.

import { decode, type CborValue } from "../../firmware/cbor/cbor.js";

export type Type =
  | { readonly kind: "choice"; readonly of: readonly Type[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "size"; readonly of: "bstr" | "tstr"; readonly from: number; readonly to: number }
  | { readonly kind: "cbor"; readonly of: Type }
  | { readonly kind: "map" | "array"; readonly entries: readonly Entry[] };

export interface Entry {
  readonly least: number;
  readonly most: number;
  /** A whole number in a map; in an array only a word for people. */
  readonly key: number | string | undefined;
  readonly type: Type;
}

export type Rules = ReadonlyMap<string, Type>;

const prelude = ["uint", "bstr", "tstr", "bool", "null"];
/** Of RFC 8610's appendix D and of no use to us: a label of that name stops a tool. */
const reserved = [...prelude, "any", "bytes", "text", "int", "nint", "number", "time", "tdate", "float", "nil", "true"];
const token = /\s+|;[^\n]*|(-?\d+)|([a-z][a-z0-9-]*)|(\.\.|\.size\b|\.cbor\b|[=/,:()[\]{}*?])/gy;

/** Throws an Error with the place of what it does not read. */
export function parseCddl(text: string): Rules {
  const tokens: { readonly text: string; readonly at: number }[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`line ${lineOf(text, at)}: "${text.slice(at, at + 8)}"`);
    const found = match[1] ?? match[2] ?? match[3];
    if (found !== undefined) tokens.push({ text: found, at });
  }
  let next = 0;
  const peek = (ahead = 0): string => tokens[next + ahead]?.text ?? "";
  const fail = (what: string): never => {
    throw new Error(`line ${lineOf(text, tokens[next]?.at ?? text.length)}: ${what}, found "${peek()}"`);
  };
  const take = (wanted?: string): string => {
    if (next >= tokens.length || (wanted !== undefined && peek() !== wanted)) fail(`expected ${wanted ?? "more"}`);
    return tokens[next++]!.text;
  };
  const isNumber = (word: string): boolean => /^-?\d+$/u.test(word);
  const isName = (word: string): boolean => /^[a-z]/u.test(word);
  const number = (): number => (isNumber(peek()) ? Number(take()) : fail("expected a number"));

  const type = (): Type => {
    const of = [single()];
    while (peek() === "/") {
      take();
      of.push(single());
    }
    return of.length === 1 ? of[0]! : { kind: "choice", of };
  };
  const range = (): { readonly from: number; readonly to: number } => {
    const from = number();
    if (peek() !== "..") return { from, to: from };
    take();
    return { from, to: number() };
  };
  const single = (): Type => {
    if (isNumber(peek())) return { kind: "range", ...range() };
    if (peek() === "{" || peek() === "[") return group();
    const name = isName(peek()) ? take() : fail("expected a type");
    if (peek() === ".size") {
      if (name !== "bstr" && name !== "tstr") fail(".size of something else than a string");
      take();
      const isRange = peek() === "(";
      if (isRange) take();
      const size = range();
      if (isRange) take(")");
      return { kind: "size", of: name as "bstr" | "tstr", ...size };
    }
    if (peek() !== ".cbor") return { kind: "name", name };
    take();
    if (name !== "bstr") fail(".cbor of something else than a byte string");
    return { kind: "cbor", of: single() };
  };
  const group = (): Type => {
    const kind = take() === "{" ? "map" : "array";
    const end = kind === "map" ? "}" : "]";
    const entries: Entry[] = [];
    while (peek() !== end) {
      entries.push(entry(kind));
      if (peek() !== end) take(",");
    }
    take(end);
    return { kind, entries };
  };
  const entry = (kind: "map" | "array"): Entry => {
    let [least, most] = [1, 1];
    if (isNumber(peek()) && peek(1) === "*") {
      least = number();
      take();
      most = number();
    }
    const isKeyed = peek(1) === ":";
    if (kind === "map" && !(isKeyed && isNumber(peek()))) fail("expected a whole number as key");
    const key = isKeyed ? take() : undefined;
    if (isKeyed) take();
    return { least, most, key: key === undefined || !isNumber(key) ? key : Number(key), type: type() };
  };

  const rules = new Map<string, Type>();
  while (next < tokens.length) {
    const name = isName(peek()) ? take() : fail("expected the name of a rule");
    if (rules.has(name) || reserved.includes(name)) fail(`${name} is defined already`);
    take("=");
    rules.set(name, type());
  }
  const known = (name: string): boolean => rules.has(name) || prelude.includes(name);
  const walk = (each: Type): void => {
    if (each.kind === "choice") each.of.forEach(walk);
    else if (each.kind === "cbor") walk(each.of);
    else if (each.kind === "name" && !known(each.name)) throw new Error(`${each.name} is defined nowhere in this file`);
    else if (each.kind === "map" || each.kind === "array")
      for (const { key, type: of } of each.entries) {
        if (typeof key === "string" && (rules.has(key) || reserved.includes(key)))
          throw new Error(`the label ${key} is the name of a rule too`);
        walk(of);
      }
  };
  for (const each of rules.values()) walk(each);
  return rules;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** Why `bytes` are not what the rule says; undefined: they are. */
export function whyNot(rules: Rules, rule: string, bytes: Uint8Array): string | undefined {
  const value = decode(bytes);
  return value.ok ? differs(rules, { kind: "name", name: rule }, value.value, rule) : `${rule}: ${value.error.code}`;
}

function differs(rules: Rules, type: Type, value: CborValue, path: string): string | undefined {
  const not = (what: string): string => `${path}: not ${what}`;
  switch (type.kind) {
    case "choice": {
      const whys = type.of.map((each) => differs(rules, each, value, path));
      return whys.includes(undefined) ? undefined : whys.join(", and ");
    }
    case "name": {
      const rule = rules.get(type.name);
      if (rule !== undefined) return differs(rules, rule, value, path);
      const is = { uint: isUint, bstr: isBytes, tstr: isText, bool: isBool, null: isNull }[type.name]!;
      return is(value) ? undefined : not(type.name);
    }
    case "range":
      return typeof value === "number" && value >= type.from && value <= type.to
        ? undefined
        : not(`${type.from}..${type.to}`);
    case "size": {
      if (type.of === "bstr" ? !isBytes(value) : !isText(value)) return not(type.of);
      const { length } = isBytes(value) ? value : new TextEncoder().encode(value as string);
      return length >= type.from && length <= type.to ? undefined : not(`of ${type.from}..${type.to} bytes`);
    }
    case "cbor": {
      if (!isBytes(value)) return not("a byte string");
      const inner = decode(value);
      return inner.ok ? differs(rules, type.of, inner.value, `${path}/cbor`) : not(`CBOR: ${inner.error.code}`);
    }
    case "map": {
      if (!(value instanceof Map)) return not("a map");
      if (value.size !== type.entries.length) return not(`of ${type.entries.length} fields`);
      for (const { key, type: of } of type.entries) {
        if (!value.has(key)) return not(`with field ${key}`);
        const why = differs(rules, of, value.get(key) as CborValue, `${path}.${key}`);
        if (why !== undefined) return why;
      }
      return undefined;
    }
    case "array": {
      if (!Array.isArray(value)) return not("an array");
      let at = 0;
      for (const { least, most, type: of } of type.entries) {
        let count = 0;
        let why: string | undefined;
        // an occurrence is the last thing in its array everywhere: nothing has to be given back
        for (; count < most && at < value.length; count++, at++) {
          why = differs(rules, of, value[at] as CborValue, `${path}[${at}]`);
          if (why !== undefined) break;
        }
        if (why !== undefined || count < least) return why ?? not(`an array of at least ${least}`);
      }
      return at === value.length ? undefined : not(`an array of ${at}`);
    }
  }
}

const isUint = (value: CborValue): boolean => typeof value === "number" && value >= 0;
const isBytes = (value: CborValue): value is Uint8Array => value instanceof Uint8Array;
const isText = (value: CborValue): boolean => typeof value === "string";
const isBool = (value: CborValue): boolean => typeof value === "boolean";
const isNull = (value: CborValue): boolean => value === null;
