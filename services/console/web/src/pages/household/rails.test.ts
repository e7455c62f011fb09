import { expect, test } from "vitest";
import { laneOf, rails, segments } from "@/pages/household/rails";
import type { Fact } from "@/pages/household/times";

const fact = (id: string, caused_by: string | null = null): Fact => ({ id, caused_by }) as unknown as Fact;

test("a line leads from a cause through what lies between to each effect", () => {
  const drawn = rails([fact("registry/a/1"), fact("registry/a/2"), fact("assistance/b/1", "registry/a/1"), fact("assistance/b/2", "registry/a/1")]);
  expect(drawn).toEqual(["0.0.1.from", "0.1.1.", "0.1.1.into", "0.1.0.into"]);
  expect(segments(drawn[2] ?? "")).toEqual([{ track: 0, up: true, down: true, end: "into" }]);
});

test("lines that run beside one another have tracks of their own, and give them back", () => {
  const drawn = rails([fact("r/1"), fact("r/2"), fact("r/3", "r/1"), fact("r/4", "r/2"), fact("r/5"), fact("r/6", "r/5")]);
  expect(drawn[1]).toBe("0.1.1. 1.0.1.from");
  expect(drawn[5]).toBe("0.1.0.into");
});

test("an effect may stand above its cause, and a cause that is not listed draws nothing", () => {
  expect(rails([fact("r/2", "r/1"), fact("r/1"), fact("r/3", "elsewhere/1")])).toEqual(["0.0.1.into", "0.1.0.from", ""]);
});

test("each service has its lane", () => {
  expect(["registry/a/1", "assistance/a/1", "monitoring/a/1"].map(laneOf)).toEqual([0, 1, 2]);
});
