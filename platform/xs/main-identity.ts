import { start } from "../../firmware/roles/identity.js";
import { makePlatform } from "./platform.js";

start(makePlatform());
