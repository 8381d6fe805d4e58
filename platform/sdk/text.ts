// The image's text bundle, a resource in the SDK's builds: it stays where the image is.

import Resource from "Resource";

export function imageText(): Uint8Array {
  // a buffer of the host's, which the SDK declares as a type of its own
  return new Uint8Array(new Resource("ui.bin") as unknown as ArrayBuffer);
}
