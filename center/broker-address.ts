// Where an MQTT broker is, from a URL that a person wrote: mqtt://host:1883, mqtts://host:8883, with an IPv6 address in
// brackets.

import net from "node:net";
import tls from "node:tls";
import type { Duplex } from "node:stream";

export interface BrokerAddress {
  readonly url: URL;
  /** A name, an IPv4 or an IPv6 address, that one without its brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** Why an address is not used. No text repeats it: a password may stand in it. */
export const addressProblems = {
  form: "expected mqtt://host:port or mqtts://host:port, an IPv6 address in brackets",
  "L-01":
    "L-01: a user or password in mqtt:// would be read by everybody on the line; use mqtts://, or a TLS gateway and no password",
} as const;

export type AddressProblem = keyof typeof addressProblems;

const ports = { "mqtt:": 1883, "mqtts:": 8883 } as const;

/** A name for it, when it cannot be used. */
export function brokerAddress(text: string): BrokerAddress | AddressProblem {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol;
  if (url === undefined || (protocol !== "mqtt:" && protocol !== "mqtts:") || url.hostname === "") return "form";
  const isTls = protocol === "mqtts:";
  if (!isTls && (url.username !== "" || url.password !== "")) return "L-01";
  return {
    url,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || ports[protocol]),
    tls: isTls,
  };
}

/** A connection as a station's gateway makes it: TLS outside where the broker has it, the terminal's MQTT inside. */
export function connectTo({ host, port, tls: isTls }: BrokerAddress, ca?: string): Duplex {
  if (!isTls) return net.connect(port, host);
  return tls.connect({
    host,
    port,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  });
}
