// What a page may do, beside style: the house's floors, and traps that a reviewer would have to remember.
import { readdirSync } from "node:fs";
import accessibility from "eslint-plugin-vuejs-accessibility";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

const folders = (path) =>
  readdirSync(new URL(path, import.meta.url), { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => name);

/** Imports of `files`: the libraries that every page may use, and these folders of `src/`, by their `@/` name. */
function floor(files, ...own) {
  const [libraries, places] = ["vue|vue-router|@tanstack/vue-query|vitest|@vue/test-utils", own.map((each) => `@/${each}`)];
  const regex = `^(?!(?:${libraries})$|(?:@testing|${places.join("|")})/)`;
  const message = `Only ${places.join(", ")} may be imported here, by these names.`;
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [{ regex, message }] }] } };
}

const CIVIL_DATE = "Days are strings (2014-05-20); an instant goes straight into a DateTimeFormat of Asia/Shanghai.";
const MONEY = "Money and figures with a point are decimal strings, and are never calculated with here.";
const AMOUNT = "/amount|price|money|yuan|fund|income|budget|sum$|rate$|area/i";
const SIGNS = "(),.&+-=*/#%!?:;[]{}<>·•—–→←↑↓×÷|…✓✗✕＋▲▼△▽●○■□◆◇§立"; // Chinese ones are said by words/say.ts, in the reader's language
const CHINESE = "/^(?!.*立卡 Lika$|中文$).*[一-鿿，。；：、（）「」《》]/"; // but for the house's name, and that of the language
const HAN = {
  selector: `:matches(Literal[value=${CHINESE}], TemplateElement[value.raw=${CHINESE}])`,
  message: "Texts stand in words.ts, in both languages.",
};
const traps = [
  { selector: "NewExpression[callee.name='Date'][arguments.length>0] > :matches(Literal, TemplateLiteral).arguments", message: CIVIL_DATE },
  { selector: ":not(CallExpression[callee.property.name='format']) > NewExpression[callee.name='Date'][arguments.length>0]", message: CIVIL_DATE },
  { selector: "[callee.property.name='DateTimeFormat']:not(:has(Property[key.name='timeZone']))", message: CIVIL_DATE },
  { selector: "CallExpression[callee.property.name=/^toLocale(Date|Time)?String$/]", message: CIVIL_DATE },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='parse']", message: CIVIL_DATE },
  { selector: `CallExpression[callee.name=/^(Number|parseInt)$/] :matches(Identifier[name=${AMOUNT}], MemberExpression[property.name=${AMOUNT}])`, message: MONEY },
  { selector: `UnaryExpression[operator='+'] > :matches(Identifier[name=${AMOUNT}], MemberExpression[property.name=${AMOUNT}])`, message: MONEY },
  { selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]", message: "Text is text." },
];
const STORAGE = { message: "What a browser keeps outlives signing out: words/say.ts keeps the language, api/session.ts the account." };
const FETCH = { message: "Requests go through @/api, which says for whom they are." };
const globals = [
  { name: "parseFloat", message: MONEY },
  ...["fetch", "XMLHttpRequest", "EventSource", "WebSocket"].map((name) => ({ name, ...FETCH })),
  ...["localStorage", "sessionStorage", "indexedDB", "caches"].map((name) => ({ name, ...STORAGE })),
];
const TITLE = { object: "document", property: "title", message: "A title names the page and never whom it shows: routes.ts sets it." };
const properties = [
  ...globals.flatMap(({ name: property, message }) =>
    ["window", "globalThis", "self"].map((object) => ({ object, property, message })),
  ),
  { object: "Number", property: "parseFloat", message: MONEY },
  { object: "document", property: "cookie", ...STORAGE },
];

/** `files` may use these globals, and nothing else that is kept from the others. */
const allow = (files, ...names) => ({
  files,
  rules: {
    "no-restricted-globals": ["error", ...globals.filter(({ name }) => !names.includes(name))],
    "no-restricted-properties": ["error", ...properties.filter(({ property }) => !names.includes(property)), TITLE],
  },
});

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
      "max-lines": ["error", 300],
      "vue/no-v-html": "error",
      "vue/no-v-text-v-html-on-component": "error",
      "vue/no-bare-strings-in-template": ["error", { allowlist: [...SIGNS, "立卡", "Lika"] }],
      "no-eval": "error",
      "no-new-func": "error",
      "no-restricted-syntax": ["error", ...traps, HAN],
      "vue/no-restricted-syntax": ["error", ...traps, HAN],
      "no-restricted-globals": ["error", ...globals],
      "no-restricted-properties": ["error", ...properties, TITLE],
    },
  },
  floor(["src/words/**"], "words"),
  floor(["src/api/**"], "words", "api"),
  floor(["src/parts/**"], "words", "api", "parts"),
  ...folders("src/pages/").map((name) => floor([`src/pages/${name}/**`], "words", "api", "parts", `pages/${name}`)),
  { files: ["src/api/ask.ts"], rules: { "no-restricted-imports": "off" } }, // openapi-fetch is known here alone
  { files: ["**/words.ts", "src/words/*.ts", "**/*.test.ts", "testing/**", "eslint.config.js"], rules: { "no-restricted-syntax": ["error", ...traps] } },
  { files: ["src/parts/days.ts", "src/parts/civil.ts"], rules: { "no-restricted-syntax": ["error", HAN] } }, // the calendar's arithmetic
  allow(["src/api/**"], "fetch", "XMLHttpRequest"),
  allow(["src/api/session*.ts"], "fetch", "sessionStorage"),
  allow(["src/words/say*.ts"], "localStorage"),
  allow(["src/words/labels.ts", "src/shell/build.ts"], "fetch"),
  { files: ["src/routes.ts", "src/App.vue"], rules: { "no-restricted-properties": ["error", ...properties] } },
);
