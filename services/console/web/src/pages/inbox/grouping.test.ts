import { expect, test } from "vitest";
import { grouped, spanOf } from "@/pages/inbox/grouping";
import type { Entry } from "@/pages/inbox/reads";

function entry(id: string, changed: Partial<Entry> = {}): Entry {
  const why = { code: "duty_overdue", zh: "应于2014-07-05前完成", en: "was to be done by 2014-07-05" };
  return {
    id, service: "assistance", kind: "overdue", since: "2014-07-06", due_by: "2014-07-05", division: "990001101201",
    subject: id, household_id: id, national_no: id, why, act: null, may: false, refused_by: null, details: {}, ...changed,
  };
}

test("what says the same of many households of one village stands together, with each of them in it", () => {
  const found = grouped([entry("1"), entry("2", { division: "990001101202" }), entry("3")]);
  expect(found.map((group) => group.entries.map((each) => each.id))).toEqual([["1", "3"], ["2"]]);
});

test("what is about no household is never taken for another", () => {
  expect(grouped([entry("1", { household_id: null }), entry("2", { household_id: null })])).toHaveLength(2);
});

test("the last day itself is today's, a week ends on its Sunday, and no day is a part of its own", () => {
  const today = "2016-02-26"; // a Friday
  const days = ["2016-02-25", "2016-02-26", "2016-02-27", "2016-02-28", "2016-02-29", null];
  expect(days.map((day) => spanOf(day, today))).toEqual(["today", "today", "week", "week", "later", "open"]);
});
