// The part of the set-up that a command asks for, once its call has been found right.

import { type Purpose, SetupError, setUpSystem } from "../setup/system.js";
import { complaining } from "./complaint.js";

/** Throws a Complaint that says what to install. */
export async function setUp(purpose: Purpose): Promise<void> {
  await complaining([SetupError], () => setUpSystem(purpose), "setup");
}
