import { expect, it } from "vitest";
import { dayNumber, dayScale, linear, months } from "@/parts/picture/scale";

it("places values between nothing and the most", () => {
  expect([0, 50, 100].map(linear(100, 200))).toEqual([0, 100, 200]);
  expect(linear(0, 200)(0)).toBe(0);
});

it("counts days over leap years and centuries", () => {
  const apart = (a: string, b: string) => dayNumber(b) - dayNumber(a);
  expect(apart("2016-02-28", "2016-03-01")).toBe(2);
  expect(apart("2015-02-28", "2015-03-01")).toBe(1);
  expect(apart("1900-02-28", "1900-03-01")).toBe(1);
  expect(apart("2000-01-01", "2400-01-01")).toBe(146097);
  expect(apart("2013-12-31", "2014-01-01")).toBe(1);
});

it("places days evenly, and one day at the start", () => {
  const at = dayScale("2016-01-01", "2016-12-31", 10, 375);
  expect([at("2016-01-01"), at("2016-12-31")]).toEqual([10, 375]);
  expect(dayScale("2016-01-01", "2016-01-01", 10, 20)("2016-01-01")).toBe(10);
});

it("names as many months as there is room for", () => {
  expect(months("2016-01-05", "2016-03-31", 12)).toEqual(["2016-02-01", "2016-03-01"]);
  expect(months("2014-01-01", "2017-12-31", 8)).toEqual(
    ["2014", "2015", "2016", "2017"].flatMap((year) => [`${year}-01-01`, `${year}-07-01`]),
  );
});
