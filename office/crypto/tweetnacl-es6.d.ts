declare module "tweetnacl-es6" {
  interface KeyPair {
    readonly publicKey: Uint8Array;
    readonly secretKey: Uint8Array;
  }
  interface Box {
    (message: Uint8Array, nonce: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array;
    open(box: Uint8Array, nonce: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | null;
    keyPair: { fromSecretKey(secretKey: Uint8Array): KeyPair };
  }
  const nacl: {
    scalarMult(scalar: Uint8Array, point: Uint8Array): Uint8Array;
    hash(message: Uint8Array): Uint8Array;
    box: Box;
    sign: {
      keyPair: { fromSeed(seed: Uint8Array): KeyPair };
      detached: {
        (message: Uint8Array, secretKey: Uint8Array): Uint8Array;
        verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
      };
    };
  };
  export default nacl;
}
