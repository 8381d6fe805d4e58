// The SDK's modules that the platforms here import, as far as they use them. In a build by the SDK its own declarations
// take their place.

declare module "timer" {
  interface SdkTimerHandle {
    readonly brand: unknown;
  }
  const Timer: { set(callback: () => void, delayMs: number): SdkTimerHandle; clear(timer: SdkTimerHandle): void };
  export default Timer;
}

declare module "Resource" {
  const Resource: new (path: string) => object;
  export default Resource;
}

declare module "embedded:storage/flash" {
  interface Flash {
    read(byteLength: number, byteOffset: number): ArrayBuffer;
    write(buffer: ArrayBuffer, byteOffset: number): void;
    eraseBlock(start: number): void;
    status(): { readonly size: number; readonly blocks: number; readonly blockLength: number };
  }
  const FlashStorage: { open(options: { path: string; mode?: "r" | "r+" }): Flash };
  export default FlashStorage;
}

declare module "embedded:io/socket/tcp" {
  const TCP: new (options: object) => object;
  export default TCP;
}

declare module "mc/config" {
  const config: { readonly broker: string; readonly brokerPort: number; readonly root: string };
  export default config;
}
