import { afterEach, expect, test } from "vitest";
import { aside, both, choose, clauses, filled, language, listed, listedPairs, named, pairOf, say } from "@/words/say";

const rows = { zh: "{name}：{count} 行", en: "{name}: {count} rows" };
afterEach(() => {
  choose("zh");
});

test("Chinese first, English when chosen, and the page says in which language it is", () => {
  expect(say(rows, { name: "农户", count: 0 })).toBe("农户：0 行");
  choose("en");
  expect(say(rows, { name: "Households", count: 2 })).toBe("Households: 2 rows");
  expect(document.documentElement.lang).toBe("en");
  choose("zh");
  expect(document.documentElement.lang).toBe("zh-CN");
});

test("the choice outlives the tab, and nothing else is kept", () => {
  choose("en");
  expect({ ...localStorage }).toEqual({ "lika-language": "en" });
  expect(language.value).toBe("en");
});

test("a value that is missing leaves its place to be seen; a value is never filled in twice", () => {
  expect(filled(rows, { name: "{count}", count: 1 }).en).toBe("{count}: 1 rows");
  expect(say(rows)).toBe("{name}：{count} 行");
});

test("an English word goes with its number", () => {
  const entries = { zh: "{count} 项", en: "{count} {count|entry|entries}" };
  expect(filled(entries, { count: 1 })).toEqual({ zh: "1 项", en: "1 entry" });
  expect([filled(entries, { count: 0 }).en, filled(entries, { count: "21" }).en]).toEqual(["0 entries", "21 entries"]);
});

test("both at once, Chinese first", () => {
  expect(both({ zh: "重试", en: "Try again" })).toBe("重试 / Try again");
});

test("a description of the interface is a pair, at its first stroke", () => {
  expect(pairOf("是/否 / yes / no")).toEqual({ zh: "是/否", en: "yes / no" });
  expect(pairOf("ISO 8601")).toEqual({ zh: "ISO 8601", en: "ISO 8601" });
});

test("signs between words are the reader's, too", () => {
  const signs = (): string[] => [listed(["a", "b"]), clauses("a", "", "b"), named("a", "b"), `a${aside("b")}`];
  expect(signs()).toEqual(["a、b", "a，b", "a：b", "a（b）"]);
  choose("en");
  expect(signs()).toEqual(["a, b", "a, b", "a: b", "a (b)"]);
  expect(listedPairs([{ zh: "户", en: "household" }, { zh: "人", en: "person" }])).toEqual({ zh: "户、人", en: "household, person" });
});
