import { expect, test } from "vitest";
import { behind, newerThan } from "@/parts/facts_behind";

const ID = "00000000-0000-4000-8000-000000000001";

test("a command is decided on what stands behind its household, its case, or the household that a case is opened about", () => {
  expect(behind(`/registry/households/${ID}/surveys`)).toBe(`/registry/households/${ID}`);
  expect(behind(`/registry/households/${ID}/members/${ID}/deaths`)).toBe(`/registry/households/${ID}`);
  expect(behind(`/assistance/cases/${ID}/visits`)).toBe(`/assistance/cases/${ID}`);
  expect(behind("/registry/cases", { subject: ID })).toBe(`/registry/households/${ID}`);
});

test("of anything else nothing is said", () => {
  for (const path of ["/registry/cases", "/registry/cases/batches", "/registry/divisions/990001/names", "/registry/households"])
    expect(behind(path)).toBe("");
});

test("what was recorded since is newer by its version, not by its place in the list", () => {
  const fact = (version: number) => ({ id: `registry/case-${ID}/${version}`, type: "t", on: "2018-01-01", at: "/" });
  expect(newerThan([fact(2), fact(10), fact(9)], fact(9).id)).toEqual([fact(10)]);
});
