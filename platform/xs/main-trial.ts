// A role for measuring and comparing, no product: any screen on request, and the reference's cryptography beside the
// terminal's own.

import { makePlatform } from "./platform.js";
import { serve } from "./selftest/serve.js";
import { sealAndSign } from "./trial/reference.js";
import { openScreens, showScreen, touchScreen } from "./trial/screens.js";

serve(makePlatform(), { openScreens, showScreen, touchScreen, sealAndSign });
