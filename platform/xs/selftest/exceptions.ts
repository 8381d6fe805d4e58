// What becomes of exceptions: functions whose variables change between `try` and `throw`, jumps out of nested blocks,
// generators and promises that are left half-way. Each tells what it went through; the test compares that with another
// engine's.

type Told = (string | number)[];

/** A small generator of numbers, so that every engine takes the same ways. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

function thrower(depth: number, what: number): number {
  if (depth === 0) throw new RangeError(`thrown ${what}`);
  return thrower(depth - 1, what) + 1;
}

/** Jumps of every kind out of blocks in blocks, variables changing on the way. */
function jumps(draw: (below: number) => number, told: Told): number {
  let [a, b, c] = [1, 2, 3];
  outer: for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 4; j++) {
      try {
        a += i;
        try {
          b ^= a * j;
          const way = draw(8);
          c += way;
          told.push(way);
          if (way === 0) thrower(draw(5), a);
          if (way === 1) continue outer;
          if (way === 2) break outer;
          if (way === 3) continue;
          if (way === 4) return a + b + c;
          if (way === 5) (undefined as unknown as { x: number }).x++;
          if (way === 6) throw { value: b };
        } catch (error) {
          b += error instanceof Error ? error.name.length : (error as { value: number }).value;
          if (draw(3) === 0) throw new TypeError(`again ${b}`);
        } finally {
          a = (a * 3 + j) & 0xffff;
          told.push(`f${a}`);
          if (draw(6) === 0) thrower(1, c);
        }
      } catch (error) {
        c = (c + (error as Error).message.length * 7) & 0xffff;
        told.push((error as Error).message);
      } finally {
        told.push(a, b, c);
        if (draw(9) === 0) break outer;
      }
    }
  }
  return a - b - c;
}

function* steps(draw: (below: number) => number, told: Told): Generator<number, string, number> {
  let sum = 0;
  try {
    for (;;) {
      try {
        const got = yield sum;
        sum += got;
        if (draw(4) === 0) thrower(2, sum);
      } catch (error) {
        told.push(`inside ${(error as Error).message}`);
        if (draw(4) === 0) return `left ${sum}`;
      } finally {
        sum += 1000;
        told.push(yield sum);
      }
    }
  } finally {
    told.push(`done ${sum}`);
  }
}

function generators(draw: (below: number) => number, told: Told): void {
  const run = steps(draw, told);
  run.next();
  for (let i = 0; i < 12; i++) {
    try {
      const way = draw(6);
      const { value, done } =
        way === 0 ? run.throw(new Error(`into ${i}`)) : way === 1 && i > 6 ? run.return(`out ${i}`) : run.next(i);
      told.push(String(value), String(done));
    } catch (error) {
      told.push(`outside ${(error as Error).message}`);
    }
  }
}

async function promises(draw: (below: number) => number, told: Told): Promise<number> {
  let kept = 5;
  for (let i = 0; i < 6; i++) {
    try {
      kept += i;
      const got = await (draw(2) === 0 ? Promise.resolve(i) : Promise.reject(new Error(`rejected ${i}`)));
      kept = kept * 2 + got;
      if (draw(4) === 0) thrower(3, kept);
    } catch (error) {
      told.push((error as Error).message);
      kept ^= 0x55;
    } finally {
      told.push(await Promise.resolve(kept));
    }
  }
  return kept;
}

/** Everything that happens for a seed. */
export async function exceptions(seed: number): Promise<Told> {
  const draw = numbers(seed);
  const told: Told = [];
  told.push(jumps(draw, told));
  // natives of the engine that call back, and are left by an exception
  try {
    told.push([3, 1, 2].map((value) => (value === draw(4) ? thrower(1, value) : value)).join());
  } catch (error) {
    told.push((error as Error).message);
  }
  generators(draw, told);
  told.push(await promises(draw, told));
  return told;
}
