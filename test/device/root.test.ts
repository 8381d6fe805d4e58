// One root, in the image: a product image has its own and refuses the test root, its packages, its devices; nothing of
// a simulation, by which somebody could say what a device draws or is, is in it.

import { readFileSync } from "node:fs";
import { answered } from "../attacks/catalogue.js";
import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { openDevice } from "../../firmware/device/device.js";
import { certificateAddress, packageAddress, requestAddress } from "../../firmware/device/layout.js";
import { requestMax } from "../../firmware/device/request.js";
import { signKey } from "../../firmware/device/certificate.js";
import { encodeStored, readStored } from "../../firmware/device/stored.js";
import { openPackage } from "../../firmware/election/package.js";
import { electionKinds, isKindOf } from "../../firmware/election/shapes.js";
import { boot } from "../../firmware/roles/ballot-boot.js";
import type { Flash, Root } from "../../firmware/platform.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { certify } from "../../office/device/enrol.js";
import { buildPackage } from "../../office/package/build.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { rootOf } from "../../platform/sdk/esp32/image-root.js";
import { testRoot } from "../../platform/test-root.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { keys, parse, smallYaml } from "../package/support.js";
import { fusesOf } from "../support/device-secret.js";

const chance = new Chance("root", "device");
const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => chance.fill(out) });
const authority = crypto.signKeyPair(new Uint8Array(32).fill(0x70));
const product = rootOf(toHex(authority.publicKey));

test("a product image's root is its build's: none, half of one and the test root are refused", (t) => {
  t.deepEqual(product, { key: authority.publicKey, isTest: false });
  t.throws(() => rootOf(""), { message: /64 hexadecimal digits/ });
  t.throws(() => rootOf("c8bd"), { message: /64 hexadecimal digits/ });
  t.throws(() => rootOf(toHex(testRoot.key)), { message: /test root/ });
  t.deepEqual(testRoot.key, keys.authority.publicKey, "what the test election's keys are signed with");
});

test("a package of the test root does not open under a product's, nor the other way round; a rehearsal is signed under the product's", (t) => {
  const ofTest = packageFlash(buildPackage(parse(smallYaml), keys));
  const rehearsal = packageFlash(
    buildPackage(parse(smallYaml.replace("kind: test", "kind: rehearsal")), { ...keys, authority }),
  );
  const open = (flash: ReturnType<typeof packageFlash>, root: Root): string => {
    const opened = openPackage(flash, 0, crypto, root.key);
    return opened.ok ? "open" : opened.error.code;
  };
  t.is(open(ofTest, testRoot), "open");
  t.is(open(ofTest, product), "E-03");
  t.is(open(rehearsal, product), "open");
  t.is(open(rehearsal, testRoot), "E-03");
});

test("an image takes real elections and rehearsals, or with the test root tests alone", (t) => {
  for (const [kind, underProduct, underTest] of [
    ["real", true, false],
    ["rehearsal", true, false],
    ["test", false, true],
  ] as const) {
    t.is(isKindOf(kind, product), underProduct, kind);
    t.is(isKindOf(kind, testRoot), underTest, kind);
  }
});

test("a start with a package of each kind under each root: those that do not fit are refused with E-09, the others go on to the assignment", (t) => {
  const factory = crypto.signKeyPair(new Uint8Array(32).fill(0x71));
  const certificate = signKey(crypto, { kind: "factory", key: factory.publicKey, epoch: 0 }, authority.secretKey);
  const owner = {
    product: { root: product, keys: { ...keys, authority, factory: { certificate, secretKey: factory.secretKey } } },
    test: { root: testRoot, keys },
  };
  const clock = { monotonic: () => 0, wall: () => 0 };
  const medium = (): Flash => flashOf(new NorChip({ size: 0x80_0000 }));
  for (const [name, { root, keys: own }] of Object.entries(owner))
    for (const kind of electionKinds) {
      const chip = new NorChip({ size: 0x10_0000 });
      const flash = flashOf(chip);
      const platform = {
        flash: { main: flash, a: medium(), b: medium() },
        ...{ fuses: fusesOf("5a".repeat(32)), root, model: "m", clock, trace: () => undefined },
        tallyKey: { draw: () => false },
      };
      const say = (): string => {
        const booted = boot(platform, crypto);
        return booted.ok ? "open" : booted.error.code;
      };
      t.is(say(), "I-04");
      const request = readStored(flash, requestAddress, requestMax);
      if (!request.ok || request.value === undefined) return t.fail("no request");
      const chain = certify(
        request.value,
        { serial: "BT-7", revision: 1, testRecord: new Uint8Array(32) },
        own.factory,
      );
      if (!chain.ok) return t.fail(chain.error.what);
      chip.program(certificateAddress, encodeStored(chain.value));
      chip.program(packageAddress, buildPackage(parse(smallYaml.replace("kind: test", `kind: ${kind}`)), own));
      const said = say();
      t.is(said, (kind === "test") === (name === "test") ? "I-06" : "E-09", `${kind} under ${name}`);
      if (kind === "test" && name === "product") answered(t, "test-root", said);
    }
});

test("a device that a test factory has certified is none to a product image: I-05; one of the product's factory is", (t) => {
  const chip = new NorChip({ size: 0x2_0000 });
  const flash = flashOf(chip);
  const clock = { monotonic: () => 0, wall: () => 0 };
  const start = (root: Root): string => {
    const platform = {
      flash: { main: flash, a: flash, b: flash },
      fuses: fusesOf("5a".repeat(32)),
      root,
      model: "m",
      clock,
    };
    const opened = openDevice(platform, crypto);
    return opened.ok ? opened.value.certificate.serial : opened.error.code;
  };
  t.is(start(product), "I-04");
  const request = readStored(flash, requestAddress, requestMax);
  if (!request.ok || request.value === undefined) return t.fail("no request");
  const hardware = { serial: "BT-7", revision: 1, testRecord: new Uint8Array(32) };
  const install = (chain: ReturnType<typeof certify>): void => {
    if (!chain.ok) throw new Error(chain.error.what);
    chip.erase(certificateAddress / chip.blockLength);
    chip.program(certificateAddress, encodeStored(chain.value));
  };
  install(certify(request.value, hardware, keys.factory));
  t.is(start(testRoot), "BT-7");
  t.is(start(product), "I-05");
  const factory = crypto.signKeyPair(new Uint8Array(32).fill(0x71));
  const certificateOf = (kind: "factory" | "issuer"): Uint8Array =>
    signKey(crypto, { kind, key: factory.publicKey, epoch: 0 }, authority.secretKey);
  install(certify(request.value, hardware, { certificate: certificateOf("factory"), secretKey: factory.secretKey }));
  t.is(start(product), "BT-7");
  install(certify(request.value, hardware, { certificate: certificateOf("issuer"), secretKey: factory.secretKey }));
  t.is(start(product), "I-05", "a key of another kind certifies no device");
});

test("nothing of a simulation is among what an ESP32's image is made of", (t) => {
  for (const path of ["platform/sdk/esp32/manifest.json", "platform/native/manifest.json"]) {
    const manifest = readFileSync(path, "utf8");
    t.notRegex(manifest, /simulated-fuses|xs\/random|SANDOGH_SIMULATION|test-root/, path);
  }
  // the root test is compared with, in the product's own image-root.ts, and is nowhere else
  const main = readFileSync("platform/sdk/esp32/platform.ts", "utf8");
  t.true(main.includes("root: rootOf(config.root)"));
  t.notRegex(main, /testRoot/);
});
