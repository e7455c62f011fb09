import { expect, test } from "vitest";
import { problem } from "@testing/house";
import { noConnection, notUnderstood, refusalOf } from "@/api/refusal";

const refusal = (status: number) => refusalOf(status, problem("any", status).body);

test.each([
  [401, false, false],
  [403, false, false],
  [408, true, false],
  [409, false, false],
  [422, false, false],
  [429, true, false],
  [500, true, true],
  [503, true, true],
])("%i: may pass %s, may have been recorded %s", (status, passing, recorded) => {
  expect(refusal(status).isPassing).toBe(passing);
  expect(refusal(status).mayBeRecorded).toBe(recorded);
});

test("only an ended session is mended by signing in", () => {
  expect([401, 403, 503].map((status) => refusal(status).isSessionEnded)).toEqual([true, false, false]);
});

test.each([null, "text", {}, { code: "x" }, []])("%j is no problem, whatever the status says", (body) => {
  expect(refusalOf(404, body).problem).toMatchObject({ code: "not_understood", status: 0 });
});

test("what never reached a service is told in both languages, and may pass", () => {
  for (const each of [noConnection(), notUnderstood(502)]) {
    const { zh, en } = each.pair;
    expect(each.problem.detail).toBe(`${zh}\n${en}`);
    expect(each.isPassing && each.mayBeRecorded).toBe(true);
  }
});
