// The SDK has no declaration of its module; as far as it is used here.

declare module "ethernet" {
  const Ethernet: { start(): void };
  export default Ethernet;
}
