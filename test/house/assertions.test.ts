// firmware/ASSERTIONS.md names every assertion of the product, and no other.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "ava";
import ts from "typescript";

const rooms = ["firmware", "drivers", "ui"];
/** Where it is defined. */
const definition = "firmware/result.ts";

/** "file: condition" of every call of `assert`, sorted. */
function assertionsIn(files: readonly string[]): string[] {
  return files
    .flatMap((file) => {
      const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && node.expression.getText(source) === "assert")
          found.push(`${file}: ${node.arguments[0]!.getText(source).replaceAll(/\s+/g, " ")}`);
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    })
    .sort();
}

/** The same of the table, with what is said of each. */
function rowsOf(table: string): { readonly name: string; readonly why: string }[] {
  return table.split("\n").flatMap((line) => {
    const cells = /^\| (\S+\.ts) \| `(.+)` \| (.*) \|$/.exec(line);
    return cells === null ? [] : [{ name: `${cells[1]}: ${cells[2]!.replaceAll("\\|", "|")}`, why: cells[3]! }];
  });
}

test("every assertion is in the table with its reason, and none is in it that is gone", (t) => {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...rooms], {
    encoding: "utf8",
  });
  const files = listed
    .split("\n")
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && file !== definition);
  const rows = rowsOf(readFileSync("firmware/ASSERTIONS.md", "utf8"));
  t.deepEqual(rows.map(({ name }) => name).sort(), assertionsIn(files));
  t.deepEqual(
    rows.filter(({ why }) => why.length < 12),
    [],
  );
});
