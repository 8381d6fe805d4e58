import { makePlatform } from "../../xs/platform.js";
import { COMMANDS } from "../../xs/selftest/commands.js";
import { serve } from "../../xs/selftest/serve.js";
import { ScreenDisplay } from "./display.js";

serve({ ...makePlatform(), display: new ScreenDisplay() }, COMMANDS);
