import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

/** A layer imports only from the layers below it: core ← api ← ui ← console. */
const above = (files, names) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: names.map((name) => ({ group: [name, `${name}/*`], message: "Import upwards." })) },
    ],
  },
});

export default ts.config(
  { ignores: ["**/node_modules/**", "api/src/schema.ts", "test-results/**"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/dot-notation": "off", // the compiler asks for brackets on index signatures
    },
  },
  { files: ["**/*.tsx"], ...a11y.flatConfigs.strict },
  { files: ["**/*.{ts,tsx}"], plugins: { "react-hooks": hooks }, rules: hooks.configs.recommended.rules },
  {
    files: ["*/test/**"],
    rules: {
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
    },
  },
  above(["core/src/**"], ["react", "react-dom", "react-aria-components", "@ringdown/api", "@ringdown/ui", "@ringdown/console"]),
  above(["api/src/**"], ["react", "react-dom", "react-aria-components", "@ringdown/ui", "@ringdown/console"]),
  above(["ui/src/**"], ["@ringdown/api", "@ringdown/console"]),
  above(["console/src/**"], ["react-aria-components"]),
  // Pages for phones carry nothing of the console.
  above(["caller/src/**", "responder/src/**"], ["react", "react-dom", "react-aria-components", "@ringdown/core", "@ringdown/api", "@ringdown/ui", "@ringdown/console"]),
  {
    files: ["dev/**", "caller/dev/**", "eslint.config.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", Buffer: "readonly", URL: "readonly", setTimeout: "readonly", setInterval: "readonly", clearInterval: "readonly", clearTimeout: "readonly", structuredClone: "readonly" } },
  },
);
