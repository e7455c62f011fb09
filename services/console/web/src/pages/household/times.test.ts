import { expect, test } from "vitest";
import { changes, shownFacts, snapshotAt, stopAt, stops, voidBy, type Fact, type Periods, type Snapshot } from "@/pages/household/times";

const said = (status: string): Snapshot => ({ status, members: [] }) as unknown as Snapshot;
const periods = {
  today: "2018-01-02",
  snapshots: [said("registered"), said("exited")],
  periods: [
    { snapshot: 0, valid_from: "2014-06-05", valid_to: null, known_from: "2014-06-05", known_to: "2015-11-17", learned_by: ["r/1"] },
    { snapshot: 0, valid_from: "2014-06-05", valid_to: "2015-11-01", known_from: "2015-11-17", known_to: null, learned_by: ["r/2"] },
    { snapshot: 1, valid_from: "2015-11-01", valid_to: null, known_from: "2015-11-17", known_to: "2018-01-02", learned_by: ["r/2"] },
    { snapshot: 0, valid_from: "2015-11-01", valid_to: null, known_from: "2018-01-02", known_to: null, learned_by: ["r/3"] },
  ],
} as unknown as Periods;
const status = (of: Snapshot | null): string => of?.status ?? "";

test.each([
  ["2014-06-04", "2018-01-02", ""],
  ["2014-06-05", "2014-06-04", ""],
  ["2015-11-01", "2015-11-16", "registered"],
  ["2015-10-31", "2015-11-17", "registered"],
  ["2015-11-01", "2015-11-17", "exited"],
  ["2015-11-01", "2018-01-01", "exited"],
  ["2015-11-01", "2018-01-02", "registered"],
])("on %s, as known on %s, it is %s", (asOf, knownAt, expected) => {
  expect(status(snapshotAt(periods, asOf, knownAt))).toBe(expected);
});

test("a comparison tells each time that it was learned otherwise, whichever day comes first", () => {
  const between = [
    { was: "registered", is: "exited", learnedOn: "2015-11-17", learnedBy: ["r/2"] },
    { was: "exited", is: "registered", learnedOn: "2018-01-02", learnedBy: ["r/3"] },
  ];
  const asOf = "2016-01-01";
  expect(changes(periods, { asOf, knownAt: "2018-01-02", compare: "2015-01-01" }, status)).toEqual(between);
  expect(changes(periods, { asOf, knownAt: "2015-01-01", compare: "2018-01-02" }, status)).toEqual(between);
  expect(changes(periods, { asOf, knownAt: "2018-01-02", compare: "2018-01-01" }, status)).toEqual(between.slice(1));
  expect(changes(periods, { asOf: "2015-01-01", knownAt: "2018-01-02", compare: "2015-01-01" }, status)).toEqual([]);
  expect(changes(periods, { asOf, knownAt: "2018-01-02", compare: "" }, status)).toEqual([]);
});

test("that it was not on record yet is a change as well", () => {
  const found = changes(periods, { asOf: "2016-01-01", knownAt: "2014-06-05", compare: "2014-01-01" }, status);
  expect(found).toEqual([{ was: "", is: "registered", learnedOn: "2014-06-05", learnedBy: ["r/1"] }]);
});

const fact = (effective_on: string, recorded_on: string, more = {}): Fact =>
  ({ effective_on, learned: { recorded_on }, void: [], ...more }) as unknown as Fact;

test("what was learned later or is effective later is counted and not shown", () => {
  const facts = [fact("2014-01-01", "2014-01-01"), fact("2014-01-02", "2014-01-02"), fact("2014-01-02", "2014-01-03")];
  const shown = shownFacts(facts, { asOf: "2014-01-01", knownAt: "2014-01-02", compare: "" });
  expect(shown).toEqual({ facts: facts.slice(0, 1), later: { learned: 1, effective: 1 } });
});

test("a fact is void while it is known to be, and stands again after that", () => {
  const annulled = fact("2014-01-01", "2014-01-01", { void: [{ since: "2014-02-01", until: "2014-03-01", by: "r/9" }] });
  expect(["2014-01-31", "2014-02-01", "2014-02-28", "2014-03-01"].map((day) => voidBy(annulled, day))).toEqual([null, "r/9", "r/9", null]);
});

test("a slider rests at the last stop that is not after the day", () => {
  const days = stops(["2014-02-01", "2014-01-01", "2014-02-01"], "2018-01-02");
  expect(days).toEqual(["2014-01-01", "2014-02-01", "2018-01-02"]);
  expect(["2013-12-31", "2014-01-01", "2014-01-31", "2014-02-01", "2019-01-01"].map((day) => stopAt(days, day))).toEqual([0, 0, 0, 1, 2]);
});
