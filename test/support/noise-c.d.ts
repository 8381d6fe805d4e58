// What the tests use of noise-c.wasm 0.4.0, which has no types.

declare module "noise-c.wasm" {
  interface Cipher {
    EncryptWithAd(data: Uint8Array, message: Uint8Array): Uint8Array;
    DecryptWithAd(data: Uint8Array, box: Uint8Array): Uint8Array;
  }

  interface Handshake {
    Initialize(prologue: Uint8Array | null, secretKey: Uint8Array | null): void;
    WriteMessage(payload?: Uint8Array): Uint8Array;
    ReadMessage(message: Uint8Array, isPayloadWanted?: boolean): Uint8Array | null;
    GetRemotePublicKey(): Uint8Array;
    /** To send, and to receive. */
    Split(): readonly [Cipher, Cipher];
  }

  export interface NoiseLibrary {
    readonly constants: {
      readonly NOISE_DH_CURVE25519: number;
      readonly NOISE_ROLE_INITIATOR: number;
      readonly NOISE_ROLE_RESPONDER: number;
    };
    /** Private and public. */
    CreateKeyPair(curve: number): readonly [Uint8Array, Uint8Array];
    readonly HandshakeState: new (protocol: string, role: number) => Handshake;
  }

  export default function createNoise(callback: (library: NoiseLibrary) => void): void;
}
