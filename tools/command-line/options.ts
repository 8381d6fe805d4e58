// What an option's value must be. Each takes the option's name as people write it and gives a parser, which throws a
// Complaint that names the option, the value, and what is expected.

import { type Stats, accessSync, constants, readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { Complaint } from "./complaint.js";

export type Parser<T> = (value: string) => T;

/** Where the program was called; paths are meant from there. */
let caller = process.cwd();

export function setCaller(directory: string): void {
  caller = directory;
}

/** As it was written where that is right from here, else absolute. */
function fromHere(path: string): string {
  return isAbsolute(path) || caller === process.cwd() ? path : join(caller, path);
}

function need(name: string, value: string, what: string): void {
  // `--out --json`: the value was forgotten
  if (value === "" || value.startsWith("--")) throw new Complaint(`${name}: ${what} is missing`);
}

/** A whole number. */
export function whole(name: string, min: number, max: number): Parser<number> {
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < min || number > max)
      throw new Complaint(`${name} ${value}: expected a whole number from ${min} to ${max}`);
    return number;
  };
}

/** A number of seconds, more than none. */
export function seconds(name: string, max = 10_000_000): Parser<number> {
  return (value) => {
    const number = Number(value);
    if (!/^\d+(\.\d+)?$/.test(value) || !(number > 0 && number <= max))
      throw new Complaint(`${name} ${value}: expected a number of seconds, more than 0 and at most ${max}`);
    return number;
  };
}

/** A probability below 1. */
export function chance(name: string): Parser<number> {
  return (value) => {
    const number = Number(value);
    if (!/^(\d+(\.\d*)?|\.\d+)(e-\d+)?$/.test(value) || !(number >= 0 && number < 1))
      throw new Complaint(`${name} ${value}: expected a number from 0 to below 1`);
    return number;
  };
}

/** Anything but nothing. */
export function words(name: string): Parser<string> {
  return (value) => {
    need(name, value, "its value");
    return value;
  };
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    // a file stands where a folder should be: there is nothing below it
    if ((thrown as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw thrown;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** A file that is there and can be read. */
export function inFile(name: string): Parser<string> {
  return (value) => {
    need(name, value, "a file");
    const path = fromHere(value);
    needFile(name, path);
    return path;
  };
}

/** Throws a Complaint when the file is not there or cannot be read. `hint`: where to look. */
export function needFile(name: string, path: string, hint = ""): void {
  const status = statusOf(path);
  if (status === undefined) throw new Complaint(`${name} ${path}: there is no such file${hint}`);
  if (status.isDirectory()) throw new Complaint(`${name} ${path}: is a folder; name a file`);
  if (!may(path, constants.R_OK)) throw new Complaint(`${name} ${path}: cannot be read; is it yours?`);
}

/** A folder that is there, with these files in it. */
export function inFolder(name: string, files: readonly string[], hint: string): Parser<string> {
  return (value) => {
    need(name, value, "a folder");
    const path = fromHere(value);
    const status = statusOf(path);
    if (status === undefined) throw new Complaint(`${name} ${path}: there is no such folder`);
    if (!status.isDirectory()) throw new Complaint(`${name} ${path}: is a file; name a folder`);
    for (const file of files) needFile(name, join(path, file), `; ${hint}`);
    return path;
  };
}

/** A folder that is there or can be made. */
export function outFolder(name: string): Parser<string> {
  return (value) => {
    need(name, value, "a folder");
    const path = fromHere(value);
    needRoom(name, path, path);
    return path;
  };
}

/** A folder that a job empties: nothing may lie in it but what such a job left. */
export function emptiedFolder(name: string, leaves: readonly string[]): Parser<string> {
  const parse = outFolder(name);
  return (value) => {
    const path = parse(value);
    const other = statusOf(path) === undefined ? undefined : readdirSync(path).find((each) => !leaves.includes(each));
    if (other !== undefined)
      throw new Complaint(`${name} ${path}: would be emptied, and holds ${other}; name a folder of its own`);
    return path;
  };
}

/** A file in a folder that is there; what is there under its name is written over. */
export function outFile(name: string): Parser<string> {
  return (value) => {
    need(name, value, "a file");
    const path = fromHere(value);
    const folder = dirname(path);
    if (statusOf(path)?.isDirectory() === true) throw new Complaint(`${name} ${path}: is a folder; name a file`);
    if (statusOf(folder) === undefined)
      throw new Complaint(`${name} ${path}: there is no folder ${folder}; make it first`);
    needRoom(name, path, folder);
    if (statusOf(path) !== undefined && !may(path, constants.W_OK))
      throw new Complaint(`${name} ${path}: cannot be written; is it yours?`);
    return path;
  };
}

/** The nearest part of a folder's path that is there is a folder, and ours to write in. */
function needRoom(name: string, path: string, folder: string): void {
  let there = resolve(folder);
  while (statusOf(there) === undefined) there = dirname(there);
  const isWhole = there === resolve(path);
  if (!statusOf(there)!.isDirectory())
    throw new Complaint(
      `${name} ${path}: ${isWhole ? "is a file; name a folder" : `${there} is a file, not a folder`}`,
    );
  if (!may(there, constants.W_OK)) throw new Complaint(`${name} ${path}: cannot be written in ${there}; is it yours?`);
}
