// What a reader's eye misses and the types know. Layout is not its business: Biome and clang-format lay out.

import tseslint from "typescript-eslint";

export default tseslint.config(
  // the SDK's platforms are checked under the SDK's declarations (tools/sdk/compile.js)
  { ignores: ["build/", "data/", "node_modules/", "platform/sdk/", "**/*.js", "**/*.d.ts"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: "tsconfig.node.json", tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // noUncheckedIndexedAccess makes every index possibly undefined; "!" says that the code around it has looked
      "@typescript-eslint/no-non-null-assertion": "off",
      // "return this.#stop();" ends a function that gives nothing with one that gives nothing
      "@typescript-eslint/no-confusing-void-expression": "off",
      // what an interface says can change while somebody waits for it; narrowing does not know
      "@typescript-eslint/no-unnecessary-condition": "off",
      // a platform's functions are handed around one by one (firmware/platform.ts): none of them uses `this`
      "@typescript-eslint/unbound-method": "off",
      // callbacks of ECMA-419's classes get the device as `this`, and need the driver too
      "@typescript-eslint/no-this-alias": "off",
      // an interface asks for a promise where one implementation need not wait
      "@typescript-eslint/require-await": "off",
      // texts are taken apart by code point on purpose
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
      // the scanner throws to leave its recursion, and catches it itself: an Error would take its stack along
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "file", name: "Malformed" }], allowThrowingUnknown: true }],
      "@typescript-eslint/no-invalid-void-type": "off",
      // one interface, two clocks: the cast says which one a virtual run has
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
    },
  },
  {
    // modules of the self-test do what nobody should, to show what comes of it
    files: ["platform/xs/selftest/**"],
    rules: {
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  { files: ["test/**"], rules: { "@typescript-eslint/no-deprecated": "off" } },
);
