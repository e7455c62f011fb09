import { ref } from "vue";
import { expect, test } from "vitest";
import type { Case } from "@/pages/review/reads";
import { useTaking } from "@/pages/review/taking";

function caseOf(id: string, changed: Partial<Case> = {}): Case {
  return {
    case_id: id, subject: id, household_id: id, national_no: id, standing: "poverty_status", procedure: "exit", edition: "2016",
    division: "990001101201", opened_on: "2016-05-01", latest_on: "2016-06-01", due: "decision", notice_ends: null, objections: 0,
    returned: false, make_good_by: null, waits_for_level: "county", waits_for_role: "decider", outcome: null, flags: [], ...changed,
  };
}

const LISTED = [
  caseOf("1", { flags: ["open_findings"] }), caseOf("2", { objections: 1 }), caseOf("3", { returned: true }), caseOf("4"), caseOf("5"),
];

test("nothing is taken in by itself, and a group is taken in without its exceptions", () => {
  const { taken, takeClean, exceptions, isWholeGroup } = useTaking(() => LISTED);
  expect(taken.value).toEqual([]);
  takeClean(true);
  expect(taken.value.map((each) => each.case_id)).toEqual(["4", "5"]);
  expect(exceptions.value.map((each) => each.case_id)).toEqual(["1", "2", "3"]);
  expect(isWholeGroup.value).toBe(true);
});

test("an exception that was looked at is taken in by itself, and one of the group is left out", () => {
  const { taken, takeClean, toggle, isWholeGroup } = useTaking(() => LISTED);
  takeClean(true);
  toggle("1");
  toggle("5");
  expect(taken.value.map((each) => each.case_id)).toEqual(["1", "4"]);
  expect(isWholeGroup.value).toBe(false);
});

test("what was decided meanwhile is in no batch any more", () => {
  const listed = ref(LISTED);
  const { taken, takeClean } = useTaking(() => listed.value);
  takeClean(true);
  listed.value = LISTED.slice(0, 4);
  expect(taken.value.map((each) => each.case_id)).toEqual(["4"]);
});

test("what becomes an exception after it was ticked is in no batch until it is ticked again", () => {
  const listed = ref(LISTED);
  const { taken, dropped, isTaken, takeClean, toggle } = useTaking(() => listed.value);
  takeClean(true);
  listed.value = [...LISTED.slice(0, 4), caseOf("5", { flags: ["changed_since_review"] })];
  expect(taken.value.map((each) => each.case_id)).toEqual(["4"]);
  expect(dropped.value.map((each) => each.case_id)).toEqual(["5"]);
  expect(isTaken("5")).toBe(false);
  toggle("5");
  expect(taken.value.map((each) => each.case_id)).toEqual(["5", "4"]);
  expect(dropped.value).toEqual([]);
});
