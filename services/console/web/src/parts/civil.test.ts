import { expect, test } from "vitest";
import { daysBetween, endOfWeek } from "@/parts/civil";

test("days between two days, over the ends of months and leap years", () => {
  expect(daysBetween("2016-02-28", "2016-03-01")).toBe(2);
  expect(daysBetween("2015-02-28", "2015-03-01")).toBe(1);
  expect(daysBetween("2016-03-01", "2016-03-01")).toBe(0);
  expect(daysBetween("2017-01-01", "2016-12-31")).toBe(-1);
});

test("a week ends on its Sunday, which is its own end", () => {
  expect(endOfWeek("2016-02-27")).toBe("2016-02-28");
  expect(endOfWeek("2016-02-28")).toBe("2016-02-28");
  expect(endOfWeek("2016-02-29")).toBe("2016-03-06");
});
