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
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
    },
  },
);
