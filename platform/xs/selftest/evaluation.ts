// Every way we know to have text evaluated, or a built-in changed. Each probe says what came of it: "absent", the name
// of the exception, or what it got, which is a failure of the host.

type Probe = () => unknown;

const ASYNC_FUNCTION: unknown = (async () => undefined).constructor;
const GENERATOR_FUNCTION: unknown = function* () {}.constructor;
const ASYNC_GENERATOR_FUNCTION: unknown = async function* () {}.constructor;

function construct(constructor: unknown): unknown {
  return Reflect.construct(constructor as new (...args: string[]) => unknown, ["return 6 * 7"]);
}

function globalNamed(name: string): unknown {
  const value = (globalThis as Record<string, unknown>)[name];
  return value === undefined ? "absent" : typeof value;
}

const GLOBALS = [
  "eval",
  "Function",
  "Compartment",
  "ModuleSource",
  "StaticModuleRecord",
  "Evaluator",
  "harden",
  "lockdown",
  "petrify",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "require",
  "process",
];

const PROBES: Readonly<Record<string, Probe>> = {
  "direct eval": () => eval("6 * 7"),
  "indirect eval": () => (0, eval)("6 * 7"),
  "eval of globalThis": () => (globalThis as { eval: (text: string) => unknown }).eval("6 * 7"),
  "constructor of a function called": () =>
    ((() => undefined).constructor as (text: string) => unknown)("return 6 * 7"),
  "constructor of a function": () => construct((() => undefined).constructor),
  "constructor of a class": () => construct(class {}.constructor),
  "constructor of a method": () => construct([].map.constructor),
  "constructor of a native function": () => construct(Math.max.constructor),
  "constructor of Object's prototype's constructor": () => construct(Object.prototype.constructor.constructor),
  "constructor of an async function": () => construct(ASYNC_FUNCTION),
  "constructor of a generator function": () => construct(GENERATOR_FUNCTION),
  "constructor of an async generator function": () => construct(ASYNC_GENERATOR_FUNCTION),
  "constructor of a getter": () => construct(Object.getOwnPropertyDescriptor(Map.prototype, "size")?.get?.constructor),
  "constructor of a bound function": () => construct((() => undefined).bind(undefined).constructor),
  "constructor through Reflect": () => construct(Reflect.get(Reflect.getPrototypeOf(() => undefined)!, "constructor")),
  "constructor of a promise's resolver": () => {
    let resolver: unknown;
    new Promise((resolve) => (resolver = resolve));
    return construct((resolver as object).constructor);
  },
  "Date.now": () => Date.now(),
  "new Date": () => new Date().getTime(),
  "Date called": () => Date(),
  "constructor of a date": () => Reflect.construct(new Date(0).constructor as DateConstructor, []),
  "Math.random": () => Math.random(),
  "new global": () => ((globalThis as Record<string, unknown>)["added"] = 1),
  "changed global": () => ((globalThis as Record<string, unknown>)["Math"] = 1),
  "changed Object.prototype": () => ((Object.prototype as unknown as Record<string, unknown>)["added"] = 1),
  "changed Array.prototype.push": () => (Array.prototype.push = () => 0),
  "changed Uint8Array.prototype.set": () => (Uint8Array.prototype.set = () => undefined),
  "changed Promise.prototype.then": () => ((Promise.prototype as unknown as Record<string, unknown>)["then"] = 1),
  "changed Function.prototype.call": () => ((Object.getPrototypeOf(() => 0) as Record<string, unknown>)["call"] = 1),
  "changed JSON": () => ((JSON as unknown as Record<string, unknown>)["parse"] = 1),
  "changed prototype of Array.prototype": () => Object.setPrototypeOf(Array.prototype, {}),
  "changed iterator": () => ((Object.getPrototypeOf([][Symbol.iterator]()) as Record<string, unknown>)["next"] = 1),
  "defined on Object": () => Object.defineProperty(Object, "keys", { value: 1 }),
  "deleted from String.prototype": () => delete (String.prototype as unknown as Record<string, unknown>)["at"],
};

/** Specifiers that are not in the image, in ways that other systems would evaluate. */
const IMPORTS = [
  "platform/xs/nothing",
  "./nothing.js",
  "../../../../../etc/passwd",
  "data:text/javascript,export default 42",
  "fs",
  "",
];

const GOT = "got ";

function outcome(probe: Probe): string {
  try {
    return GOT + String(probe());
  } catch (error) {
    return error instanceof Error ? error.name : `threw ${String(error)}`;
  }
}

/** One of them, where what it asks for may end the process. */
export const probeNames: readonly string[] = [...GLOBALS.map((name) => `global ${name}`), ...Object.keys(PROBES)];

export function probeOne(name: string): string {
  const probe = PROBES[name];
  return probe === undefined ? String(globalNamed(name.slice("global ".length))) : outcome(probe);
}

export async function probeEvaluation(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of GLOBALS) found[`global ${name}`] = String(globalNamed(name));
  for (const [name, probe] of Object.entries(PROBES)) found[name] = outcome(probe);
  for (const specifier of IMPORTS) {
    try {
      await import(specifier);
      found[`import ${specifier}`] = `${GOT}a module`;
    } catch (error) {
      found[`import ${specifier}`] = error instanceof Error ? error.name : `threw ${String(error)}`;
    }
  }
  found["new Date(0) is a date"] = String(new Date(0).getTime() === 0);
  return found;
}
