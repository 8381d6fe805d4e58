// The servers that a station uses instead of the embedded ones, from the environment.

import { StationError } from "../station.js";

/** What Bench.create and Station.create take. */
export interface Servers {
  readonly mqttUrl?: string;
  readonly databaseUrl?: string;
}

/** MQTT_URL and DATABASE_URL, when they are set. Throws StationError for an address of another kind. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Servers {
  const mqttUrl = addressIn(environment, "MQTT_URL", ["mqtt:"]);
  const databaseUrl = addressIn(environment, "DATABASE_URL", ["postgres:", "postgresql:"]);
  return { ...(mqttUrl === undefined ? {} : { mqttUrl }), ...(databaseUrl === undefined ? {} : { databaseUrl }) };
}

function addressIn(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  protocols: readonly string[],
): string | undefined {
  const value = environment[name];
  if (value === undefined || value === "") return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // the address is not repeated: a password may stand in it
  if (url === undefined || !protocols.includes(url.protocol))
    throw new StationError(`${name}: expected ${protocols.join(" or ")}//host`);
  return value;
}
