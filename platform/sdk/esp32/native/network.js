// The network in C: platform/sdk/esp32/network.c

export function start() @ "xs_network_start";
