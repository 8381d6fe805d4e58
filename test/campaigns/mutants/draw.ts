// What can be changed in a source file, as small slips of a programmer: every place at which an operator can be
// turned, a truth negated, a constant be one off, a call or an early return be forgotten. Found in the syntax
// tree; whether the changed file still compiles is not asked here.

import { createHash } from "node:crypto";
import ts from "typescript";

export interface Mutant {
  /** Stays the same while lines move: of file, text of the line, change, and how many equal ones stand before it. */
  readonly id: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line as it was, without what surrounds it. */
  readonly text: string;
  /** "a -> b" */
  readonly change: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const turned: Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ["!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ["==="],
  [ts.SyntaxKind.LessThanToken]: ["<=", ">="],
  [ts.SyntaxKind.LessThanEqualsToken]: ["<", ">"],
  [ts.SyntaxKind.GreaterThanToken]: [">=", "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken]: [">", "<"],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ["||"],
  [ts.SyntaxKind.BarBarToken]: ["&&"],
  [ts.SyntaxKind.PlusToken]: ["-"],
  [ts.SyntaxKind.MinusToken]: ["+"],
  [ts.SyntaxKind.AsteriskToken]: ["+"],
  [ts.SyntaxKind.PlusEqualsToken]: ["-="],
  [ts.SyntaxKind.MinusEqualsToken]: ["+="],
  [ts.SyntaxKind.AmpersandToken]: ["|"],
  [ts.SyntaxKind.BarToken]: ["&"],
};

/** Every mutant of a file, in its order. `file`: its name from the root. `isBoolean`: of an expression, by its type. */
export function mutantsOf(source: ts.SourceFile, file: string, isBoolean: (node: ts.Expression) => boolean): Mutant[] {
  const found: Mutant[] = [];
  const seen = new Map<string, number>();
  const lines = source.text.split("\n");

  const put = (
    node: ts.Node,
    replacement: string,
    change = `${brief(node.getText(source))} -> ${brief(replacement)}`,
  ): void => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const text = lines[line]!.trim();
    const key = `${file}\n${text}\n${change}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const id = createHash("sha256").update(`${key}\n${before}`).digest("hex").slice(0, 10);
    found.push({ id, file, line: line + 1, text, change, start, end: node.getEnd(), replacement });
  };
  const negate = (node: ts.Expression): void => put(node, `!(${node.getText(source)})`);

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const { operatorToken } = node;
      for (const other of turned[operatorToken.kind] ?? []) put(operatorToken, other);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      put(node, node.operand.getText(source));
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const text = node.getText(source);
      if (node.operator === ts.SyntaxKind.PlusPlusToken) put(node, text.replace("++", "--"));
      if (node.operator === ts.SyntaxKind.MinusMinusToken) put(node, text.replace("--", "++"));
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword) put(node, "false");
    if (node.kind === ts.SyntaxKind.FalseKeyword) put(node, "true");
    // nobody notices a millisecond
    if (ts.isNumericLiteral(node) && isDuration(node))
      put(node, `(2 * ${node.text})`, `${node.getText(source)} -> twice as long`);
    else if (ts.isNumericLiteral(node) && !isName(node)) {
      put(node, `(${node.text} + 1)`, `${node.getText(source)} -> one more`);
      put(node, `(${node.text} - 1)`, `${node.getText(source)} -> one less`);
    }
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) negate(node.expression);
    if (ts.isConditionalExpression(node)) negate(node.condition);
    if (ts.isReturnStatement(node)) {
      const { expression } = node;
      if (expression === undefined) {
        if (isEarly(node)) put(node, ";", "return -> (goes on)");
      } else {
        if (isEarly(node)) put(node, `${expression.getText(source)};`, "return -> (goes on)");
        if (isTruth(expression, isBoolean)) negate(expression);
      }
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && isTruth(node.body, isBoolean)) negate(node.body);
    if (ts.isExpressionStatement(node) && isCall(node.expression))
      put(node, ";", `${brief(node.getText(source))} -> (left out)`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function brief(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** Of a type that is boolean, and not already negated by another rule. */
function isTruth(node: ts.Expression, isBoolean: (node: ts.Expression) => boolean): boolean {
  const isLiteral = node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
  const isNegation = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
  return !isLiteral && !isNegation && isBoolean(node);
}

function isDuration({ parent }: ts.NumericLiteral): boolean {
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && /(Ms|Seconds|_s)$/.test(parent.name.text);
}

function isName(node: ts.NumericLiteral): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

function isCall(node: ts.Expression): boolean {
  if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) return isCall(node.expression);
  return ts.isCallExpression(node);
}

/** Leaves a function before its end. */
function isEarly(node: ts.ReturnStatement): boolean {
  for (let each: ts.Node = node.parent; ts.isBlock(each) || ts.isIfStatement(each); each = each.parent)
    if (ts.isIfStatement(each)) return true;
  return false;
}
