// The modules of a role's image, from its entry on, and the rules that they must keep.

import { posix } from "node:path";
import { FORBIDDEN, LAYERS, isAboveThePlatform, isPackage, isSdkModule, matches, roomOutside } from "./rules.js";
import { bundlePackage, loadModule } from "./transpile.js";
import type { Module } from "./transpile.js";

/** A rule of the module graph is broken; the message names the chain of imports. */
export class ForbiddenImport extends Error {
  override readonly name = "ForbiddenImport";
}

export type Loader = (specifier: string, importedBy: string) => Promise<Module>;

function loaderOf(role: string): Loader {
  return (specifier, importedBy) =>
    isPackage(role, specifier) ? bundlePackage(specifier) : loadModule(specifier, importedBy);
}

function resolve(specifier: string, importer: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return posix.join(posix.dirname(importer), specifier.replace(/\.js$/, ""));
}

function fault(role: string, from: string, to: string, written: string): string | undefined {
  const forbidden = FORBIDDEN[role]?.find((prefix) => matches(to, prefix));
  if (forbidden !== undefined) return `the ${role} image must not contain ${forbidden}`;
  if (!written.startsWith(".")) {
    if (!isPackage(role, to)) return `"${to}" is no package of the product`;
  } else {
    if (!written.endsWith(".js")) return `relative imports end in .js: "${written}"`;
    if (to.startsWith("..")) return `"${written}" leaves the repository`;
  }
  for (const rule of LAYERS)
    if (
      from.startsWith(rule.from) &&
      !rule.except.some((prefix) => from.startsWith(prefix)) &&
      rule.never.some((prefix) => to.startsWith(prefix))
    )
      return rule.why;
  const outside = roomOutside(to);
  if (outside !== undefined) return `nothing of ${outside} is in an image`;
  if (isAboveThePlatform(from) && to.includes("/native/")) return "only platform modules import natives";
  return undefined;
}

/**
 * All modules of the role, the entry first, then in the order in which they are met. Throws ForbiddenImport with the
 * chain of imports from the entry to the one that breaks a rule.
 */
export async function walk(role: string, entry: string, loader: Loader = loaderOf(role)): Promise<readonly Module[]> {
  const outside = roomOutside(entry);
  if (outside !== undefined)
    throw new ForbiddenImport(`forbidden import: nothing of ${outside} is in an image\n  ${entry}`);
  const modules: Module[] = [];
  const importedFrom = new Map<string, string | undefined>([[entry, undefined]]);
  const chain = (last: string): string => {
    const names: string[] = [];
    for (let at: string | undefined = last; at !== undefined; at = importedFrom.get(at)) names.unshift(at);
    return names.join("\n  -> ");
  };
  // Breadth first, so that the chain named is a shortest one.
  const queue = [entry];
  for (let specifier = queue.shift(); specifier !== undefined; specifier = queue.shift()) {
    const module = await loader(specifier, importedFrom.get(specifier) ?? "build");
    modules.push(module);
    for (const written of module.imports) {
      const to = resolve(written, specifier);
      if (isSdkModule(specifier, to)) continue;
      const why = fault(role, specifier, to, written);
      if (why !== undefined) throw new ForbiddenImport(`forbidden import: ${why}\n  ${chain(specifier)}\n  -> ${to}`);
      if (importedFrom.has(to)) continue;
      importedFrom.set(to, specifier);
      queue.push(to);
    }
  }
  return modules;
}
