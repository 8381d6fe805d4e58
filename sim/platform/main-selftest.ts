// The role that the host's own tests run: see selftest/ for what it does on request.

import { makePlatform } from "./platform.js";
import { selftest } from "./selftest.js";

selftest(makePlatform());
