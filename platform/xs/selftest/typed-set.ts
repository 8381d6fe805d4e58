// What TypedArray.prototype.set does, case by case, as text: the same run in Node must say the same.

type Cells = Uint8Array | Int8Array | Uint16Array | Int32Array | Float64Array;

function outcome(target: Cells, act: () => void): string {
  try {
    act();
    return target.join(" ");
  } catch (error) {
    return error instanceof Error ? error.name : "not an Error";
  }
}

const kinds = [Uint8Array, Int8Array, Uint16Array, Int32Array, Float64Array] as const;

/** One line a case. */
export function typedSetCases(): string[] {
  const lines: string[] = [];
  for (const Target of kinds) {
    for (const Source of kinds) {
      for (const at of [0, 1, 2, 3, 5, 6]) {
        const target = new Target([1, 2, 3, 4, 5]);
        const source = new Source([-1, 300, 7]);
        lines.push(outcome(target, () => target.set(source, at)));
      }
      const target = new Target([1, 2, 3, 4, 5]);
      lines.push(
        outcome(target, () => target.set(new Source([9, 8]))),
        outcome(target, () => target.set(new Source(0), 5)),
      );
    }
    // views of one buffer that overlap, forwards and backwards
    const cells = new Target([1, 2, 3, 4, 5, 6]);
    lines.push(
      outcome(cells, () => cells.set(cells.subarray(0, 4), 2)),
      outcome(cells, () => cells.set(cells.subarray(2, 6), 0)),
      outcome(cells, () => cells.subarray(1, 3).set(cells.subarray(4))),
    );
    const odd = new Target(4);
    for (const at of [-1, 1.5, NaN, "2", undefined, null, 2 ** 40])
      lines.push(outcome(odd, () => odd.set(new Target([1, 2]), at as number)));
    for (const source of [[1, 2], "12", { length: 1, 0: 5 }, [1n], undefined, 7])
      lines.push(outcome(odd, () => odd.set(source as unknown as number[])));
  }
  // ES2024, which the types do not know
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void };
  const resizable = new Resizable(4, { maxByteLength: 8 });
  const whole = new Uint8Array(resizable);
  resizable.resize(2);
  lines.push(
    outcome(whole, () => whole.set(new Uint8Array([1, 2, 3]))),
    outcome(whole, () => whole.set(new Uint8Array([1, 2]))),
  );
  return lines;
}
