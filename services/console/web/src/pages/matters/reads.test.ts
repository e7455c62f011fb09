import { expect, test } from "vitest";
import { ofClue } from "@/pages/matters/reads";

const CLUE: Parameters<typeof ofClue>[0] = {
  clue_id: "c1", receipt_no: "990001-20230306-7ZK2M9QA", source: "self_report", channel: "hotline", department: null, item: null,
  reference: null, division: "990001101201", received_in: "990001101201", household_id: null, received_on: "2023-03-06",
  accept_by: "2023-03-09", end_by: "2023-03-21", state: "received", accepted_on: null, late_acceptance: null, refused_for: null,
  answer: null, duplicate_of: null, case_id: null, ended_on: null, late_ending: null,
};
const acts = (changed: Partial<typeof CLUE>) => ofClue({ ...CLUE, ...changed }).acts.map((each) => each.operation);

test("a clue that was received is accepted first, and its household found out", () => {
  expect(ofClue(CLUE).due).toBe("2023-03-09");
  expect(ofClue(CLUE).acts[0]).toEqual({ name: "accept", operation: "accept_clue", path: "/registry/clues/c1/acceptances" });
  expect(acts({})).toContain("identify_clue_household");
});

test("one that was accepted, of a household on record, is forwarded or answered until it ends", () => {
  const accepted = { state: "accepted", household_id: "h1" } as const;
  expect(ofClue({ ...CLUE, ...accepted }).due).toBe("2023-03-21");
  expect(acts(accepted)).toEqual(["forward_clue", "answer_clue"]);
  expect(acts({ ...accepted, state: "answered", ended_on: "2023-03-15" })).toEqual([]);
});
