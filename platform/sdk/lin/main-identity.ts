import { start } from "../../../firmware/roles/identity.js";
import { makePlatform } from "../../xs/platform.js";
import { imageText } from "../text.js";
import { ScreenDisplay } from "./display.js";
import { joinPage } from "./page.js";

joinPage();
start({ ...makePlatform(), display: new ScreenDisplay(), text: imageText() });
