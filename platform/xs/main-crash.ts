// The role that a crash campaign on this engine runs: it recovers the vault and the journal from the media, as often as
// it is asked to.

import { recovery } from "./crash/recovery.js";
import { makePlatform } from "./platform.js";
import { serve } from "./selftest/serve.js";

serve(makePlatform(), recovery());
