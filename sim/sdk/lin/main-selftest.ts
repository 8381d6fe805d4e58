import { makePlatform } from "../../platform/platform.js";
import { COMMANDS } from "../../platform/selftest/commands.js";
import { serve } from "../../platform/selftest/serve.js";
import { ScreenDisplay } from "./display.js";

serve({ ...makePlatform(), display: new ScreenDisplay() }, COMMANDS);
