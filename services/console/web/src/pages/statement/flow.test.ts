import { expect, it } from "vitest";
import type { Row } from "@/pages/statement/columns";
import { flowOf } from "@/pages/statement/flow";

const none = { households: 0, persons: 0 };
const row = (period: string, figures: Partial<Row>): Row => ({
  period, opening: none, identified: none, returned: none, moved_in: none, transferred_in: none, size_change: none, exited: none, removed: none,
  cancelled: none, moved_out: none, transferred_out: none, closing: none, difference: none, ...figures,
});
const rows = [
  row("2014", { identified: { households: 746, persons: 2073 }, exited: { households: 160, persons: 462 }, removed: { households: 1, persons: 3 }, closing: { households: 585, persons: 1608 } }),
  row("2017", { opening: { households: 585, persons: 1608 }, size_change: { households: 1, persons: -1 }, closing: { households: 586, persons: 1607 } }),
];

it("has a column for each boundary and a band for each figure that is not nothing", () => {
  const { stocks, bands } = flowOf(rows, "households");
  expect(stocks.map((each) => [each.period, each.column, each.value])).toEqual([
    ["2014", "opening", 0], ["2014", "closing", 585], ["2017", "closing", 586],
  ]);
  const flows = bands.filter((each) => each.line !== "carried");
  expect(flows.map((each) => [each.period, each.line, each.value, each.out])).toEqual([
    ["2014", "identified", 746, false], ["2014", "exited", 160, true], ["2014", "removed", 1, true], ["2017", "size_change", 1, false],
  ]);
});

it("puts a change of size on the side of its sign", () => {
  const sides = (unit: "households" | "persons") => flowOf(rows, unit).bands.filter((each) => each.line === "size_change").map((each) => each.out);
  expect([sides("households"), sides("persons")]).toEqual([[false], [true]]);
});

it("makes lengths proportional, keeps what is small in sight, and everything within its frame", () => {
  const { stocks, bands, height } = flowOf(rows, "persons");
  const closing = stocks[1];
  expect((closing?.height ?? 0) / 170).toBeCloseTo(1608 / 2073);
  for (const each of [...bands.flatMap((b) => b.path.match(/[\d.]+ ([\d.]+)/g) ?? [])]) expect(Number(each.split(" ")[1])).toBeLessThanOrEqual(height);
  expect(stocks[0]?.height).toBe(1);
});

it("draws a year in which nothing was", () => {
  expect(flowOf([row("2013", {})], "households").stocks.map((each) => each.height)).toEqual([1, 1]);
});
