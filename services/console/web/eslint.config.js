import accessibility from "eslint-plugin-vuejs-accessibility";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules/", "src/api/generated/"] },
  ...ts.configs.strict,
  ...vue.configs["flat/recommended"],
  ...accessibility.configs["flat/recommended"],
  { files: ["**/*.vue"], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      "vue/multi-word-component-names": "off", // pages are called page.vue, in a folder that names them
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/require-default-prop": "off", // the types say what may be missing
      "vuejs-accessibility/label-has-for": ["error", { required: { some: ["nesting", "id"] } }],
      "no-restricted-globals": ["error", { name: "parseFloat", message: "money is a decimal string" }],
      "max-lines": ["error", 300],
      "vue/no-v-html": "error",
    },
  },
);
