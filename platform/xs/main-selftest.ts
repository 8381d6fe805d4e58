// The role that the host's own tests run: it does what they ask for over the panel's line and answers in the trace.

import { makePlatform } from "./platform.js";
import { COMMANDS } from "./selftest/commands.js";
import { serve } from "./selftest/serve.js";

serve(makePlatform(), COMMANDS);
