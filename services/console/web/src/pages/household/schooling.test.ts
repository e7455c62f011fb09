import { expect, test } from "vitest";
import { schoolingAt, schoolingText, type Schooling, type SchoolingPeriod } from "@/pages/household/schooling";

const said = (name: string): Schooling =>
  ({
    school_name: name, school_code: "2199000101", stage: "primary", grade: 3, class_no: null, boarding: true, dropped_out: false,
    ended_because: null, ended_on: null,
  }) as unknown as Schooling;
const periods = [
  { person_id: "a", schooling: said("一校"), valid_from: "2015-09-01", valid_to: "2017-09-01", known_from: "2016-01-05", known_to: null },
  { person_id: "a", schooling: said("二校"), valid_from: "2017-09-01", valid_to: null, known_from: "2017-10-01", known_to: "2018-01-02" },
  { person_id: "a", schooling: said("三校"), valid_from: "2017-09-01", valid_to: null, known_from: "2018-01-02", known_to: null },
] as unknown as SchoolingPeriod[];

test.each([
  ["2015-08-31", "2018-06-01", undefined],
  ["2015-09-01", "2016-01-04", undefined],
  ["2015-09-01", "2016-01-05", "一校"],
  ["2017-08-31", "2018-06-01", "一校"],
  ["2017-09-01", "2018-01-01", "二校"],
  ["2017-09-01", "2018-01-02", "三校"],
])("on %s, as known on %s, the pupil is at %s", (asOf, knownAt, school) => {
  expect(schoolingAt(periods, "a", { asOf, knownAt })?.school_name).toBe(school);
  expect(schoolingAt(periods, "b", { asOf, knownAt })).toBeNull();
});

test("school, grade and boarding are said, and nothing where nothing was said", () => {
  expect(schoolingText(said("一校"))).toMatch(/^一校 · /);
  expect(schoolingText(said("一校"))).toMatch(/寄宿|boards/);
  expect(schoolingText(null)).toBe("");
});
