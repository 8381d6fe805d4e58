// A text that an office hands to a tool.

import { readFileSync } from "node:fs";
import { type FileText, textOf } from "../../office/text/file-text.js";
import { Complaint } from "./complaint.js";

/** Throws Complaint for what is no text. */
export function textIn(path: string): FileText {
  const text = textOf(readFileSync(path));
  if (!text.ok) throw new Complaint(`${path}: ${text.error}`);
  return text.value;
}
