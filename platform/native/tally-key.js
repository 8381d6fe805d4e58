// firmware/crypto/tally-key.ts in C: platform/native/tally-key.c

export function draw(out, offices, cards, binding, deviceSecret, election, escrowKey) @ "xs_tally_key_draw";
export function begin(publicKey) @ "xs_tally_key_begin";
export function addShare(box, office) @ "xs_tally_key_share";
export function combine(part, deviceSecret, election, publicKey) @ "xs_tally_key_combine";
export function open(out, box) @ "xs_tally_key_open";
export function end() @ "xs_tally_key_end";
