import { expect, test } from "vitest";
import { isDay } from "@/parts/days";

test.each(["2014-05-20", "2016-02-29", "2000-02-29", "1900-01-01", "9999-12-31"])("%s is a day", (text) => expect(isDay(text)).toBe(true));
test.each(["2015-02-29", "1900-02-29", "2014-13-01", "2014-00-10", "2014-04-31", "2014-5-2", "20140520", "today", "", "1899-12-31"])(
  "%s is none",
  (text) => expect(isDay(text)).toBe(false),
);
