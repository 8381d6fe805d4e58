// The part of sodium-native that the tests use; the package has no types of its own.

declare module "sodium-native" {
  const sodium: {
    crypto_box_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void;
    crypto_box_seal(box: Buffer, message: Buffer, publicKey: Buffer): void;
    crypto_box_seal_open(message: Buffer, box: Buffer, publicKey: Buffer, secretKey: Buffer): boolean;
  };
  export default sodium;
}
