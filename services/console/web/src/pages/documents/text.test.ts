import { expect, test } from "vitest";
import { asText } from "@/pages/documents/text";

test("days and decimals are written as such, lists of words on one line, and levels step in", () => {
  const content = {
    procedure: "exit", in_force: { from: { date: "2016-01-01" } }, statuses: ["registered", "returned"], rate: { decimal: "0.5" },
    steps: [{ key: "visit", office: { level: "village" } }], none: [], empty: {}, nothing: null,
  };
  expect(asText(JSON.stringify(content)).split("\n")).toEqual([
    "procedure: exit", "in_force:", "  from: 2016-01-01", "statuses: registered, returned", "rate: 0.5", "steps:", "  -",
    "    key: visit", "    office:", "      level: village", "none: []", "empty: {}", "nothing: —",
  ]);
});
