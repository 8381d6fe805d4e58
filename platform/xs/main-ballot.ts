import { start } from "../../firmware/roles/ballot.js";
import { makePlatform } from "./platform.js";

start(makePlatform());
