import { expect, test } from "vitest";
import { daysBetween, endOfWeek, isDay } from "@/parts/days";

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

test.each(["2014-05-20", "2016-02-29", "2000-02-29", "1900-01-01", "9999-12-31"])("%s is a day", (text) => expect(isDay(text)).toBe(true));
test.each(["2015-02-29", "1900-02-29", "2014-13-01", "2014-00-10", "2014-04-31", "2014-5-2", "20140520", "today", "", "1899-12-31"])(
  "%s is none",
  (text) => expect(isDay(text)).toBe(false),
);
