// Vectors of RFC 8032 section 7.1 and RFC 7748 section 5.2, and inputs that a strict implementation refuses.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "../../firmware/bytes.js";

export const ed25519Vectors = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
] as const;

export const x25519Vectors = [
  {
    scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    point: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    result: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  },
  {
    scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    point: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    result: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  },
] as const;

/** Points of order 1, 2, 4 and 8 on the curve and its twist, and their non-canonical encodings. */
export const refusedPoints = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
] as const;

const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

export interface RefusedSignature {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly why: string;
}

/** Forgeries that a careless verifier accepts. */
export function refusedSignatures(): RefusedSignature[] {
  const { signature, message, publicKey } = ed25519Vectors[2];
  const good = { signature: fromHex(signature)!, message: fromHex(message)!, publicKey: fromHex(publicKey)! };
  const refused: RefusedSignature[] = [];
  const s = [...good.signature.subarray(32)].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + groupOrder;
  const malleable = good.signature.slice();
  for (let i = 0; i < 32; i++) malleable[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
  refused.push({ ...good, signature: malleable, why: "S + L" });
  // with a public key of small order and S = 0, R = A passes the equation for messages whose hash is a multiple of its
  // order
  for (const point of [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ]) {
    const small = fromHex(point)!;
    const forged = new Uint8Array(64);
    forged.set(fromHex("0100000000000000000000000000000000000000000000000000000000000000")!);
    refused.push({
      signature: forged,
      message: Uint8Array.of(1),
      publicKey: small,
      why: `public key of small order ${point}`,
    });
  }
  for (let bit = 0; bit < 512; bit += 37) {
    const flipped = good.signature.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    refused.push({ ...good, signature: flipped, why: `bit ${bit}` });
  }
  return refused;
}

interface VectorFile<T> {
  readonly testGroups: readonly {
    readonly publicKey?: { readonly pk: string };
    readonly tests: readonly (T & { readonly tcId: number; readonly comment: string; readonly result: string })[];
  }[];
}

export interface Wycheproof {
  readonly ed25519: readonly {
    readonly name: string;
    readonly publicKey: Uint8Array;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
    readonly isValid: boolean;
  }[];
  /** mustWork: refusing it is wrong; otherwise it may be refused, but not answered differently. */
  readonly x25519: readonly {
    readonly name: string;
    readonly scalar: Uint8Array;
    readonly point: Uint8Array;
    readonly shared: Uint8Array;
    readonly mustWork: boolean;
  }[];
}

/** The vectors of a checkout of the Wycheproof project that $WYCHEPROOF names; undefined when it names none. */
export function readWycheproof(): Wycheproof | undefined {
  const folder = join(process.env["WYCHEPROOF"] ?? "", "testvectors_v1");
  if (process.env["WYCHEPROOF"] === undefined || !existsSync(folder)) return undefined;
  const read = <T>(name: string): VectorFile<T> =>
    JSON.parse(readFileSync(join(folder, name), "utf8")) as VectorFile<T>;
  const bytes = (hex: string): Uint8Array => fromHex(hex)!;
  return {
    ed25519: read<{ msg: string; sig: string }>("ed25519_test.json").testGroups.flatMap((group) =>
      group.tests.map((each) => ({
        name: `ed25519 ${each.tcId} ${each.comment}`,
        publicKey: bytes(group.publicKey!.pk),
        message: bytes(each.msg),
        signature: bytes(each.sig),
        isValid: each.result === "valid",
      })),
    ),
    x25519: read<{ private: string; public: string; shared: string }>("x25519_test.json").testGroups.flatMap((group) =>
      group.tests.map((each) => ({
        name: `x25519 ${each.tcId} ${each.comment}`,
        scalar: bytes(each.private),
        point: bytes(each.public),
        shared: bytes(each.shared),
        mustWork: each.result === "valid",
      })),
    ),
  };
}

/**
 * SipHash-2-4 with 128 bits of 00 01 02 ..., so many bytes, under the key 00 01 .. 0f: vectors_sip128 of its authors'
 * reference code.
 */
export const sipHashVectors: readonly (readonly [length: number, hash: string])[] = [
  [0, "a3817f04ba25a8e66df67214c7550293"],
  [1, "da87c1d86b99af44347659119b22fc45"],
  [2, "8177228da4a45dc7fca38bdef60affe4"],
  [3, "9c70b60c5267a94e5f33b6b02985ed51"],
  [4, "f88164c12d9c8faf7d0f6e7c7bcd5579"],
  [5, "1368875980776f8854527a07690e9627"],
  [6, "14eeca338b208613485ea0308fd7a15e"],
  [7, "a1f1ebbed8dbc153c0b84aa61ff08239"],
  [8, "3b62a9ba6258f5610f83e264f31497b4"],
  [15, "5493e99933b0a8117e08ec0f97cfc3d9"],
  [63, "5150d1772f50834a503e069a973fbd7c"],
];

/** RFC 8439 section 2.8.2, and appendix A.5 (deciphering). */
export const aeadVectors = [
  {
    key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    nonce: "070000004041424344454647",
    data: "50515253c0c1c2c3c4c5c6c7",
    message: toHexText(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ),
    box:
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" +
      "1ae10b594f09e26a7e902ecbd0600691",
  },
  {
    key: "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
    nonce: "000000000102030405060708",
    data: "f33388860000000000004e91",
    message:
      "496e7465726e65742d4472616674732061726520647261667420646f63756d656e74732076616c696420666f722061206d6178696d756d206f6620736978206d" +
      "6f6e74687320616e64206d617920626520757064617465642c207265706c616365642c206f72206f62736f6c65746564206279206f7468657220646f63756d65" +
      "6e747320617420616e792074696d652e20497420697320696e617070726f70726961746520746f2075736520496e7465726e65742d4472616674732061732072" +
      "65666572656e6365206d6174657269616c206f7220746f2063697465207468656d206f74686572207468616e206173202fe2809c776f726b20696e2070726f67" +
      "726573732e2fe2809d",
    box:
      "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf" +
      "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4" +
      "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a" +
      "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29" +
      "a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38",
  },
] as const;

/** RFC 4231, test cases 1, 2 and 6. */
export const hmacVectors = [
  {
    key: "0b".repeat(20),
    message: toHexText("Hi There"),
    mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    key: toHexText("Jefe"),
    message: toHexText("what do ya want for nothing?"),
    mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    key: "aa".repeat(131),
    message: toHexText("Test Using Larger Than Block-Size Key - Hash Key First"),
    mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  },
] as const;

function toHexText(text: string): string {
  return Buffer.from(text, "utf8").toString("hex");
}
