// Every text of every page: there in both languages, with the same values, and used.
import { expect, test } from "vitest";
import type { Pair } from "@/words/say";

interface Texts {
  readonly [name: string]: Pair | Texts;
}

const catalogues = import.meta.glob<{ words?: Texts }>(["../**/words.ts", "./*.ts", "!./*.test.ts"], { eager: true });
const sources = import.meta.glob<string>(["../**/*.ts", "../**/*.vue", "!../api/generated/**", "!../**/*.test.ts"], {
  eager: true,
  query: "?raw",
  import: "default",
});

/** But for values, numbers and signs there is nothing to translate: "{procedure} · {step}". */
const isNeutral = ({ zh, en }: Pair): boolean => !/\p{L}/u.test(`${zh}${en}`.replace(/\{\w+\}/g, ""));

const isPair = (value: Pair | Texts): value is Pair => typeof value.zh === "string" && typeof value.en === "string";

function* texts(of: Texts, at: readonly string[] = []): Generator<[readonly string[], Pair]> {
  for (const [name, value] of Object.entries(of)) {
    if (isPair(value)) yield [[...at, name], value];
    else yield* texts(value, [...at, name]);
  }
}

const all = Object.entries(catalogues).flatMap(([file, { words }]) =>
  words === undefined ? [] : [...texts(words)].map(([path, pair]) => ({ file, path, pair, name: `${file}: ${path.join(".")}` })),
);

const values = (text: string): string => [...new Set(text.match(/\{\w+\}/g))].sort().join(" ");
const names = (failing: (each: (typeof all)[number]) => boolean): string[] => all.filter(failing).map(({ name }) => name);

test("there are texts", () => {
  expect(all.length).toBeGreaterThan(20);
});

test("each stands in both languages, Chinese in Chinese and English without", () => {
  expect(names(({ pair }) => pair.zh.trim() === "" || pair.en.trim() === "")).toEqual([]);
  expect(names(({ pair }) => !/\p{Script=Han}/u.test(pair.zh) && !isNeutral(pair))).toEqual([]);
  expect(names(({ pair }) => /\p{Script=Han}|[，。；：（）“”]/u.test(pair.en))).toEqual([]);
});

test("both languages have the same values", () => {
  expect(names(({ pair }) => values(pair.zh) !== values(pair.en))).toEqual([]);
});

test("each is used where it may be: a page's in its folder, the others anywhere", () => {
  const read = (file: string): string => {
    const folder = file.endsWith("/words.ts") ? file.slice(0, -"words.ts".length) : "";
    return Object.entries(sources).filter(([name]) => name !== file && name.startsWith(folder)).map(([, text]) => text).join("\n");
  };
  const texts = new Map(Object.keys(catalogues).map((file) => [file, read(file)]));
  const isUsed = ({ file, path }: (typeof all)[number]): boolean =>
    path.every((name, at) => {
      const from = at === 0 ? "\\b\\w*[wW]ords" : path[at - 1];
      // By its own name, or by one that is known only when it is read: words.states[state].
      return new RegExp(`${at === 0 ? from : ""}\\.${name}\\b|${from}\\[`).test(texts.get(file) ?? "");
    });
  expect(names((each) => !isUsed(each))).toEqual([]);
});

test("an English word goes with its number: no text says 1 rows", () => {
  expect(names(({ pair }) => /\{(count|rows|items|households|persons|subjects|days|seconds)\} [a-z]+s\b/.test(pair.en))).toEqual([]);
});
