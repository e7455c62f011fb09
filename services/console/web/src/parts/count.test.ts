import { afterEach, expect, test } from "vitest";
import { count, unitOf } from "@/parts/count";
import { choose } from "@/words/say";

afterEach(() => {
  choose("zh");
});

test("one thing is said as one in English, with its sign, and in Chinese as ever", () => {
  const visits = { zh: "户次", en: "visits to households" };
  expect(unitOf(1, visits)).toBe("户次");
  choose("en");
  expect([1, "1.00", -1, 0, 21, "1.50"].map((amount) => unitOf(amount, visits))).toEqual([
    "visit to households", "visit to households", "visit to households", ...Array<string>(3).fill("visits to households"),
  ]);
  expect(unitOf(1, { zh: "百分点", en: "per cent" })).toBe("per cent");
  expect(`${count(-1200, true)} ${unitOf(-1200, { zh: "人", en: "persons" })}`).toBe("−1,200 persons");
});
