import test from "ava";
import { walk } from "../../tools/build/graph.js";
import type { Loader } from "../../tools/build/graph.js";
import { ASAN_VARIANT, HOST_VARIANT, PRODUCT_VARIANT, programs } from "../../tools/build/sources.js";
import { loadModule } from "../../tools/build/transpile.js";
import { checkManifest, manifests, namedBy } from "../../tools/sdk/manifests.js";

/** A tree of modules that exists only here. */
function tree(modules: Readonly<Record<string, readonly string[]>>): Loader {
  return (specifier, importedBy) => {
    const imports = modules[specifier];
    if (imports === undefined) throw new Error(`${importedBy}: there is no module ${specifier}`);
    return Promise.resolve({ specifier, path: `${specifier}.ts`, code: "", imports });
  };
}

test("the shortest chain of imports to what the ballot image must not contain is named", async (t) => {
  const loader = tree({
    "platform/xs/main-ballot": ["../../firmware/roles/ballot.js"],
    "firmware/roles/ballot": ["../session/long.js", "../sync/sync.js"],
    "firmware/session/long": ["./longer.js"],
    "firmware/session/longer": ["../roll/search.js"],
    "firmware/sync/sync": ["../roll/roll.js"],
  });
  await t.throwsAsync(walk("ballot", "platform/xs/main-ballot", loader), {
    name: "ForbiddenImport",
    message:
      "forbidden import: the ballot image must not contain firmware/roll\n  platform/xs/main-ballot\n  -> firmware/roles/ballot\n  -> firmware/sync/sync\n  -> firmware/roll/roll",
  });
});

test("the identity image must not contain vault, session, cast or tally", async (t) => {
  for (const folder of ["vault", "session", "cast", "tally"])
    await t.throwsAsync(
      walk(
        "identity",
        "platform/xs/main-identity",
        tree({ "platform/xs/main-identity": [`../../firmware/${folder}/x.js`] }),
      ),
      {
        message: new RegExp(`the identity image must not contain firmware/${folder}\n`),
      },
    );
});

test("a name that only begins like a forbidden folder is allowed", async (t) => {
  const modules = await walk(
    "ballot",
    "platform/xs/main-ballot",
    tree({ "platform/xs/main-ballot": ["../../firmware/rollback.js"], "firmware/rollback": [] }),
  );
  t.deepEqual(
    modules.map(({ specifier }) => specifier),
    ["platform/xs/main-ballot", "firmware/rollback"],
  );
});

const BROKEN: readonly (readonly [string, string, string, RegExp])[] = [
  ["firmware imports a driver", "firmware/session/a", "../../drivers/printer/printer.js", /dependencies point down/],
  ["firmware imports a screen", "firmware/vault/a", "../../ui/screens/idle.js", /dependencies point down/],
  ["ui imports the platform", "ui/a", "../platform/xs/loop.js", /no platform/],
  ["a driver imports a native", "drivers/a", "./native/b.js", /only platform modules import natives/],
  ["a bare specifier", "firmware/a", "node:fs", /"node:fs" is no package of the product/],
  ["a package of the tools", "drivers/a", "esbuild", /"esbuild" is no package of the product/],
  ["an import without .js", "firmware/a", "./b", /relative imports end in \.js/],
  ["an import of a .ts", "firmware/a", "./b.ts", /relative imports end in \.js/],
  ["an import from outside", "firmware/a", "../../b.js", /leaves the repository/],
];

for (const [name, from, written, why] of BROKEN)
  test(`${name}: refused`, async (t) => {
    await t.throwsAsync(walk("selftest", "entry", tree({ entry: [`./${from}.js`], [from]: [written] })), {
      name: "ForbiddenImport",
      message: why,
    });
  });

const ROOMS_OUTSIDE = ["office", "center", "sim", "tools", "test", "bench"];

test("what works with a terminal or proves one is in no image, whoever imports it", async (t) => {
  for (const room of ROOMS_OUTSIDE) {
    const expected = {
      name: "ForbiddenImport",
      message: `forbidden import: nothing of ${room} is in an image\n  platform/xs/main-x\n  -> platform/xs/a\n  -> ${room}/b`,
    };
    await t.throwsAsync(
      walk(
        "x",
        "platform/xs/main-x",
        tree({ "platform/xs/main-x": ["./a.js"], "platform/xs/a": [`../../${room}/b.js`] }),
      ),
      expected,
    );
    await t.throwsAsync(
      walk("x", "platform/sdk/lin/main-x", tree({ "platform/sdk/lin/main-x": [`../../../${room}/b.js`] })),
      { message: new RegExp(`nothing of ${room} is in an image`) },
    );
    await t.throwsAsync(walk("x", `${room}/main-x`, tree({ [`${room}/main-x`]: [] })), {
      message: `forbidden import: nothing of ${room} is in an image\n  ${room}/main-x`,
    });
  }
  const modules = await walk(
    "x",
    "platform/xs/main-x",
    tree({ "platform/xs/main-x": ["../simple.js"], "platform/simple": [] }),
  );
  t.is(modules.length, 2);
});

test("nor do the SDK's manifests name any of it, in C or otherwise", (t) => {
  t.true(
    [
      "manifest.json",
      "platform/native/manifest.json",
      "platform/sdk/lin/manifest.json",
      "platform/sdk/esp32/manifest.json",
    ].every((path) => manifests().includes(path)),
  );
  for (const path of manifests()) t.notThrows(() => checkManifest(path));
  const text = JSON.stringify({ modules: { "*": ["./loop", "../../../sim/nor.c"], "setup/a": "$(SANDOGH)/tools/a" } });
  t.deepEqual(namedBy("platform/sdk/lin/manifest.json", text), ["platform/sdk/lin/loop", "sim/nor.c", "tools/a"]);
  for (const room of ROOMS_OUTSIDE)
    for (const named of [`../../../${room}/a.c`, `$(SANDOGH)/${room}/a`])
      t.throws(
        () =>
          checkManifest("platform/sdk/esp32/manifest.json", JSON.stringify({ modules: { "*": ["./uart", named] } })),
        { name: "ForbiddenImport", message: new RegExp(`nothing of ${room} is in an image`) },
      );
});

test("the C of ours that is linked into the desktop's programs is the platform's", (t) => {
  for (const variant of [HOST_VARIANT, PRODUCT_VARIANT, ASAN_VARIANT])
    for (const { units } of programs([], variant))
      t.deepEqual(
        units.filter(({ ours, source }) => ours && !source.startsWith("platform/")),
        [],
      );
});

test("firmware/roles may wire drivers and screens, and cycles end", async (t) => {
  const loader = tree({
    "firmware/roles/ballot": ["../../drivers/a.js", "../../ui/b.js", "cbor-x"],
    "drivers/a": ["../ui/b.js"],
    "ui/b": ["../drivers/a.js"],
    "cbor-x": [],
  });
  t.is((await walk("ballot", "firmware/roles/ballot", loader)).length, 4);
});

test("imports are found in what esbuild prints, types are not among them", async (t) => {
  const module = await loadModule("platform/xs/platform", "test");
  t.true(module.imports.includes("./serial.js"));
  t.true(module.imports.includes("../native/crypto.js"));
  t.false(module.imports.some((written) => written.includes("firmware/platform")));
});
