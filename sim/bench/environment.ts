// The servers that a station uses instead of the embedded ones, from the environment.

import { addressProblems, brokerAddress } from "../../center/broker-address.js";
import { StationError } from "../station.js";

/** What Bench.create and Station.create take. */
export interface Servers {
  readonly mqttUrl?: string;
  /** A file of certificates (PEM) that vouch for the broker's, instead of those that Node.js knows. */
  readonly mqttCa?: string;
  readonly databaseUrl?: string;
}

/**
 * MQTT_URL, MQTT_CA and DATABASE_URL, when they are set. Throws StationError for an address of another kind, and for a
 * broker's password that would travel in clear.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Servers {
  const mqttUrl = environment["MQTT_URL"] || undefined;
  if (mqttUrl !== undefined) {
    const address = brokerAddress(mqttUrl);
    if (typeof address === "string") throw new StationError(`MQTT_URL: ${addressProblems[address]}`);
  }
  const mqttCa = environment["MQTT_CA"] || undefined;
  const databaseUrl = addressIn(environment, "DATABASE_URL", ["postgres:", "postgresql:"]);
  return {
    ...(mqttUrl === undefined ? {} : { mqttUrl }),
    ...(mqttCa === undefined ? {} : { mqttCa }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  };
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
