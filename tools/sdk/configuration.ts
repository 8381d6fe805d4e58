// ESP-IDF's configuration: lines that ask for something, and what has come of them. Kconfig drops what it does not know
// and what has no prompt, and says so to nobody.

/** Symbols of a configuration, off and absent alike left out. */
export function settings(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^(CONFIG_\w+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if (value === "" || value === "n") found.delete(name);
    else found.set(name, value);
  }
  return found;
}

/** Lines of `asked`, later texts over earlier ones, that the final configuration does not have. */
export function unheard(asked: readonly string[], final: string): readonly string[] {
  const got = settings(final);
  const wanted = new Map<string, string>();
  for (const text of asked)
    for (const [, name, value] of text.matchAll(/^(CONFIG_\w+)=(.*)$/gm))
      wanted.set(name!, value === "" ? "n" : value!);
  const isSame = (one: string, other: string): boolean =>
    one === other || (/^0x/i.test(one) && Number(one) === Number(other));
  return [...wanted].flatMap(([name, value]) =>
    isSame(value, got.get(name) ?? "n") ? [] : [`${name}=${value} was asked, and is ${got.get(name) ?? "n"}`],
  );
}
