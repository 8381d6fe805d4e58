// What an object graph holds in this process's RAM, private fields too, in the order in which it holds it: for the question whether the vault's own memory tells
// an order that its flash does not.

import { Session } from "node:inspector";

declare global {
  var orderSubject: unknown;
}

interface Remote {
  readonly objectId?: string;
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly value?: unknown;
}

interface Properties {
  readonly result?: readonly { readonly name: string; readonly value?: Remote }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Remote }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: Remote }[];
}

const depthMax = 8;
/** What is handed in from outside and holds no ballot. */
const strangers = /^(NorChip|Crypto|QuickChance|Function|Buffer|Line)$/;

/** Bytes of everything reachable from `subject`, field by field, entry by entry. */
export function memoryOf(subject: object): Uint8Array {
  const session = new Session();
  session.connect();
  // what the inspector answers is for the caller to say
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  const post = <T>(method: string, params: object): T => {
    let answer: T | undefined;
    session.post(method, params, (error: Error | null, result?: object) => {
      if (error !== null) throw new Error(`${method}: ${error.message}`);
      answer = result as T;
    });
    return answer!;
  };
  const out: Uint8Array[] = [];
  const asBytes = (functionDeclaration: string, objectId: string): Uint8Array => {
    const { result } = post<{ result: Remote }>("Runtime.callFunctionOn", { objectId, functionDeclaration, returnByValue: true });
    return Buffer.from(String(result.value), "latin1");
  };
  const visit = (remote: Remote | undefined, depth: number): void => {
    if (remote === undefined || depth > depthMax || remote.type === "function" || strangers.test(remote.className ?? "")) return;
    if (remote.objectId === undefined) {
      if (typeof remote.value === "number") out.push(Uint8Array.of(remote.value >>> 24, remote.value >>> 16, remote.value >>> 8, remote.value));
      else if (typeof remote.value === "string") out.push(Buffer.from(remote.value, "latin1"));
      return;
    }
    if (remote.subtype === "typedarray") {
      // as the firmware writes numbers: big endian
      out.push(asBytes(`function () {
        const bytes = new Uint8Array(this.buffer.slice(this.byteOffset, this.byteOffset + this.byteLength));
        if (this.BYTES_PER_ELEMENT === 4) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
        return String.fromCharCode(...bytes);
      }`, remote.objectId));
      return;
    }
    const { result = [], privateProperties = [], internalProperties = [] } = post<Properties>("Runtime.getProperties", { objectId: remote.objectId, ownProperties: true });
    for (const { name, value } of [...result, ...privateProperties]) if (name !== "__proto__") visit(value, depth + 1);
    for (const { name, value } of internalProperties) if (name === "[[Entries]]" || remote.subtype === "internal#entry") visit(value, depth + 1);
  };
  try {
    globalThis.orderSubject = subject;
    visit(post<{ result: Remote }>("Runtime.evaluate", { expression: "orderSubject" }).result, 0);
  } finally {
    globalThis.orderSubject = undefined;
    session.disconnect();
  }
  return Buffer.concat(out);
}
