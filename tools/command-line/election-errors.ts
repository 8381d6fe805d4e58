// What the libraries say of an election's definition, a folder or a port that cannot be used.

import { OfficialsProblem } from "../../office/package/officials.js";
import { KeysProblem } from "../../office/package/keys.js";
import { PhotoProblem } from "../../office/package/photo.js";
import { DoesNotFit } from "../../office/package/tree.js";
import { TextTooLong } from "../../office/text/bundle-writer.js";
import { MissingCharacter } from "../../office/text/shape.js";
import { PortError } from "../../sim/bench/server.js";
import { StationError } from "../../sim/station.js";

/** An election cannot be packed. */
export const packingErrors = [
  DoesNotFit,
  KeysProblem,
  OfficialsProblem,
  MissingCharacter,
  PhotoProblem,
  TextTooLong,
] as const;

/** A station cannot be made or served. */
export const stationErrors = [StationError, PortError, ...packingErrors] as const;
